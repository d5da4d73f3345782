"""Words looked for in texts: what a query asks for, where it stands in a text, and each occurrence in its context.

A query is words, all of them wanted, each the beginning of a word of the text ("rappel" finds "rappelé"); "words in
quotation marks" stand as they are; a minus before a word keeps texts with it out. Accents and capitals do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from vigie.verbatim.folding import fold

__all__ = ["Line", "Query", "concordance", "query"]

_TERM = re.compile(r'(-?)(?:"([^"]*)"|«([^»]*)»|“([^”]*)”|(\S+))')
_STARTS = r"(?:^|[^a-z0-9])"  # every engine of regular expressions reads it alike
_BLANKS = r"\s+"
_MOST = 12  # terms


@dataclass(frozen=True, slots=True)
class Query:
    """Regular expressions over folded texts: those that must all be found, and those that must not."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the wanted words stand in a text, in order, none over another.

        >>> query("rappel").spans("On m'a rappelé, sans rappel écrit.")
        [(7, 13), (21, 27)]
        """
        folded, places = _aligned(text)
        hits = sorted((m.start(1), m.end(1)) for pattern in self.wanted for m in re.finditer(pattern, folded))
        spans: list[tuple[int, int]] = []
        for low, high in ((places[low], places[high - 1] + 1) for low, high in hits):
            if not spans or low >= spans[-1][1]:
                spans.append((low, high))
        return spans


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence with what stands before and after it; `text` is the place of its text among those given."""

    text: int
    before: str
    hit: str
    after: str


def query(asked: str) -> Query:
    """What somebody typed, as a query; it never fails: what is no word is passed over.

    >>> query("réponse -robot").unwanted
    ('(?:^|[^a-z0-9])(robot)',)
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for minus, *kinds in _TERM.findall(asked)[:_MOST]:
        words = fold("".join(kinds)).split()
        if any(c.isalnum() for c in "".join(words)):
            (unwanted if minus else wanted).append(f"{_STARTS}({_BLANKS.join(map(re.escape, words))})")
    return Query(tuple(wanted), tuple(unwanted))


def concordance(texts: Iterable[str], asked: Query, *, width: int = 60) -> list[Line]:
    """Every occurrence of the wanted words with at most so many characters around it, sorted by what follows it."""
    found = chain.from_iterable(_lines(k, text, asked, width) for k, text in enumerate(texts))
    return sorted(found, key=lambda line: (fold(line.hit + line.after), line.text))


def _lines(k: int, text: str, asked: Query, width: int) -> Iterator[Line]:
    plain = " ".join(text.split())
    for low, high in asked.spans(plain):
        before, after = plain[max(0, low - width) : low], plain[high : high + width]
        if low > width:
            before = before[before.find(" ") + 1 :]
        if high + width < len(plain):
            after = after[: after.rfind(" ") + 1] or after
        yield Line(k, before, plain[low:high], after)


def _aligned(text: str) -> tuple[str, list[int]]:
    """The folded text, and of each of its characters the place in the text."""
    pieces = [fold(c) for c in text]
    return "".join(pieces), [k for k, piece in enumerate(pieces) for _ in piece]
