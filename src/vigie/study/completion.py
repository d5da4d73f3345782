"""What may stand at a place of a study file while somebody writes it: keys, values, and the study's own names.

The text need not be YAML yet: a word is put at the cursor, and what can be read around it tells where that is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vigie.study.document import Document, Path_, parse_yaml
from vigie.study.names import Known, meant
from vigie.study.shapes import STUDY, is_mapping, keys, schema_of, shapes, values

CURSOR = "zzcursorzz"
MOST = 40
LONGEST = 200_000  # characters of a text that is looked into at each key
_WORD = re.compile(r"[\w-]*\Z")
_REST = re.compile(r"[\w-]*")
_CLOSING = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that may stand at the cursor: what is shown, what is written, and what it means."""

    label: str
    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """What may replace the text from `start` to `end`."""

    start: int
    end: int
    suggestions: tuple[Suggestion, ...]


def complete(text: str, cursor: int, known: Known, kind: str = STUDY) -> Completion:
    """The suggestions at a cursor (characters from the beginning), those nearest to the word begun first."""
    cursor = max(0, min(cursor, len(text)))
    if len(text) > LONGEST:
        return Completion(cursor, cursor, ())
    word = _WORD.search(text[:cursor])
    start = word.start() if word else cursor
    rest = _REST.match(text, cursor)
    end = rest.end() if rest else cursor
    begun = text[start:cursor]
    place = _place(text, start, end)
    if place is None:
        return Completion(start, end, ())
    if kind == STUDY:  # what was written a moment ago is known too
        known = known.with_text(place.value)
    return Completion(start, end, tuple(_nearest(begun, _offered(place, known, kind, text, end))))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the cursor is: the path, whether it is at a key there, and what of the value stands before it."""

    path: Path_
    at_key: bool
    before: str
    value: Any


def _place(text: str, start: int, end: int) -> _Place | None:
    before, after = text[:start], text[end:]
    line = before.rpartition("\n")[2]
    closers = _open(before)
    quote = '"' if line.count('"') % 2 else "'" if line.count("'") % 2 else ""
    for written in (f"{CURSOR}", f"{CURSOR}:", f"{CURSOR}: "):
        for tail in (after, quote + closers):
            found = _found(parse_yaml(before + written + tail, shown=""))
            if found is not None:
                return found
    return None


def _found(document: Document) -> _Place | None:
    if document.value is None:
        return None
    for path, at_key, said in _leaves(document.value, ()):
        if CURSOR in said:
            return _Place(path, at_key, said.partition(CURSOR)[0], document.value)
    return None


def _leaves(value: Any, path: Path_) -> Iterator[tuple[Path_, bool, str]]:
    """Every text of a document with its path, and whether it is a key."""
    if isinstance(value, Mapping):
        for key, inside in value.items():
            yield path, True, str(key)
            yield from _leaves(inside, (*path, key))
    elif isinstance(value, list):
        for number, inside in enumerate(value):
            yield from _leaves(inside, (*path, number))
    elif isinstance(value, str):
        yield path, False, value


def _open(text: str) -> str:
    """What closes the brackets that are open at the end of a text."""
    stack: list[str] = []
    for line in text.splitlines():
        quote = ""
        for before, sign in zip(" " + line, line, strict=False):
            if quote:
                quote = "" if sign == quote else quote
            elif sign in "\"'" and not before.isalnum():
                quote = sign
            elif sign == "#" and before.isspace():
                break
            elif sign in _CLOSING:
                stack.append(_CLOSING[sign])
            elif stack and sign == stack[-1]:
                stack.pop()
    return "".join(reversed(stack))


def _offered(place: _Place, known: Known, kind: str, text: str, end: int) -> Iterator[Suggestion]:
    found = shapes(schema_of(kind), place.path, place.value)
    if place.at_key or (not place.before and any(is_mapping(shape) for shape in found)):
        standing = _at(place.value, place.path)
        have = {str(k) for k in standing} if isinstance(standing, Mapping) else set[str]()
        follows = re.match(r"\s*:", text[end:])
        for key, about in keys(found).items():
            if key not in have:
                yield Suggestion(key, key if follows else f"{key}: ", about)
    if place.at_key and not any(is_mapping(shape) for shape in found):
        named = meant((*place.path, CURSOR), "", known)
        yield from (Suggestion(name, name, about) for name, about in named.items())
    if not place.at_key:
        if not place.before:
            yield from (Suggestion(value, value) for value in values(found))
        yield from (Suggestion(n, n, about) for n, about in meant(place.path, place.before, known).items())


def _at(value: Any, path: Path_) -> Any:
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
    return value


def _nearest(begun: str, offered: Iterable[Suggestion]) -> list[Suggestion]:
    """What begins with the word begun, then what holds it, then what is spelled nearly so."""
    unique = list({s.label: s for s in offered if CURSOR not in s.label}.values())
    word = begun.casefold()

    def rank(one: Suggestion) -> int:
        name = one.label.casefold()
        if name.startswith(word):
            return 0
        if word in name:
            return 1
        return 2 if difflib.SequenceMatcher(None, word, name).ratio() >= 0.6 else 3

    return sorted((s for s in unique if rank(s) < 3), key=rank)[:MOST]
