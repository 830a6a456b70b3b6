"""What the command line and the dashboard both do with a runner, a recording and the roster."""
