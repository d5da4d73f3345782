"""Text that a spreadsheet program would run as a formula, made inert before it is written."""

from __future__ import annotations

import re

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}([ \u00a0\u202f]\d{3})+)([.,]\d+)?([eE][+-]?\d+)?([ \u00a0\u202f]?%)?")


def inert(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet could take it for a formula; numbers stay numbers."""
    if text.startswith(_STARTS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
