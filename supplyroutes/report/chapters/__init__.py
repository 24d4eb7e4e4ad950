"""The chapters of a report: each takes what is told, and gives its blocks."""
