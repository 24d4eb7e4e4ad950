"""How sure the picture of a day is."""
