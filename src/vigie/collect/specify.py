"""The words of "other, please specify": kept beside the option that asks for them, and never part of a named one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.answers import Answer, Cells
from vigie.collect.ledger import Mask, mask
from vigie.collect.source import without
from vigie.formats.columns import trimmed
from vigie.study.imports import Column
from vigie.study.questions import Multiple, Single


def add_words(cells: Cells, given: Column | None, loop: Mapping[str, str], answer: Answer) -> None:
    """Put the words of each option that asks for them beside the answer.

    `given` is the import's column or pattern; else the file's `question.option.text` is read where it is there. Words
    without their option are refused and not shown: nobody ticks a box for somebody else.
    """
    if not isinstance(cells.question, Single | Multiple) or not cells.question.specify:
        return
    by_column: dict[str, list[str]] = {}
    for option in cells.question.specify:
        by_column.setdefault(_name(cells, given, loop, option), []).append(option)
    for name, options in by_column.items():
        placed = _placed(cells, given, name)
        if placed is None:
            continue
        shown, texts = placed
        left = mask(texts.is_valid())
        filled = int(left.sum())
        for option in options:
            here = left & _chosen(cells, answer, option)
            answer.texts[option] = pc.if_else(pa.array(here), texts, pa.scalar(None, pa.string()))
            left &= ~here
        said = " or ".join(f'"{o}"' for o in options)
        words = pa.repeat("a text", len(texts))
        cells.source.refuse("contradiction", shown, words, left, f"stands beside {said}, which is not chosen", filled)


def _name(cells: Cells, given: Column | None, loop: Mapping[str, str], option: str) -> str:
    """The column of an option's words."""
    question = cells.question
    if given is None:
        place = [f"{{{question.per.dimension}}}"] if question.per is not None else []
        pattern, table = ".".join([question.id, *place, "{option}", "text"]), {}
    else:
        pattern = given.from_ if isinstance(given.from_, str) else (given.from_ or [""])[0]
        table = given.options or (cells.column.options if isinstance(question, Multiple) else {})
    inverse = {v: k for k, v in table.items()}
    for key, value in {**loop, "option": inverse.get(option, option)}.items():
        pattern = pattern.replace(f"{{{key}}}", value)
    return pattern


def _placed(cells: Cells, given: Column | None, name: str) -> tuple[str, pa.Array] | None:
    """The texts of a column, with the name to show; None where there is none and need be none."""
    source = cells.source
    if given is not None and given.position is not None:
        placed = source.placed(given)
    elif source.has(name) or (given is not None and cells.question.per is None):
        column = source.column(name)
        placed = None if column is None else (name, without(column, given.ignore if given else ()))
    else:
        placed = None
    if placed is None:
        return None
    return placed[0], trimmed(placed[1])


def _chosen(cells: Cells, answer: Answer, option: str) -> Mask:
    """Who chose an option."""
    if isinstance(cells.question, Multiple):
        return mask(answer.values[option]) if option in answer.values else np.zeros(len(cells.source), dtype=bool)
    return mask(pc.equal(answer.values[""], option))
