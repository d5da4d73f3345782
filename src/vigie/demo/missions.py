"""Mystery tests as a file: one row per test, one column per criterion of all the grids."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from vigie.demo.mistakes import Mistake
from vigie.demo.mystery import (
    ANSWERED,
    EMPTY,
    OUTCOMES,
    SCENARIOS,
    SLOTS,
    ChannelTests,
    draw_tests,
    draw_times,
)
from vigie.demo.notes import draw_notes
from vigie.demo.population import Ints
from vigie.demo.truth import MIN_TESTS, TESTED, Truth

COLUMNS = ("test", "brand", "channel", "outcome", "scenario", "tester", "slot", "sent_at", "acknowledged_at",
           "answered_at", "named_self", "warmth", "remark")  # fmt: skip
IMPOSSIBLE = 99  # no criterion is out of so much
Texts = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a tool writes the file."""

    columns: tuple[str, ...]
    mark: str
    separator: str
    time: str
    channels: tuple[str, ...]
    outcomes: tuple[str, ...]
    no_yes: tuple[str, str]
    not_applicable: str


PLAIN = Dialect(COLUMNS, "{}", ",", "%Y-%m-%d %H:%M:%S", TESTED, OUTCOMES, ("no", "yes"), "na")
CAMPAIGN = Dialect(
    ("Numero", "Marque", "Canal", "Resultat", "Scenario", "Testeur", "Creneau", "Envoi", "Accuse", "Reponse",
     "Prenom", "Chaleur", "Remarque"),
    "note_{}", ";", "%d/%m/%Y %H:%M:%S", ("TEL", "MAIL", "FORM", "CHAT", "RS", "WEB"), ("OUI", "NON", "NUL"),
    ("NON", "OUI"), "NC",
)  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class Sheet:
    """The columns of a file of tests; marks as small numbers, test × criterion."""

    heads: dict[str, Texts]
    criteria: tuple[str, ...]
    marks: npt.NDArray[np.int8]


def write_tests(path: Path, truth: Truth, wave: str, dialect: Dialect, rng: np.random.Generator) -> dict[str, Any]:
    """Draws and writes the tests of a wave, in the order in which they were sent; says what the file holds."""
    drawn = draw_tests(truth, wave, rng)
    table, sound = _table(truth, wave, drawn, dialect, rng)
    mistakes = _spoil(table, sound, dialect, rng)
    kept = np.ones(len(sound), dtype=bool)
    kept[[m.line - 2 for m in mistakes]] = False
    outcome = table.heads[dialect.columns[3]][kept]
    _write(path, table, dialect)
    return {
        "rows": len(sound),
        "sound": {name: int((outcome == cell).sum()) for name, cell in zip(OUTCOMES, dialect.outcomes, strict=True)},
        "forgotten_mark": sum(int(((t.outcome == ANSWERED) & ~t.complete).sum()) for t in drawn.values()),
        "mistakes": [m.record() for m in mistakes],
    }


def _table(
    truth: Truth, wave: str, drawn: dict[str, ChannelTests], dialect: Dialect, rng: np.random.Generator
) -> tuple[Sheet, npt.NDArray[np.bool_]]:
    """The file's columns, and which rows are complete tests of well-tested brands."""
    criteria = tuple(dict.fromkeys(name for grid in truth.grids.values() for name in grid.ids))
    times = [draw_times(wave, tests, rng) for tests in drawn.values()]
    notes = [draw_notes(truth.mystery[wave], tests, rng) for tests in drawn.values()]
    sent = np.concatenate([t.sent for t in times])
    order = np.argsort(sent, kind="stable")
    brand = np.concatenate([t.brand for t in drawn.values()])[order]
    heads = (
        np.array([f"T{wave[2:]}-{number:06d}" for number in range(1, len(order) + 1)]),
        np.array([b.id for b in truth.mystery[wave].brands])[brand],
        np.repeat(dialect.channels, [len(t.brand) for t in drawn.values()])[order],
        *(
            np.array(names)[np.concatenate([getattr(t, part) for t in drawn.values()])[order]]
            for part, names in (("outcome", dialect.outcomes), ("scenario", SCENARIOS),
                                ("tester", [f"testeur_{n:02d}" for n in range(1, 21)]), ("slot", SLOTS))
        ),
        *(
            _times(np.concatenate([getattr(t, part) for t in times])[order], dialect.time)
            for part in ("sent", "acknowledged", "answered")
        ),
        *(
            np.array(names)[np.concatenate([getattr(note, part) for note in notes])[order]]
            for part, names in (("named", (*dialect.no_yes, "", "")), ("warmth", (*"012345", "", "")))
        ),
        np.concatenate([note.remark for note in notes])[order],
    )  # fmt: skip
    well_tested = truth.mystery[wave].tests.sum(axis=1) >= MIN_TESTS
    sound = np.concatenate([t.complete & (t.outcome == ANSWERED) for t in drawn.values()])[order] & well_tested[brand]
    marks = _marks(truth, drawn, criteria)[order]
    return Sheet(dict(zip(dialect.columns, heads, strict=True)), criteria, marks), sound


def _marks(truth: Truth, drawn: dict[str, ChannelTests], criteria: tuple[str, ...]) -> npt.NDArray[np.int8]:
    place = {name: j for j, name in enumerate(criteria)}
    found = np.full((sum(len(t.brand) for t in drawn.values()), len(criteria)), EMPTY, dtype=np.int8)
    start = 0
    for channel, tests in drawn.items():
        own = [place[name] for name in truth.grids[channel].ids]
        found[start : start + len(tests.brand), own] = tests.marks
        start += len(tests.brand)
    return found


def _times(moments: npt.NDArray[np.datetime64], form: str) -> Texts:
    texts = pc.strftime(pa.array(moments, type=pa.timestamp("s")), format=form)
    return np.array([text or "" for text in texts.to_pylist()])


def _spoil(table: Sheet, sound: npt.NDArray[np.bool_], dialect: Dialect, rng: np.random.Generator) -> list[Mistake]:
    """Spoils a few cells in place, each in a sound test of its own."""
    test, brand, _, outcome, _, _, _, sent, *_ = dialect.columns
    rows: Ints = rng.permutation(np.flatnonzero(sound))
    impossible = {"%Y": "2024-02-31 10:00:00", "%d": "31/02/2022 10:00:00"}[dialect.time[:2]]
    names = table.heads[test].copy()
    # the test that bears a known id again is the last one sound, so that the earlier one stands
    later = int(rows.argmax())
    rows[[4, later]] = rows[[later, 4]]
    wrong = ((brand, "marque_inconnue", "unknown-brand"), (outcome, "BOF", "unknown-code"),
             (sent, impossible, "bad-date"), (test, "", "missing-id"),
             (test, str(names[rows[-1]]), "duplicate-id"))  # fmt: skip
    found = []
    for row, (column, cell, problem) in zip(rows.tolist(), wrong, strict=False):
        values = table.heads[column].astype(object)
        values[row] = cell
        table.heads[column] = values
        found.append(Mistake(row + 2, str(names[row]), column, cell, problem))
    row = int(rows[len(wrong)])
    mark = int(np.flatnonzero(table.marks[row] >= 0)[0])
    table.marks[row, mark] = IMPOSSIBLE
    column = dialect.mark.format(table.criteria[mark])
    return [*found, Mistake(row + 2, str(names[row]), column, str(IMPOSSIBLE), "bad-mark")]


def _write(path: Path, table: Sheet, dialect: Dialect) -> None:
    texts = pa.array(["", dialect.not_applicable, *(str(mark) for mark in range(IMPOSSIBLE + 1))])
    columns = {name: pa.array(values.tolist(), type=pa.string()) for name, values in table.heads.items()}
    indices = table.marks.astype(np.int16) - EMPTY  # empty, not applicable, 0, 1, 2, …
    for j, criterion in enumerate(table.criteria):
        columns[dialect.mark.format(criterion)] = texts.take(pa.array(indices[:, j]))
    options = pacsv.WriteOptions(include_header=False, delimiter=dialect.separator, quoting_style="none")
    with path.open("wb") as file:
        file.write((dialect.separator.join(columns) + "\n").encode())
        pacsv.write_csv(pa.table(columns), file, options)
