"""The few cells that are wrong in every real file, planted and written down so that a reading can be compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from vigie.demo.export import COMPLETE, Cells


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong cell: its line in the file (the header is line 1), its row's id as drawn, and the problem's code."""

    line: int
    row: str
    column: str
    cell: str
    problem: str

    def record(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Wrong:
    problem: str
    column: str
    cell: str
    fits: Callable[[Cells, int], bool]  # which rows can be spoilt that way


def _filled(*columns: str) -> Callable[[Cells, int], bool]:
    return lambda table, row: all(table[column][row] for column in columns)


def _holds(column: str, cell: str, words: str) -> Callable[[Cells, int], bool]:
    """A cell that contradicts an exclusive answer, in a row without words of "other", which would contradict it too."""
    return lambda table, row: table[column][row] == cell and not table[words][row]


_WEB = (
    _Wrong("unknown-code", "human_only", "peut-etre", _filled("human_only")),
    _Wrong("bad-date", "last_contact", "2023-02-31", _filled("last_contact")),
    _Wrong("bad-number", "satisfaction.phone", "12", _filled("satisfaction.phone")),
    _Wrong("bad-number", "contacts", "beaucoup", _filled("contacts")),
    _Wrong("contradiction", "used.none", "1", _holds("used.email", "1", "used.other.text")),
    _Wrong("missing-id", "record", "", _filled("record")),
    _Wrong("duplicate-id", "record", "*", _filled("record")),
)
_TELEPHONE = (
    _Wrong("unknown-code", "Q19", "7", _filled("Q19")),
    _Wrong("bad-date", "Q14", "31/02/2021", _filled("Q14")),
    _Wrong("bad-number", "Q9r1", "12", _filled("Q9r1")),
    _Wrong("bad-number", "Q13", "beaucoup", lambda table, row: table["Q13"][row].isdigit()),
    _Wrong("contradiction", "Q7r99", "Oui", _holds("Q7r3", "Oui", "Q7autre")),
    _Wrong("missing-id", "ID", "", _filled("ID")),
    _Wrong("duplicate-id", "ID", "*", _filled("ID")),
)


def spoil_survey(table: Cells, rng: np.random.Generator) -> list[Mistake]:
    """Spoils a few cells of a survey file in place, each in a complete interview of its own."""
    by_telephone = "ID" in table
    key, status = ("ID", "statut") if by_telephone else ("record", "status")
    free = [row for row in rng.permutation(len(table[key])).tolist() if table[status][row] == str(COMPLETE)]
    found = []
    for wrong in _TELEPHONE if by_telephone else _WEB:
        row = next(row for row in free if wrong.fits(table, row))
        free.remove(row)
        cell = wrong.cell
        if cell == "*":  # the id of an earlier interview, which stands
            earlier, row = sorted((row, free.pop()))
            cell = table[key][earlier]
        found.append(Mistake(row + 2, table[key][row], wrong.column, cell, wrong.problem))
        table[wrong.column][row] = cell
    return found
