"""Reading and writing: the CSV folder is the canonical form."""
