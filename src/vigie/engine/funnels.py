"""Funnels whose states are conditions: everybody in the base is in one state and no other, or nothing is computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import combinations
from operator import add, and_
from typing import Any

import ibis

from vigie.engine.algebra import IbisAlgebra
from vigie.engine.plan import Plan
from vigie.errors import Problem
from vigie.study.expressions import fold
from vigie.study.loading import FILE
from vigie.study.waves import Wave

NOUNS = {"person": "people", "test": "tests", "review": "reviews", "case": "cases"}


def states_of(plan: Plan, plans: Sequence[Plan]) -> list[Plan]:
    """All states of a plan's funnel; none where the plan is no state of one."""
    if not isinstance(plan.indicator.funnel, dict) or plan.part is None:
        return []
    return [p for p in plans if p.indicator is plan.indicator and p.part and p.part[0] == plan.part[0]]


def state(plan: Plan, states: Sequence[Plan], algebra: IbisAlgebra) -> Any:
    """Whether this is somebody's state, as a column; unknown where none is known to be.

    Who is known to be in one state is in no other, whatever else was left unanswered; so all shares have one base.
    """
    known = [fold(p.main.tree, algebra).fill_null(False) for p in states]
    some = reduce(lambda a, b: a | b, known)
    return ibis.ifelse(some, fold(plan.main.tree, algebra).fill_null(False), ibis.null("boolean"))


def open_funnel(
    states: Sequence[Plan], table: Any, algebra: IbisAlgebra, what: str, wave: Wave
) -> Iterator[Problem]:  # fmt: skip
    """The problem of a funnel that leaves rows of its base out, or has them in several states."""
    indicator = states[0].indicator
    truths = [fold(p.main.tree, algebra) for p in states]
    inside = fold(states[0].base, algebra).fill_null(False)
    numbers = [t.cast("int64") for t in truths]  # Ibis writes (NOT …) IS NOT NULL without the brackets
    count = reduce(add, (n.fill_null(0) for n in numbers))
    known = reduce(and_, (n.notnull() for n in numbers))
    counts = {"none": inside & known & (count == 0), "several": inside & (count > 1)}
    pairs = list(combinations(range(len(states)), 2))
    both = {f"p{i}": inside & (truths[a] & truths[b]).fill_null(False) for i, (a, b) in enumerate(pairs)}
    row = table.aggregate(**{k: v.sum() for k, v in (counts | both).items()}).to_pyarrow().to_pylist()[0]
    none, several = int(row["none"] or 0), int(row["several"] or 0)
    if not none and not several:
        return
    names = [p.part[1] if p.part else "" for p in states]
    said = []
    if none:
        said.append(f"{_counted(none, what)} in no state")
    if several:
        worst = max(range(len(pairs)), key=lambda i: int(row[f"p{i}"] or 0))
        a, b = (names[i] for i in pairs[worst])
        said.append(f'{_counted(several, what)} in several ("{a}" and "{b}": {int(row[f"p{worst}"])})')
    hints = []
    if none:
        hints.append("Add a state for the rest, or give the funnel a base.")
    if several:
        hints.append(f'Write the states so that they exclude each other: "… and not (…)" in "{b}".')
    message = f'The funnel "{indicator.id}" is open in wave {wave.id}: {"; ".join(said)}.'
    yield Problem("funnel-open", message, " ".join(hints), FILE)


def _counted(n: int, grain: str) -> str:
    if n == 1:
        return f"1 {grain}"
    return f"{n:,} {NOUNS.get(grain, f'evaluations by {grain}')}"
