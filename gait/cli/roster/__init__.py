"""`gait roster`: athletes and all that is kept of them, from the command line."""
