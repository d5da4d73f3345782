"""The SQL of the plain passes: what a tab book sums, written for DuckDB without any statistics."""

from __future__ import annotations

from collections.abc import Iterable

from benchmark.questionnaire import DEMOGRAPHICS, ITEMS, WEIGHT, WIDE, Question

BANNER = ", ".join(d.id for d in DEMOGRAPHICS)


def _score(item: Question) -> str:
    """What is summed of an item: its mark, or whether its first answer was given."""
    return item.id if item.scale else f"({item.id} = '{item.codes[0]}')::INT"


def _place(question: Question) -> str:
    """An answer as a small number."""
    return f"{question.id}::UTINYINT" if question.scale else f"(ascii({question.id}) - 97)::UTINYINT"


def _cell() -> str:
    """The number of a person's cell of the crossed banner."""
    first, *others = DEMOGRAPHICS
    expression = f"{_place(first)}::USMALLINT"
    for demographic in others:
        expression = f"({expression} * {demographic.size} + {_place(demographic)})"
    return expression


def _lines(parts: Iterable[str], at_once: int = 3) -> str:
    """Some parts of a query on each line."""
    listed = list(parts)
    return ",\n  ".join(", ".join(listed[k : k + at_once]) for k in range(0, len(listed), at_once))


SUMS = _lines(f"sum({WEIGHT} * {_score(i)})" for i in ITEMS)
ONE_PASS = [f"SELECT {BANNER}, count(*), sum({WEIGHT}),\n  {SUMS}\nFROM survey GROUP BY {BANNER}"]
ALL_SUMS = [
    f"CREATE TEMP TABLE coded AS SELECT {_cell()} AS cell,\n  {WEIGHT} AS w, {WEIGHT} * {WEIGHT} AS w2,\n  "
    + _lines(f"{_place(i)} AS {i.id}" for i in ITEMS) + "\nFROM survey",
    *(f"SELECT cell, {i.id}, count(*), sum(w), sum(w2) FROM coded GROUP BY cell, {i.id}" for i in ITEMS),
]  # fmt: skip
WIDE_SETS = _lines((f"({d.id})" for d in WIDE), 8)
WIDE_PASS = (
    f"SELECT {_lines((d.id for d in WIDE), 8)}, count(*), sum({WEIGHT}),\n  {SUMS}\nFROM survey GROUP BY "
    f"GROUPING SETS (\n  {WIDE_SETS})"
)
PASSES = {"fifty": ONE_PASS, "every": ALL_SUMS, "wide": [WIDE_PASS]}
