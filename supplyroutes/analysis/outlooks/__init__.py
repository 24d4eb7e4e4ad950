"""Stocks under many draws of what is not known."""
