"""Whether two tools give the same figures: a benchmark of wrong numbers is worth nothing.

A figure is [item, demographic, column, row, value, standard error]; the row is an answer, or "mean". Read in every
environment: the standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Key = tuple[str, str, str, str]
Row = tuple[str, str, str, str, float, float | None]
CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many figures were compared, and the largest relative differences of values and of standard errors."""

    figures: int
    value: float
    se: float | None  # None where a tool gives none


def compare(found: Iterable[Sequence[Any]], reference: Iterable[Sequence[Any]]) -> Agreement:
    """Figures against those of the reference, which has all of them; raises `ValueError` where it has not."""
    known = {_key(row): row for row in reference}
    values, errors, count = [0.0], [], 0
    for row in found:
        if _key(row) not in known:
            raise ValueError(f"no such figure: {_key(row)}")
        right = known[_key(row)]
        count += 1
        values.append(_apart(row[4], right[4]))
        if row[5] is not None:
            errors.append(_apart(row[5], right[5]))
    return Agreement(count, max(values), max(errors, default=None))


def weights_apart(found: Mapping[str, float], reference: Mapping[str, float]) -> Agreement:
    """Raked weights by what they come to: the extremes of weight / base weight."""
    ends = ("smallest", "largest")
    return Agreement(len(ends), max(_apart(found[end], reference[end]) for end in ends), None)


def from_sums(item: str, demographic: str, sums: Mapping[tuple[str, str], tuple[int, float, float]]) -> list[Row]:
    """Shares and means of a table with their standard errors, from n, Σw and Σw² by column and answer.

    θ = Σwx/Σw in a column, V = n/(n-1) Σw²(x-θ)²/(Σw)² over the n people of the sample (one stratum, with
    replacement): what `vigie.stats.estimates` and R's `svyby(…, svymean)` estimate.
    """
    n = sum(count for count, _, _ in sums.values())
    rows: list[Row] = []
    for column in sorted({c for c, _ in sums}):
        cells = {answer: (w, w2) for (c, answer), (_, w, w2) in sums.items() if c == column}
        scores = {f"{answer}": {a: float(a == answer) for a in cells} for answer in sorted(cells)}
        if all(answer.isdigit() for answer in cells):
            scores["mean"] = {a: float(a) for a in cells}
        total = sum(w for w, _ in cells.values())
        for name, x in scores.items():
            value = sum(w * x[a] for a, (w, _) in cells.items()) / total
            square = sum(w2 * (x[a] - value) ** 2 for a, (_, w2) in cells.items())
            rows.append((item, demographic, column, name, value, (n / (n - 1) * square) ** 0.5 / total))
    return rows


def _key(row: Sequence[Any]) -> Key:
    item, demographic, column, name = row[:4]
    return item, demographic, column, name


def _apart(value: float, right: float) -> float:
    return abs(value - right) / max(abs(right), 1e-300)
