"""Whom the figures of a table stand on: its base, its filter and its weighting, said wherever the table goes."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.language import Words
from vigie.results.figures import Estimate
from vigie.results.tables import Table


def cells(table: Table) -> Iterator[Estimate]:
    """The figures of a table."""
    return (cell for line in table.lines for cell in line.cells if cell is not None)


def base(words: Words, table: Table) -> str:
    """Who is in it, as an expression of the study, or everybody."""
    first = next(cells(table), None)
    everyone = {
        "survey": words.gettext("all respondents"), "mystery": words.gettext("all tests"),
        "reviews": words.gettext("all reviews"), "log": words.gettext("all cases"),
    }[first.source if first else "survey"]  # fmt: skip
    return everyone if table.base in ("", "everyone") else table.base


def weighting(words: Words, table: Table) -> str:
    """Whether people were weighted; nothing of what is no survey."""
    first = next(cells(table), None)
    if first is None or first.source != "survey":
        return ""
    said = {"": words.gettext("unweighted"), "base": words.gettext("weighted by the weights of the file")}
    return said.get(first.lineage.weighting) or words.gettext("weighted")


def basis(words: Words, table: Table) -> Iterator[str]:
    """The same in sentences."""
    yield words.gettext("Base: {bases}.", bases=base(words, table))
    if table.filter:
        yield words.gettext("Filter: {filter}.", filter=table.filter)
    weighted = weighting(words, table)
    if weighted:
        yield words.typeset(weighted.capitalize()) + "."
