"""Text brought to the form in which words are compared: lower case, no accents, plain apostrophes."""

from __future__ import annotations

import functools
import unicodedata

_JOINED = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"}
_QUOTES = dict.fromkeys("’‘ʼ`´′", "'")
_BLANKS = dict.fromkeys("\u00a0\u202f\u2009\u200b\ufeff", " ")


def _table() -> dict[int, str | None]:
    bare: dict[int, str | None] = {}
    for code in [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]:
        first = unicodedata.normalize("NFKD", chr(code).casefold())
        bare[code] = "".join(c for c in first if not unicodedata.combining(c))
    bare.update((code, None) for code in range(0x300, 0x370))
    for known in (_JOINED, _QUOTES, _BLANKS):
        bare.update((ord(c), plain) for c, plain in known.items())
    return bare


_TABLE = _table()


def fold(text: str) -> str:
    """The text in lower case, Latin letters without their accents, ligatures undone, one kind of apostrophe and blank.

    Length may change; use `fold_word` with the positions of words where positions in the text are needed. Letters of
    other scripts stay as they are.
    """
    lower = text.lower()
    return lower if lower.isascii() else lower.translate(_TABLE)


def word_set(text: str) -> frozenset[str]:
    """The words of a text that lists words."""
    return frozenset(text.split())


@functools.lru_cache(maxsize=100_000)
def fold_word(word: str) -> str:
    """One word, folded; repeated words cost nothing."""
    return fold(word)
