"""The `gait` command. Knows everybody; analyses nothing itself."""
