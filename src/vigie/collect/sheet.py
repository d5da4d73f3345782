"""The answers of all files of a survey as one sheet, each respondent once, before routing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.answers import Answer
from vigie.collect.ledger import FEW, HOPELESS, Ledger, Mask
from vigie.errors import Problem

Key = tuple[str, str]  # question, value of its loop ("" outside loops)
PERSON = ("weight", "stratum", "cluster", "fpc", "started_at", "duration")


@dataclass
class Sheet:
    """The answers of all files of a wave, row by row, before routing."""

    respondent: pa.Array
    files: npt.NDArray[np.int64]  # index of the file of each row
    numbers: npt.NDArray[np.int64]  # its row in that file
    shown: list[str]
    answers: dict[Key, Answer]
    person: dict[str, pa.Array]
    ledger: Ledger

    def contradict(self, name: str, wrong: Mask, given: Mask, why: str) -> None:
        """Refuse the answers where `wrong`, of those that were given; their words are nobody's business here."""
        shown = pc.if_else(pa.array(wrong), pa.scalar("an answer"), pa.scalar(None, pa.string()))
        for index, file in enumerate(self.shown):
            here = self.files == index
            filled = int((given & here).sum())
            self.ledger.refuse_cells("contradiction", file, name, self.numbers, shown, wrong & here, why, filled)


def joined(sheets: list[Sheet], ledger: Ledger) -> Sheet:
    """All files as one, without the rows whose respondent already stood in an earlier row."""
    keys: list[Key] = list(dict.fromkeys(k for s in sheets for k in s.answers))
    respondent = pa.concat_arrays([s.respondent for s in sheets]) if sheets else pa.array([], pa.string())
    files = np.concatenate([s.files for s in sheets]) if sheets else np.zeros(0, dtype=np.int64)
    rows = np.concatenate([s.numbers for s in sheets]) if sheets else np.zeros(0, dtype=np.int64)
    shown = [s.shown[0] for s in sheets]
    together = {k: concatenated([s.answers.get(k) for s in sheets], [len(s.respondent) for s in sheets]) for k in keys}
    person = {n: pa.concat_arrays([s.person[n] for s in sheets]) for n in PERSON} if sheets else {}
    sheet = Sheet(respondent, files, rows, shown, together, person, ledger)
    return _sorted(sheet)


def concatenated(parts: Sequence[Answer | None], lengths: Sequence[int]) -> Answer:
    """One question's answers over all files; a file without the question has none."""
    shape = next(p for p in parts if p is not None)
    whole = [p if p is not None else _absent(shape, n) for p, n in zip(parts, lengths, strict=True)]
    values = {o: pa.concat_arrays([p.values[o] for p in whole]) for o in shape.values}
    texts = {
        o: pa.concat_arrays([p.texts.get(o, pa.nulls(n, pa.string())) for p, n in zip(whole, lengths, strict=True)])
        for o in dict.fromkeys(o for p in whole for o in p.texts)
    }
    masks = (
        np.concatenate([getattr(p, name) for p in whole]) for name in ("answered", "dont_know", "refused", "touched")
    )
    answered, dont_know, refused, touched = masks
    return Answer(values, answered, dont_know, refused, touched, all(p.silent for p in whole), texts)


def _absent(shape: Answer, n: int) -> Answer:
    none = np.zeros(n, dtype=bool)
    return Answer({o: pa.nulls(n, v.type) for o, v in shape.values.items()}, none, none, none, none, shape.silent)


def _sorted(sheet: Sheet) -> Sheet:
    """Rows in the order of their respondent, each respondent once; later rows of the same one are refused."""
    order = np.asarray(pc.sort_indices(sheet.respondent).to_numpy())
    ids = sheet.respondent.take(pa.array(order)).dictionary_encode().indices.to_numpy() if len(order) else order
    first = np.ones(len(order), dtype=bool)
    first[1:] = ids[1:] != ids[:-1]
    # sort_indices is stable: of equal ids, the row that stands first in the files comes first
    for row in order[~first]:
        file, number = sheet.shown[sheet.files[row]], int(sheet.numbers[row])
        said = f'"{sheet.respondent[int(row)].as_py()}" already stands in an earlier row'
        sheet.ledger.refuse_rows("duplicate-id", file, [number], [said])
    twice = int((~first).sum())
    if twice >= FEW and twice > HOPELESS * len(order):
        message = f"{twice:,} of {len(order):,} rows have the respondent of an earlier row."
        hint = "Is `respondent:` the right column?"
        sheet.ledger.fatal.append(Problem("duplicate-id", message, hint, sheet.shown[0]))
    return taken(sheet, order[first])


def taken(sheet: Sheet, at: npt.NDArray[np.int64]) -> Sheet:
    """The rows at these positions."""
    keep = pa.array(at)
    found = {k: rows_of(a, at) for k, a in sheet.answers.items()}
    person = {n: c.take(keep) for n, c in sheet.person.items()}
    return Sheet(
        sheet.respondent.take(keep), sheet.files[at], sheet.numbers[at], sheet.shown, found, person, sheet.ledger
    )


def rows_of(answer: Answer, at: npt.NDArray[np.int64]) -> Answer:
    """The answers of the rows at these positions."""
    keep = pa.array(at)
    return replace(
        answer, values={o: v.take(keep) for o, v in answer.values.items()},
        texts={o: v.take(keep) for o, v in answer.texts.items()}, answered=answer.answered[at],
        dont_know=answer.dont_know[at], refused=answer.refused[at], touched=answer.touched[at],
    )  # fmt: skip


def reached(answers: Mapping[Key, Answer], order: Iterable[str], n: int) -> npt.NDArray[np.int64]:
    """(n,) the position of the last question that each person answered anything in; -1 for none."""
    last = np.full(n, -1, dtype=np.int64)
    position = {name: i for i, name in enumerate(order)}
    for (name, _), answer in answers.items():
        last[answer.touched] = np.maximum(last[answer.touched], position[name])
    return last
