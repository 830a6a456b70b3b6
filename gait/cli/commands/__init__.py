"""What can be asked for on the command line.

The work is in the modules of `gait.cli`, imported only when a command needs them, so that `--help`
starts at once.
"""
