"""How long the whole way takes, stage by stage, beside floors that are measured in the same run."""
