"""Which ways are left, and sheets for drivers."""
