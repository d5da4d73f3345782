"""What was left out, and why: every row and cell that intake refuses is counted here and listed with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.errors import Problem, VigieError
from vigie.results.figures import Source
from vigie.results.methods import Exclusion

Mask = npt.NDArray[np.bool_]
LISTED = 2_000  # places kept per reason; all are counted
EXAMPLES = 5
HOPELESS = 0.5  # a column of which more than half is refused is a wrong import, not a few slips
FEW = 10


@dataclass
class Ledger:
    """The exclusions of one source of one wave."""

    source: Source
    rows: dict[str, int] = field(default_factory=dict)
    cells: dict[str, int] = field(default_factory=dict)
    places: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # where, and what was said of it
    fatal: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)  # columns that nothing reads

    def refuse_cells(
        self, code: str, file: str, column: str, numbers: npt.NDArray[np.int64], raw: pa.Array, wrong: Mask, why: str,
        filled: int | None = None,
    ) -> None:  # fmt: skip
        """Refuse the cells of a column where `wrong`; `numbers` are the rows' numbers in the file.

        `filled` tells how many answers there are where `raw` shows the refused ones only.
        """
        count = int(wrong.sum())
        if not count:
            return
        filled = len(raw) - raw.null_count if filled is None else filled
        self.cells[code] = self.cells.get(code, 0) + count
        at = np.flatnonzero(wrong)[:LISTED]
        values = raw.take(pa.array(at)).to_pylist()
        self._list(
            code,
            (
                (f'{file}, row {numbers[i]}, column "{column}"', f"{shorten(v)} {why}")
                for i, v in zip(at, values, strict=True)
            ),
        )
        hint = "Is it the right column? Otherwise map its codes in the study's import."
        self.hopeless(code, file, column, numbers, raw, wrong, why, filled, hint)

    def hopeless(
        self, code: str, file: str, column: str, numbers: npt.NDArray[np.int64], raw: pa.Array, wrong: Mask, why: str,
        filled: int, hint: str,
    ) -> None:  # fmt: skip
        """Say that a column cannot be used where most of its filled cells are `wrong`, with the first of them."""
        count = int(wrong.sum())
        if count >= FEW and count > HOPELESS * filled:
            first, share = int(np.flatnonzero(wrong)[0]), f"{count:,} of {filled:,}"
            said = shorten(raw[first].as_py())
            message = f'{share} cells in column "{column}" are refused; the first, {said}, {why}.'
            self.fatal.append(Problem(code, message, hint, file, int(numbers[first])))

    def refuse_rows(
        self, code: str, file: str, numbers: Iterable[int], said: Iterable[str], *, unlisted: int = 0
    ) -> None:
        """Refuse whole rows; `said` tells why, row by row; `unlisted` further ones are only counted."""
        listed = [(f"{file}, row {n}", text) for n, text in zip(numbers, said, strict=True)]
        if listed:
            self.rows[code] = self.rows.get(code, 0) + len(listed) + unlisted
            self._list(code, listed)

    def refuse_filtered(self, file: str, count: int, reason: str = "keep") -> None:
        """Rows that a rule of the study takes out (the import's filter, the wave's): counted, not listed one by one."""
        if count:
            self.rows[reason] = self.rows.get(reason, 0) + count
            self._list(reason, [(file, f"{count:,} rows")])

    def _list(self, code: str, said: Iterable[tuple[str, str]]) -> None:
        listed = self.places.setdefault(code, [])
        listed.extend(text for text, _ in zip(said, range(LISTED - len(listed)), strict=False))

    def stop_if_fatal(self) -> None:
        """Raise all that makes the file as a whole unusable."""
        if self.fatal:
            raise VigieError(self.fatal)

    def exclusions(self) -> tuple[Exclusion, ...]:
        """What a reader of the results may know: reasons, counts and places, never what the cells said."""
        codes = sorted({*self.rows, *self.cells})
        return tuple(
            Exclusion(
                self.source,
                c,
                self.rows.get(c, 0),
                self.cells.get(c, 0),
                tuple(where for where, _ in self.places.get(c, [])[:EXAMPLES]),
            )
            for c in codes
        )


def shorten(value: object, most: int = 40) -> str:
    """A cell as it is shown in a message."""
    text = "an empty cell" if value is None else f'"{value}"'
    return text if len(text) <= most else text[: most - 2] + '…"'


def mask(values: pa.Array | pa.ChunkedArray) -> Mask:
    """An Arrow boolean column as a NumPy mask; unknown is false."""
    filled = pc.fill_null(values, False)
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=bool)
