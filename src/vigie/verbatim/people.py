"""Names of people, told by what stands beside them and by lists of first names and surnames."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from vigie.verbatim.cues import (
    ANNOUNCED,
    BRANDS,
    CLOSINGS,
    FAMILY,
    INTRODUCED,
    LAST_WORDS,
    MET,
    NEVER_FIRST,
    PARTICLES,
    PLACES_BEFORE,
    POINTERS,
    ROLES,
    SPELT_OTHERWISE,
    SPOKEN,
    THANKS,
    TITLES,
    TRIGGERS,
    VERB_ENDINGS,
)
from vigie.verbatim.folding import fold_word
from vigie.verbatim.languages import ENGLISH, FRENCH
from vigie.verbatim.ordinary import first_names, ordinary_words, surnames

_WORD = re.compile(r"(?:[oO]['’](?=[^\W\d_]{3}))?[^\W\d_]+(?:-[^\W\d_]+)*")
_CAPITALS, _LETTERS = re.compile(r"[A-ZÀ-ÖØ-Þ]"), re.compile(r"[^\W\d_]")
_GAP = re.compile(r"[ \u00a0]{1,2}|\.[ \u00a0]?|['’]")  # what may stand inside a name: "P. Durand"
_AFTER_TITLE = re.compile(r"[ \u00a0]{1,2}|\.[ \u00a0]{0,2}")
_AFTER_CUE = re.compile(r"[ \u00a0]{0,2}(?:[:'’\"«“(,=-]|est|is)?[ \u00a0]{0,2}[\"«“]?")
_ABBREVIATED = frozenset({"m", "mr", "mrs", "ms", "mme", "mmes", "mlle", "dr"})
_RARE_TITLES = frozenset({"maitre", "docteur"})  # also a craft
_MAX_WORDS = 4


@dataclass(frozen=True, slots=True)
class Kept:
    """What is never a name, as a form that finds it."""

    form: re.Pattern[str]


class _Word(NamedTuple):
    """A word at its place, and what it may be."""

    start: int
    end: int
    folded: str
    capital: bool  # begins with a capital where that says something: not in a text all in capitals
    whole: bool  # all in capitals, in a text that is not
    first: bool  # a first name that is hardly anything else
    ambiguous: bool  # a first name that is also a word, a place or a surname
    surname: bool
    ordinary: bool
    kept: bool

    @property
    def known(self) -> bool:
        return self.first or self.ambiguous or self.surname

    @property
    def proper(self) -> bool:
        """Written as a name, and no ordinary word."""
        return self.capital and not self.ordinary

    @property
    def function(self) -> bool:
        return self.folded in FRENCH or self.folded in ENGLISH


@functools.lru_cache(maxsize=16)
def kept(names: frozenset[str]) -> Kept:
    """The names to keep, with some brands that are always kept, as one form. An empty name keeps nothing."""
    every = sorted({*BRANDS, *(n.strip() for n in names if n.strip())}, key=lambda n: (-len(n), n))
    return Kept(re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, every)) + r")(?!\w)", re.IGNORECASE))


def without_names(text: str, keep: Kept, counts: Counter[str]) -> str:
    """The text without names of people; `counts` is added to."""
    line = _Line(text, _words(text, keep))
    pieces, done = [], 0
    for start, end in _merged([*line.names(), *line.signatures()]):
        pieces += [text[done:start], "[name]"]
        counts["name"] += 1
        done = end
    return "".join([*pieces, text[done:]]) if pieces else text


class _Known(NamedTuple):
    """What is known of a word wherever it stands."""

    folded: str
    upper: bool
    first: bool
    ambiguous: bool
    surname: bool
    ordinary: bool


@functools.lru_cache(maxsize=1 << 16)
def _known(word: str) -> _Known:
    """Words come again and again: each is folded and looked up once."""
    ordinary, (clear, ambiguous), family = ordinary_words(), first_names(), surnames()
    folded = fold_word(word)
    parts = folded.split("-")
    several = len(parts) > 1
    first = (folded in clear and word not in SPELT_OTHERWISE) or (
        several and all(p in clear or p in ambiguous for p in parts)
    )
    return _Known(
        folded, len(word) > 2 and word.isupper(), first and folded not in NEVER_FIRST, folded in ambiguous,
        folded in family, folded in ordinary or (several and all(p in ordinary for p in parts)),
    )  # fmt: skip


def _words(text: str, keep: Kept) -> list[_Word]:
    loud = 10 * len(_CAPITALS.findall(text)) > 6 * len(_LETTERS.findall(text))
    guarded = [m.span() for m in keep.form.finditer(text)]
    words = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match[0]
        known = _known(word)
        capital = not loud and word[0].isupper()
        placeholder = text[start - 1 : start] == "[" and text[end : end + 1] in {"]", "_"}
        words.append(
            _Word(
                start, end, known.folded, capital, capital and known.upper, known.first, known.ambiguous,
                known.surname, known.ordinary, placeholder or any(a < end and start < b for a, b in guarded),
            )
        )  # fmt: skip
    return words


@dataclass(frozen=True, slots=True)
class _Line:
    """A text and its words."""

    text: str
    words: list[_Word]

    def names(self) -> list[tuple[int, int]]:
        """Where names stand that their context or a list tells."""
        spans = []
        at = 0
        while at < len(self.words):
            end = self._name_at(at)
            if end:
                start = at - 1 if self._family_before(at, end) else at
                spans.append((self.words[start].start, self.words[end - 1].end))
            at = end or at + 1
        return spans

    def signatures(self) -> list[tuple[int, int]]:
        """Names under a letter: "Cordialement, Paul Durand", at the end of the text or of a line."""
        spans = []
        for match in CLOSINGS.finditer(self.text):
            inside = [w for w in self.words if w.start >= match.start("it") and w.end <= match.end("it")]
            if inside and (inside[0].folded in TITLES or inside[0].folded == "m"):
                inside = inside[1:]
            if 1 <= len(inside) <= _MAX_WORDS and _signs(inside, thanks=match[0].lower().startswith(THANKS)):
                spans.append((inside[0].start, inside[-1].end))
        for match in LAST_WORDS.finditer(self.text):
            inside = [w for w in self.words if w.start >= match.start("it") and w.end <= match.end("it")]
            if len(inside) == 2 and all(w.proper and not w.kept for w in inside) and not inside[0].whole:
                spans.append((inside[0].start, inside[-1].end))
        return spans

    def _name_at(self, at: int) -> int:
        """The index after the last word of the name that begins at this word, or 0 where none begins."""
        word = self.words[at]
        if word.kept or not (word.known or (at and self.words[at - 1].folded in TRIGGERS)):
            return 0
        before = tuple(w.folded for w in self.words[max(0, at - 3) : at])
        gap = self.text[self.words[at - 1].end : word.start] if at else ""
        last = before[-1] if before else ""
        if last in PLACES_BEFORE and len(gap) <= 2 and not (last == "l" and word.first):
            return 0
        if self._titled(at, gap) or self._introduced(at, before, gap):
            return self._end(at, told=True)
        return self._end(at, told=False) if self._named(at, before, gap) else 0

    def _titled(self, at: int, gap: str) -> bool:
        """After "Mme", "Mr", "M." and the like: a word that is no ordinary one, or has a capital, or is a surname."""
        if not at or not _AFTER_TITLE.fullmatch(gap):
            return False
        title, word = self.words[at - 1], self.words[at]
        if title.folded == "m":
            elided = self.text[max(0, title.start - 1) : title.start] in {"'", "’"}
            if elided or not ("." in gap or (title.capital and word.capital)):
                return False
        elif title.folded not in TITLES or (title.folded in _RARE_TITLES and not (word.capital or word.known)):
            return False
        if "." in gap and title.folded not in _ABBREVIATED:
            return False  # the end of a sentence
        if len(word.folded) == 1:
            return word.capital and self._followed(at)
        if word.capital:
            particle = word.folded in PARTICLES and self._followed(at)
            return particle or word.known or not word.function
        pointed = at > 1 and self.words[at - 2].folded in POINTERS  # "ce monsieur insistait"
        return word.known or not (word.ordinary or pointed)

    def _introduced(self, at: int, before: tuple[str, ...], gap: str) -> bool:
        """After "je m'appelle" or "nom :"."""
        word = self.words[at]
        if not before or not _AFTER_CUE.fullmatch(gap) or len(word.folded) < 2:
            return False
        if not word.known and (word.function or (word.ordinary and not word.capital)):
            return False
        if any(before[-len(cue) :] == cue for cue in INTRODUCED):
            return True
        return (word.known or word.proper or ":" in gap) and any(before[-len(cue) :] == cue for cue in ANNOUNCED)

    def _named(self, at: int, before: tuple[str, ...], gap: str) -> bool:
        """A known first name, or a word that may be a name after "mon conseiller" or "merci à"."""
        word = self.words[at]
        if word.first and (word.capital or not word.ordinary):
            return True
        if word.ambiguous and word.capital and self._followed(at):
            return True
        if not before or not _AFTER_CUE.fullmatch(gap):
            return False
        if before[-1] in ROLES:
            if word.ambiguous and (word.capital or not word.ordinary):
                return True
            alone = before[-1] not in FAMILY and gap.strip() in {
                "",
                ",",
            }  # "le technicien Wenceslas", a name on no list
            return word.capital and (word.surname or (word.proper and not word.whole and (alone or self._followed(at))))
        if before[-1] in SPOKEN and word.proper:
            if not {"merci", "thanks", "thank"}.isdisjoint(before) and not word.whole:
                return True
            met = before[-2:] in MET or before[-1] in {"suis", "am", "called"}
            return self._followed(at) and (word.known or met)
        return False

    def _end(self, at: int, *, told: bool) -> int:
        """The index after the last word of the name.

        `told`: a title or "my name is" stands before, so that words in small letters are taken too.
        """
        end = at + 1
        while end < len(self.words) and end - at < _MAX_WORDS and self._goes_on(at, end, told=told):
            end += 2 if self.words[end].folded in PARTICLES and len(self.words[end].folded) > 1 else 1
        return end

    def _goes_on(self, at: int, end: int, *, told: bool) -> bool:
        """Is the word at `end` part of the name that began at `at`?"""
        last, word = self.words[end - 1], self.words[end]
        gap = self.text[last.end : word.start]
        if word.kept or not _GAP.fullmatch(gap) or (gap[0] in ".'’" and not (len(last.folded) == 1 and last.capital)):
            return False
        if word.folded in PARTICLES and len(word.folded) > 1:
            return self._followed(end) and self.words[end + 1].proper
        if word.proper or (word.known and (word.capital or not word.ordinary)):
            return True
        if len(word.folded) == 1 and word.capital and self.text[word.end : word.end + 1] == ".":
            return True
        first = self.words[at].first
        if word.surname and (told or (first and at and self.words[at - 1].folded in TRIGGERS)):
            return True  # "my name is nathalie blanc", where "blanc" alone is a colour
        if word.ordinary or len(word.folded) < 3 or word.folded.endswith(VERB_ENDINGS):
            return False
        return (told or first) and not last.capital and end - at < 2

    def _family_before(self, at: int, end: int) -> bool:
        """Does a surname stand before this first name: "DURAND Paul", and any under a letter?"""
        if not at or self.words[at - 1].kept or not self._adjoin(at - 1):
            return False
        before = self.words[at - 1]
        if before.folded in TITLES or not before.capital:
            return False
        ends_line = not self.text[self.words[end - 1].end :].split("\n", 1)[0].strip(" .")
        return before.surname or (not before.ordinary and (before.whole or ends_line))

    def _followed(self, at: int) -> bool:
        """Does a word that is written as a name, or a surname, stand right after?"""
        if at + 1 >= len(self.words) or not self._adjoin(at) or self.words[at + 1].kept:
            return False
        other = self.words[at + 1]
        return other.proper or (other.surname and (other.capital or not other.ordinary))

    def _adjoin(self, at: int) -> bool:
        """Does nothing but a blank, a point or an apostrophe stand between this word and the next?"""
        return _GAP.fullmatch(self.text, self.words[at].end, self.words[at + 1].start) is not None


def _signs(words: list[_Word], *, thanks: bool) -> bool:
    """May these words alone be a signature? After thanks, one must be a known name, or two have capitals."""
    if any(w.kept for w in words) or all(len(w.folded) == 1 for w in words):
        return False
    if thanks and not any(w.known for w in words) and sum(w.capital for w in words) < 2:
        return False
    named = words[0].first
    return all(
        not w.ordinary or (w.known and (w.capital or named)) or w.folded in PARTICLES or len(w.folded) == 1
        for w in words
    )


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
