"""Trucks that do not run: fleet, convoys, fear, attacks."""
