"""Where a question stands in a file: in the columns that the import names, or in those of the study's own names."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from vigie.collect.answers import Answer, Cells, read_value
from vigie.collect.choices import read_lists, read_options
from vigie.collect.mentions import read_mentions
from vigie.collect.rankings import read_order, read_places
from vigie.study.imports import Column
from vigie.study.questions import Battery, Mention, Multiple, Question, Ranking


def column_of(
    question: Question, columns: Mapping[str, Column], batteries: Mapping[str, Battery]
) -> tuple[Column | None, bool]:
    """The column (or pattern) of a question, and whether the file must have it.

    An item of a grid stands where the import's pattern of the grid puts it: None where the pattern leaves it out.
    """
    if question.id in columns:
        return columns[question.id], True
    for battery in batteries.values():
        item = question.id.removeprefix(f"{battery.id}_")
        if battery.id in columns and item in battery.items and item != question.id:
            return _of_item(columns[battery.id], item), False
    return _default(question), False


def _of_item(column: Column, item: str) -> Column | None:
    """The pattern of a grid for one of its items; what stands for items is used up."""
    inverse = {v: k for k, v in column.options.items()}
    if inverse and item not in inverse:
        return None
    name = str(column.from_).replace("{item}", inverse.get(item, item))
    return column.model_copy(update={"from_": name, "options": {}})


def _default(question: Question) -> Column:
    """Where a question stands in a file that uses the study's own names."""
    parts = [question.id]
    if question.per is not None:
        parts.append(f"{{{question.per.dimension}}}")
    if isinstance(question, Multiple | Ranking) and not isinstance(question, Mention):
        parts.append("{option}")
    return Column.model_validate({"from": ".".join(parts)})


def read(cells: Cells, loop: Mapping[str, str], *, optional: bool) -> Answer | None:
    """The answer in the columns that the import names; None where an optional one is not in the file.

    `loop` holds what stands for the loop's value in the file's names, by dimension.
    """
    question, column = cells.question, cells.column
    if not isinstance(question, Multiple | Ranking):
        if isinstance(column.from_, str):
            name = filled(column.from_, loop)
            if optional and not cells.source.has(name):
                return None
            column = column.model_copy(update={"from_": name})
        placed = cells.source.placed(column)
        return read_value(cells, *placed) if placed else None
    if isinstance(column.from_, str) and "{option}" in column.from_:
        by_option = _per_option(cells, loop, optional=optional)
        reader = read_places if isinstance(question, Ranking) else read_options
        return reader(cells, by_option) if by_option else None
    found = _listed(cells, loop, optional=optional)
    if not found:
        return None
    if isinstance(question, Ranking):
        return read_order(cells, found)
    return read_mentions(cells, found) if isinstance(question, Mention) else read_lists(cells, found)


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """A pattern with what stands for each of its names."""
    for key, value in values.items():
        pattern = pattern.replace(f"{{{key}}}", value)
    return pattern


def _listed(cells: Cells, loop: Mapping[str, str], *, optional: bool) -> list[tuple[str, pa.Array]]:
    """The columns of answers that do not stand option by option."""
    column = cells.column
    if column.position is not None:
        placed = cells.source.placed(column)
        return [placed] if placed else []
    names = [column.from_] if isinstance(column.from_, str) else column.from_ or []
    wanted = [filled(n, loop) for n in names]
    if optional and not any(cells.source.has(n) for n in wanted):
        return []
    return [(n, c) for n in wanted if (c := cells.source.column(n)) is not None]


def _per_option(cells: Cells, loop: Mapping[str, str], *, optional: bool) -> dict[str, tuple[str, pa.Array]]:
    """The column of each option that the file has."""
    pattern = str(cells.column.from_)
    inverse = {v: k for k, v in cells.column.options.items()}
    listed = [o for o in cells.study.options(cells.question) if not inverse or o in inverse]
    left = [o for o in cells.study.options(cells.question) if o not in listed]
    if left:
        said = ", ".join(f'"{o}"' for o in left)
        cells.source.ledger.notes.append(f'{cells.source.shown}: "{cells.question.id}" was not asked about {said}')
    wanted = {o: filled(pattern, {**loop, "option": inverse.get(o, o)}) for o in listed}
    if optional and not any(cells.source.has(n) for n in wanted.values()):
        return {}
    return {o: (n, c) for o, n in wanted.items() if (c := cells.source.column(n)) is not None}
