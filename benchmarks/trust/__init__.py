"""What holds when the input is hostile, the process is killed and the disk is full."""
