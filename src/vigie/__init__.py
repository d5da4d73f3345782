"""Vigie: an observatory of customer relations."""

__version__ = "0.1.0"
