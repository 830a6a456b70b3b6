"""What bad data do to it: real running, disturbed in every way of `gait.simulate.disturbance`."""
