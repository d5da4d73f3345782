"""Near spellings: a bounded edit distance, and an index of names that finds the near ones without trying all."""

from __future__ import annotations

import itertools
from collections.abc import Iterable


def distance(one: str, other: str, most: int) -> int:
    """Letters added, left out, replaced or swapped with the next between two words; `most + 1` where there are more."""
    if one == other:
        return 0
    if abs(len(one) - len(other)) > most:
        return most + 1
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if not one or not other:
        return min(len(one) + len(other), most + 1)
    return min(_distance(one, other), most + 1)


def _distance(one: str, other: str) -> int:
    """Optimal string alignment, row by row."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        now = [i]
        for j, b in enumerate(other, start=1):
            best = min(row[j] + 1, now[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            now.append(best)
        before, row = row, now
    return row[-1]


def shortened(word: str, most: int) -> set[str]:
    """The word and what remains of it when up to `most` letters are left out."""
    found = {word}
    for n in range(1, min(most, len(word) - 1) + 1):
        found.update("".join(kept) for kept in itertools.combinations(word, len(word) - n))
    return found


class Near:
    """Words, each with the number of misspellings it bears; two words are near when shortened forms of them meet."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self._bears = {word: most for word, most in words if most > 0}
        self._by_form: dict[str, list[str]] = {}
        for word, most in self._bears.items():
            for form in shortened(word, most):
                self._by_form.setdefault(form, []).append(word)
        self._most = max(self._bears.values(), default=0)
        self._shortest = min((len(w) - m for w, m in self._bears.items()), default=0)
        self._two_from = min((len(w) - 2 for w, m in self._bears.items() if m > 1), default=0)
        self._longest = max((len(w) + m for w, m in self._bears.items()), default=0)

    def find(self, word: str) -> list[tuple[int, str]]:
        """The indexed words that bear the misspellings which make `word` of them, with their number; nearest first."""
        if not self._bears or not self._shortest <= len(word) <= self._longest:
            return []
        most = self._most if len(word) >= self._two_from else 1
        close: set[str] = set()
        for form in shortened(word, min(most, self._most)):
            close.update(self._by_form.get(form, ()))
        told = ((distance(word, other, self._bears[other]), other) for other in close)
        return sorted((n, other) for n, other in told if n <= self._bears[other])
