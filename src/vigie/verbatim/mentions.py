"""Brands named in texts: exact names and aliases, and their misspellings where they cannot be another word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vigie.verbatim.folding import fold_word
from vigie.verbatim.ordinary import ordinary_words
from vigie.verbatim.spelling import Near

_WORD = re.compile(r"[^\W_]+|[&+]")
_SEPARATOR = re.compile(r"\s*(?:[,;/|\n•·]|(?<![a-zA-Z])-\s|\.\s|\b(?:et|and|puis|ou|or)\b|&|\+)\s*", re.IGNORECASE)
_JOINED_FROM = 5  # letters: shorter names are not looked for with their words written together
_APART_FROM = 7  # letters: shorter names are not looked for with their word written apart
_AND = {"&": ("&", "et", "and"), "+": ("+", "plus")}


@dataclass(frozen=True, slots=True)
class Mention:
    """A brand named in a text: the index of the text, and where the name stands in it (`text[start:end]`)."""

    text: int
    brand: str
    start: int
    end: int


class Names:
    """The names and aliases of brands, ready to be found in many texts.

    Case, accents, punctuation and blanks do not count, nor whether the words of a name are written together. Names of 5
    to 8 letters bear one misspelling, longer ones two (a letter added, left out, replaced, or swapped with the next),
    shorter ones none. A misspelling is no mention when it is an ordinary word of French or English, or as near to
    another brand. A name that two brands share is a mention of neither.

    Not for brands whose name is an ordinary word in texts about other things: "orange" and "free" are found wherever
    they stand.
    """

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self._brands: dict[str, set[str]] = {}  # words of a name, with a blank between them -> brands
        for brand, aliases in names.items():
            for alias in aliases:
                for key in _spellings(alias):
                    self._brands.setdefault(key, set()).add(brand)
        self._together: dict[str, set[str]] = {}  # the same without blanks
        self._as_words: dict[str, list[list[str]]] = {}
        for key, brands in self._brands.items():
            self._together.setdefault(key.replace(" ", ""), set()).update(brands)
            self._as_words.setdefault(key.replace(" ", ""), []).append(key.split())
        self._most_words = max((key.count(" ") + 1 for key in self._brands), default=0)
        self._near = Near((joined, _borne(joined)) for joined in self._together)
        parts = {part for key in self._brands if " " in key for part in key.split()}
        self._parts, self._near_parts = parts, Near((p, 0 if len(p) < 4 else 1 if len(p) < 6 else 2) for p in parts)
        self._tolerant = Near((joined, _borne_answer(joined)) for joined in self._together)
        self._starts = self._first_words()
        self._is_part: dict[str, bool] = {}
        self._found: dict[tuple[str, ...], str | None] = {}

    def find(self, texts: Sequence[str | None]) -> list[Mention]:
        """Every mention, in the order of the texts and of their places; the longest name goes before those in it."""
        return [
            Mention(index, brand, start, end)
            for index, text in enumerate(texts)
            if text
            for brand, start, end in self._mentions(text)
        ]

    def answer(self, text: str | None) -> tuple[str, ...]:
        """The brands of a short answer to "name a brand", each once, in their order.

        Several brands may be separated by commas, "et", "and", "/", line breaks. An answer that is a name alone bears
        more than a text does: names of 4 and 5 letters one misspelling, longer ones two, and the beginning of a name of
        several words is enough where only one brand begins so.

        Not for sentences: use `find`, which is stricter.
        """
        if not text:
            return ()
        spans = self._mentions(text)
        told = [(start, brand) for brand, start, _ in spans]
        at = 0
        for start, end in [*((s, e) for _, s, e in spans), (len(text), len(text))]:
            told += [(at + place, brand) for place, piece in _pieces(text[at:start]) if (brand := self._whole(piece))]
            at = end
        return tuple(dict.fromkeys(brand for _, brand in sorted(told)))

    def _mentions(self, text: str) -> list[tuple[str, int, int]]:
        places = [(fold_word(m[0]), m.start(), m.end()) for m in _WORD.finditer(text)]
        words = [word for word, _, _ in places]
        found = []
        at = 0
        while at < len(words):
            brand, size = self._at(words, at)
            if brand:
                found.append((brand, places[at][1], places[at + size - 1][2]))
            at += size
        return found

    def _at(self, words: list[str], at: int) -> tuple[str | None, int]:
        """The brand of the longest name that begins at this word, and its number of words; None and 1 for none."""
        most = self._most_words if self._part(words[at]) else 1
        for size in range(min(max(most, 3), len(words) - at), 0, -1):
            window = tuple(words[at : at + size])
            if size > most and not self._apart(window):
                continue
            if window not in self._found:
                self._found[window] = self._named(window)
            brand = self._found[window]
            if brand:
                return brand, size
        return None, 1

    def _apart(self, window: tuple[str, ...]) -> bool:
        joined = "".join(window)
        return len(joined) >= _APART_FROM and joined in self._together and min(map(len, window)) > 1

    def _part(self, word: str) -> bool:
        """May this word be one of a name of several words?"""
        known = self._is_part.get(word)
        if known is None:
            known = self._is_part[word] = word in self._parts or bool(self._near_parts.find(word))
        return known

    def _named(self, window: tuple[str, ...]) -> str | None:
        joined = "".join(window)
        exact = self._brands.get(" ".join(window))
        if exact is None and len(joined) >= _JOINED_FROM and (len(window) == 1 or self._apart(window)):
            exact = self._together.get(joined)
        if exact is not None:
            return _only(exact)
        return self._misspelt(window, joined)

    def _misspelt(self, window: tuple[str, ...], joined: str) -> str | None:
        if len(window) > 1 and not all(self._part(word) for word in window):
            return None
        ordinary = ordinary_words()
        if len(window) == 1 and joined in ordinary:
            return None
        close = [(n, key) for n, key in self._near.find(joined) if self._fits(window, key, ordinary)]
        return _only(set().union(*(self._together[key] for n, key in close if n == close[0][0]))) if close else None

    def _fits(self, window: tuple[str, ...], joined: str, ordinary: frozenset[str]) -> bool:
        """As many words as the name, or one; and no word that differs from the name's, by more than its ending, is an
        ordinary one.
        """
        if len(window) == 1:
            return True
        return any(
            all(
                w == p or w not in ordinary or w.startswith(p) or p.startswith(w)
                for w, p in zip(window, parts, strict=True)
            )
            for parts in self._as_words[joined]
            if len(parts) == len(window)
        )

    def _whole(self, piece: str) -> str | None:
        joined = "".join(fold_word(m[0]) for m in _WORD.finditer(piece))
        if not joined:
            return None
        if joined in self._together:
            return _only(self._together[joined])
        if joined in self._starts:
            return _only(self._starts[joined])
        if joined in ordinary_words():
            return None
        close = self._tolerant.find(joined)
        return _only(set().union(*(self._together[k] for n, k in close if n == close[0][0]))) if close else None

    def _first_words(self) -> dict[str, set[str]]:
        """Beginnings of names of several words, of 4 letters and more and no ordinary words: brand by brand."""
        ordinary = ordinary_words()
        starts: dict[str, set[str]] = {}
        for key, brands in self._brands.items():
            words = key.split()
            for n in range(1, len(words)):
                joined = "".join(words[:n])
                if len(joined) >= 4 and not (n == 1 and joined in ordinary):
                    starts.setdefault(joined, set()).update(brands)
        return starts


def _spellings(alias: str) -> set[str]:
    """The folded words of a name with blanks between them; "&" is also "et" and "and", "+" is also "plus"."""
    keys = [""]
    for match in _WORD.finditer(alias):
        word = fold_word(match[0])
        keys = [f"{key} {each}" for key in keys for each in _AND.get(word, (word,))]
    return {key.strip() for key in keys} - {""}


def _borne(joined: str) -> int:
    """How many misspellings a name bears in a text."""
    return 0 if len(joined) < 5 or not joined.isalpha() else 1 if len(joined) <= 8 else 2


def _borne_answer(joined: str) -> int:
    return 0 if len(joined) < 4 else 1 if len(joined) <= 5 else 2


def _only(brands: set[str]) -> str | None:
    return next(iter(brands)) if len(brands) == 1 else None


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for match in _SEPARATOR.finditer(text):
        yield at, text[at : match.start()]
        at = match.end()
    yield at, text[at:]
