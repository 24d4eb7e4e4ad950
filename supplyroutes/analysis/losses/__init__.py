"""What losing roads would cost: each alone, the worst together, and which to guard."""
