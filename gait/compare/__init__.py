"""Runs held against other runs: the runner's own baseline, changes, groups."""
