"""Dates in French: 22 novembre 2026 à 9 h 04, without a line that ends within the hour."""

from __future__ import annotations

DATE_FORMAT = SHORT_DATE_FORMAT = "j\u00a0F\u00a0Y"
TIME_FORMAT = "G\u00a0\\h\u00a0i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = f"{DATE_FORMAT} à\u00a0{TIME_FORMAT}"
