"""Dates in English, in the order of Europe and with the month in letters: 22 November 2026, 09:04."""

from __future__ import annotations

DATE_FORMAT = SHORT_DATE_FORMAT = "j\u00a0F\u00a0Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = f"{DATE_FORMAT}, {TIME_FORMAT}"
