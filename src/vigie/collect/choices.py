"""Multiple questions: one column per option, chosen codes spread over columns, or several in one cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.answers import Answer, Cells, coded, specials
from vigie.collect.ledger import Mask, mask
from vigie.collect.source import without
from vigie.formats.values import codes
from vigie.study.questions import Multiple

YES = ("1", "true", "yes", "oui", "vrai", "x", "checked", "selected")
NO = ("0", "false", "no", "non", "faux", "unchecked", "not selected")


def read_options(cells: Cells, found: Mapping[str, tuple[str, pa.Array]]) -> Answer:
    """A multiple question with one column per option; a row with no filled cell did not answer."""
    yes = [*(cells.column.chosen or YES)]
    no = [*(cells.column.not_chosen or NO)]
    first = next(iter(found.values()))[1]
    special = [np.zeros(len(first), dtype=bool), np.zeros(len(first), dtype=bool)]
    touched, bad = np.zeros(len(first), dtype=bool), np.zeros(len(first), dtype=bool)
    chosen: dict[str, Mask] = {}
    refused: list[tuple[str, str, pa.Array, Mask]] = []
    said_no = False
    for option, (name, raw_cells) in found.items():
        raw = without(raw_cells, cells.column.ignore)
        special = [hit | more for hit, more in zip(special, specials(cells, raw), strict=True)]
        text = codes(raw) if cells.column.chosen else pc.utf8_lower(codes(raw))
        chosen[option] = mask(pc.is_in(text, pa.array(yes)))
        filled = mask(raw.is_valid())
        known = chosen[option] | mask(pc.is_in(text, pa.array(no))) | special[0] | special[1]
        wrong = filled & ~known
        said_no |= bool((filled & ~chosen[option] & known).any())
        refused.append((option, name, raw, wrong))
        touched, bad = touched | filled, bad | wrong
    nobody = not any(c.any() for c in chosen.values())  # what is refused is then what says yes, however many say no
    for option, name, raw, wrong in refused:
        given = int(wrong.sum()) if nobody else None
        cells.source.refuse("unknown-code", name, raw, wrong, f'says neither yes nor no to "{option}"', given)
    return _options(cells, chosen, touched, bad, special, silent=not said_no)


def read_lists(cells: Cells, found: Sequence[tuple[str, pa.Array]]) -> Answer:
    """A multiple question whose chosen codes or labels stand spread over columns, or in one delimited cell."""
    n = len(found[0][1])
    chosen = {option: np.zeros(n, dtype=bool) for option in cells.study.options(cells.question)}
    touched, bad = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    special = [np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)]
    for name, raw_cells in found:
        raw = without(raw_cells, cells.column.ignore)
        touched |= mask(raw.is_valid())
        rows, parts = split(raw, cells.column.delimiter)
        for hit, more in zip(special, specials(cells, parts), strict=True):
            hit[rows[more]] = True
        values = coded(cells, parts)
        said = special[0][rows] | special[1][rows]
        wrong = np.zeros(n, dtype=bool)
        wrong[rows[mask(parts.is_valid()) & ~mask(values.is_valid()) & ~said]] = True
        cells.source.refuse("unknown-code", name, raw, wrong, f'holds what is not a code of "{cells.question.id}"')
        bad |= wrong
        for option, hit in chosen.items():
            hit[rows[mask(pc.equal(values, option))]] = True
    return _options(cells, chosen, touched, bad, special, silent=True)


def split(raw: pa.Array, delimiter: str | None) -> tuple[npt.NDArray[np.int64], pa.Array]:
    """The pieces of delimited cells, trimmed, with the row that each came from."""
    if delimiter is None:
        return np.arange(len(raw)), raw
    lists = pc.split_pattern(raw, delimiter)
    rows = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)
    parts = pc.utf8_trim_whitespace(pc.list_flatten(lists))
    return rows, pc.if_else(pc.equal(parts, ""), pa.scalar(None, pa.string()), parts)


def _options(
    cells: Cells, chosen: Mapping[str, Mask], touched: Mask, bad: Mask, special: Sequence[Mask], *, silent: bool
) -> Answer:
    """Options as columns; a contradiction (an exclusive option beside another) takes the answer back."""
    assert isinstance(cells.question, Multiple)  # noqa: S101 - tells the type checker
    alone = [o for o in cells.study.exclusive(cells.question) if o in chosen]
    total = np.sum([c.astype(np.int64) for c in chosen.values()], axis=0)
    clash = np.zeros(len(touched), dtype=bool)
    for option in alone:
        clash |= chosen[option] & (total > 1)
    clash |= (special[0] | special[1]) & (total > 0) | special[0] & special[1]
    if clash.any():
        shown = np.full(len(clash), None, dtype=object)
        shown[clash] = ["; ".join(o for o, c in chosen.items() if c[i]) for i in np.flatnonzero(clash)]
        given, raw = int(touched.sum()), pa.array(shown, pa.string())
        cells.source.refuse("contradiction", cells.question.id, raw, clash, "excludes itself", given)
        special = [hit & ~clash for hit in special]
    answered = touched & ~bad & ~clash & ~special[0] & ~special[1]
    here = pa.array(answered)
    # an option that the file does not have was not asked about: unknown, and not "no"
    values = {
        option: pc.if_else(here, pa.array(chosen[option]), pa.scalar(None, pa.bool_()))
        if option in chosen
        else pa.nulls(len(touched), pa.bool_())
        for option in cells.study.options(cells.question)
    }
    return Answer(values, answered, special[0], special[1], touched, silent)
