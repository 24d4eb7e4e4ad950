"""What to send over the coming days, and where to store before."""
