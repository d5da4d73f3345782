"""The same table of two waves beside each other: which of its lines are no series, and the sentence that says so."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.language import Words
from vigie.report.names import without_loop
from vigie.results.figures import pick
from vigie.results.tables import Line, Table

Same = tuple[str, str]  # a line's words and kind: by what lines of two waves are taken for the same


@dataclass(frozen=True, slots=True)
class Beside:
    """A table of a further wave, and why it begins anew, where that is known: a key of language.REASONS."""

    table: Table
    reason: str = ""


def apart(first: Table, other: Table, language: str) -> tuple[Same, ...]:
    """The lines that both have and that are of different identity: no difference between them is a change."""
    known, there = _identities(first, language), _identities(other, language)
    return tuple(same for same, identity in there.items() if same in known and known[same] != identity)


def remark(words: Words, first: Table, beside: Beside) -> str:
    """What is said beside a further wave whose series breaks, as trends say it; nothing where none does."""
    known, there = (_identities(table, words.code) for table in (first, beside.table))
    shared, broken = known.keys() & there.keys(), apart(first, beside.table, words.code)
    if first.wave == beside.table.wave or not (known and there) or (shared and not broken):
        return ""
    said = words.gettext("Not comparable with wave {wave}.", wave=first.wave)
    if beside.reason:
        why = words.reason(beside.reason)
        said = words.gettext("Not comparable with wave {wave}: {reason}.", wave=first.wave, reason=why)
    if len(broken) == len(shared):
        return said
    lines = words.listing([words.gettext("“{text}”", text=text) for text, _ in broken])
    return said + " " + words.gettext("This holds for {lines}.", lines=lines)


def same(line: Line, language: str) -> Same:
    """By what a line is known in another wave."""
    return without_loop(pick(line.label, language)), line.kind


def _identities(table: Table, language: str) -> dict[Same, str]:
    found = ((line, next((e for e in line.cells if e is not None), None)) for line in table.lines)
    return {same(line, language): e.identity for line, e in found if e is not None}
