"""Stocks day by day: when each town runs dry, and what then stops."""
