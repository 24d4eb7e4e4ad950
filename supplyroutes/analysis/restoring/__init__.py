"""What to reopen first, and how much is left as roads are lost."""
