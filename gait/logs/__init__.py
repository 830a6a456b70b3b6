"""What shoes logged by themselves: fetched, put on the host's clock, stored as sessions."""
