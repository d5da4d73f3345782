"""Simulated studies, drawn from a truth that is known, to see how often the intervals hold it."""
