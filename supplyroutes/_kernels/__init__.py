"""Plain functions over flat sequences: no tables, no labels, no objects."""
