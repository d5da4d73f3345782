"""Rankings: the place of each option, or the options place by place; an order that cannot be is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.answers import Answer, Cells, coded, specials, told_apart
from vigie.collect.choices import split
from vigie.collect.ledger import Mask, mask
from vigie.collect.source import without
from vigie.formats.values import numbers
from vigie.study.questions import Ranking

Places = npt.NDArray[np.float64]  # rows × options: the place given, nan where none is


def read_places(cells: Cells, found: Mapping[str, tuple[str, pa.Array]]) -> Answer:
    """A ranking with one column per option, which holds the option's place."""
    options, most = _ends(cells)
    n = len(next(iter(found.values()))[1])
    order = np.full((n, len(options)), np.nan)
    touched, bad = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    special = [np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)]
    for option, (name, raw_cells) in found.items():
        raw = without(raw_cells, cells.column.ignore)
        said, plain = told_apart(cells, raw)
        special = [hit | more for hit, more in zip(special, said, strict=True)]
        values = numbers(plain, decimal=cells.column.decimal or cells.source.rules.decimal).values
        place = np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64)
        fits = (place >= 1) & (place <= most) & (place == np.floor(place))
        wrong = mask(plain.is_valid()) & ~fits
        cells.source.refuse("bad-number", name, plain, wrong, f"is not a place from 1 to {most}")
        order[:, options.index(option)] = np.where(fits, place, np.nan)
        touched, bad = touched | mask(raw.is_valid()), bad | wrong
    return _ranked(cells, order, list(found), touched, bad, special)


def read_order(cells: Cells, found: Sequence[tuple[str, pa.Array]]) -> Answer:
    """A ranking whose options stand in order: in columns, first place first, or in one delimited cell."""
    options, most = _ends(cells)
    n = len(found[0][1])
    order = np.full((n, len(options)), np.nan)
    touched, bad, twice = (np.zeros(n, dtype=bool) for _ in range(3))
    special = [np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)]
    for number, (name, raw_cells) in enumerate(found):
        raw = without(raw_cells, cells.column.ignore)
        touched |= mask(raw.is_valid())
        rows, parts = split(raw, cells.column.delimiter)
        first = np.searchsorted(rows, rows)  # where each row's pieces begin
        places = np.arange(len(rows)) - first + 1.0 + number
        for hit, more in zip(special, specials(cells, parts), strict=True):
            hit[rows[more]] = True
        values = coded(cells, parts)
        option = np.asarray(pc.fill_null(pc.index_in(values, pa.array(options)), -1).to_numpy(zero_copy_only=False))
        named = option >= 0
        wrong = np.zeros(n, dtype=bool)
        wrong[rows[mask(parts.is_valid()) & ~named & ~special[0][rows] & ~special[1][rows]]] = True
        cells.source.refuse("unknown-code", name, raw, wrong, f'holds what is not a code of "{cells.question.id}"')
        late = np.zeros(n, dtype=bool)
        late[rows[named & (places > most)]] = True
        cells.source.refuse("bad-number", name, raw, late & ~wrong, f"goes beyond the {most} places")
        bad |= wrong | late
        given = np.zeros((n, len(options)), dtype=np.int64)
        np.add.at(given, (rows[named], option[named]), 1)
        twice |= ((given > 1) | (given > 0) & ~np.isnan(order)).any(axis=1)
        order[rows[named], option[named]] = places[named]
    return _ranked(cells, order, options, touched, bad, special, twice)


def _ends(cells: Cells) -> tuple[list[str], int]:
    """The options, and how many of them are ranked at most."""
    assert isinstance(cells.question, Ranking)  # noqa: S101 - tells the type checker
    options = list(cells.study.options(cells.question))
    return options, min(cells.question.places or len(options), len(options))


def _ranked(
    cells: Cells, order: Places, asked: Sequence[str], touched: Mask, bad: Mask, special: Sequence[Mask],
    twice: Mask | None = None,
) -> Answer:  # fmt: skip
    """Places as columns; ties, gaps and options ranked twice take the answer back.

    What was not ranked stands after all: its place is the number of options + 1.
    """
    options, _ = _ends(cells)
    ranked = (~np.isnan(order)).any(axis=1)
    in_turn = np.sort(order, axis=1)  # nan last
    uneven = (~np.isnan(in_turn) & (in_turn != np.arange(1, len(options) + 1))).any(axis=1)
    clash = uneven if twice is None else uneven | twice
    clash = clash | (special[0] | special[1]) & ranked | special[0] & special[1]
    clash = clash & ~bad
    if clash.any():
        shown = np.full(len(clash), None, dtype=object)
        shown[clash] = [_shown(options, order[i]) for i in np.flatnonzero(clash)]
        given, raw = int(touched.sum()), pa.array(shown, pa.string())
        cells.source.refuse("contradiction", cells.question.id, raw, clash, "is no order", given)
    special = [hit & ~clash & ~bad for hit in special]
    answered = ranked & ~bad & ~clash & ~special[0] & ~special[1]
    places = np.where(np.isnan(order), len(options) + 1.0, order)
    # an option that the file does not have was not asked about: its place is unknown, and not the last
    values = {
        option: pa.array(places[:, k], mask=~answered) if option in asked else pa.nulls(len(touched), pa.float64())
        for k, option in enumerate(options)
    }
    return Answer(values, answered, special[0], special[1], touched)


def _shown(options: Sequence[str], places: Places) -> str:
    return "; ".join(f"{o} {p:.0f}" for o, p in zip(options, places, strict=True) if not np.isnan(p))
