"""A wave's file, opened with its import: the rows that count, and its columns by the study's names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.algebra import CellAlgebra
from vigie.collect.ledger import Ledger, Mask, mask
from vigie.errors import Problem, VigieError, suggestion
from vigie.formats import tables
from vigie.formats.values import codes, numbers
from vigie.study.expressions import ExpressionError, fold
from vigie.study.imports import Column, Reading
from vigie.study.resolution import on_columns
from vigie.study.text import normalised


@dataclass
class SourceFile:
    """The valid rows of a file: text columns by header, and each row's number in the file."""

    shown: str
    headers: tuple[str, ...]
    columns: tuple[pa.Array, ...]
    numbers: npt.NDArray[np.int64]
    rules: Reading
    ledger: Ledger
    read: int
    taken: set[str] = field(default_factory=set)  # headers that were read

    def __len__(self) -> int:
        return len(self.numbers)

    def has(self, name: str) -> bool:
        return name in self.headers

    def column(self, name: str) -> pa.Array | None:
        """The one column under a header; a fatal problem in the ledger, and None, where there is none or several."""
        places = [i for i, header in enumerate(self.headers) if header == name]
        self.taken.add(name)
        if len(places) == 1:
            return self.columns[places[0]]
        if places:
            listed = ", ".join(str(p + 1) for p in places)
            hint = "Say which with `position:` in the import."
            self.complain("duplicate-header", f'"{name}" heads columns {listed}.', hint)
        else:
            self.complain(
                "column-missing", f'There is no column "{name}".', suggestion(name, [h for h in self.headers if h])
            )
        return None

    def placed(self, column: Column, *, partial: bool = False) -> tuple[str, pa.Array] | None:
        """The column of an import that names or counts one, with the name to show; cells to ignore are empty.

        Several columns with `join:` make one value, which is empty where one of them is; with `partial`, where all are.
        """
        if column.join is not None and isinstance(column.from_, list):
            return self._joined(column.from_, column, column.join, partial=partial)
        if column.position is not None:
            if column.position > len(self.headers):
                message = f"There is no column {column.position}; the file has {len(self.headers)}."
                self.complain("column-missing", message)
                return None
            found: pa.Array | None = self.columns[column.position - 1]
            self.taken.add(self.headers[column.position - 1])
            name = self.headers[column.position - 1] or f"column {column.position}"
        else:
            name = column.from_ if isinstance(column.from_, str) else (column.from_ or [""])[0]
            found = self.column(name)
        return None if found is None else (name, without(found, column.ignore))

    def _joined(self, names: list[str], column: Column, between: str, *, partial: bool) -> tuple[str, pa.Array] | None:
        found = [self.column(name) for name in names]
        parts = [without(c, column.ignore) for c in found if c is not None]
        if len(parts) < len(names) or not parts:
            return None
        if not partial:
            return " + ".join(names), pc.binary_join_element_wise(*parts, between)
        # not null_handling="skip": Arrow loses the rows where all parts are null
        whole = reduce(lambda a, b: pc.coalesce(pc.binary_join_element_wise(a, b, between), a, b), parts)
        return " + ".join(names), whole

    def complain(self, code: str, message: str, hint: str = "") -> None:
        problem = Problem(code, message, hint, self.shown)
        if problem not in self.ledger.fatal:
            self.ledger.fatal.append(problem)

    def refuse(self, code: str, column: str, raw: pa.Array, wrong: Mask, why: str, filled: int | None = None) -> None:
        self.ledger.refuse_cells(code, self.shown, column, self.numbers, raw, wrong, why, filled)

    def take(self, keep: Mask) -> SourceFile:
        """Only the rows where `keep`."""
        if keep.all():
            return self
        chosen = pa.array(keep)
        columns = tuple(c.filter(chosen) for c in self.columns)
        return SourceFile(
            self.shown, self.headers, columns, self.numbers[keep], self.rules, self.ledger, self.read, self.taken
        )


def without(column: pa.Array, ignore: Iterable[str]) -> pa.Array:
    """The column with the cells to ignore made empty."""
    listed = list(ignore)
    if not listed:
        return column
    return pc.if_else(pc.is_in(codes(column), pa.array(listed)), pa.scalar(None, pa.string()), column)


def open_source(folder: Path, shown: str, rules: Reading, ledger: Ledger) -> SourceFile:
    """Read a file and keep its valid rows; raises `VigieError` for a file that cannot be read."""
    reading = tables.Reading(rules.separator, rules.encoding, rules.sheet, rules.header_row)
    table = tables.read_table(folder / shown, reading, shown=shown)
    columns = tuple(flat(c) for c in table.columns)
    order = np.arange(table.first_row, table.first_row + len(table), dtype=np.int64)
    source = SourceFile(shown, table.headers, columns, order, rules, ledger, len(table))
    if rules.keep is None:
        return source
    kept = _kept(source, rules.keep)
    ledger.refuse_filtered(shown, int((~kept).sum()))
    return source.take(kept)


def flat(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """One contiguous array."""
    if isinstance(column, pa.Array):
        return column
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _kept(source: SourceFile, text: str) -> Mask:
    try:
        tree = on_columns(text, list(source.headers))
    except ExpressionError as error:
        message = f"keep: {error}, at character {error.at + 1} of: {text[:120]}"
        raise VigieError(Problem("expression", message, error.hint, source.shown)) from None
    by_name = dict(zip(source.headers, source.columns, strict=True))
    decimal = source.rules.decimal
    found = fold(tree, CellAlgebra(by_name, lambda c: numbers(c, decimal=decimal).values))
    return np.full(len(source), bool(found.as_py())) if isinstance(found, pa.Scalar) else mask(found)


def label_codes(labels: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """From a label in any language, without its capitals and spaces, to the code."""
    return {fold_label(text): code for code, texts in labels.items() for text in texts.values() if text}


def fold_label(text: str) -> str:
    return normalised(text).casefold()
