"""Figures: one per file, ``(network, result, ax=None) -> Axes``; matplotlib is loaded inside."""
