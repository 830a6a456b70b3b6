"""The `gait` command: one module a command, its options, its output. Analyses nothing itself."""
