"""Means over a list of channels that changed: computed once more on the channels that two waves both list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from vigie.engine.plan import Plan, plans
from vigie.study.definitions import over_channels
from vigie.study.expressions import Call, Compute, Constant, Either, Option, Tree, names
from vigie.study.model import Study
from vigie.study.pieces import replaced
from vigie.study.questions import Multiple, Question
from vigie.study.waves import Wave

COUNTING = ("any", "count")  # what looks at a list as a whole
LIST = "list"  # the dimension that such a figure has beside its own; it is kept for the comparison, and not printed


def common_plans(study: Study, wave: Wave, coder: str) -> Iterator[Plan]:
    """For every other wave that lists other channels, the means of `count(…)` on the channels of both lists.

    Of means alone: shares and funnels of a list that changed are not comparable, and break.
    """
    asked = study.instrument(wave.id)
    for other in study.waves.values():
        if other.id == wave.id or "survey" not in other.by_source:
            continue
        lists = {name: common for name, q in asked.items() if (common := _common(study, q, other))}
        if not lists:
            continue
        narrowed = _narrowed(study, (wave, other), lists)
        for plan in plans(narrowed, wave, "survey", coder):
            if _counts(plan, lists):
                yield _on(plan, lists, between(wave.id, other.id))


def _counts(plan: Plan, lists: Mapping[str, Sequence[str]]) -> bool:
    """Whether a figure is the mean of what is counted in one of the lists."""
    counted = (leaf for leaf in names(plan.main.tree) if isinstance(leaf, Call) and leaf.function in COUNTING)
    return (
        plan.unit == "mean" and plan.part is None and plan.loop is None and any(leaf.name in lists for leaf in counted)
    )


def between(one: str, other: str) -> tuple[str, str]:
    """The dimension of a figure on the common list of two waves, and its code."""
    return LIST, " ".join(sorted((one, other)))


def _common(study: Study, question: Question, other: Wave) -> list[str]:
    """The channels that both waves list; nothing where the lists are the same, or have nothing in common."""
    then = study.instrument(other.id).get(question.id)
    if then is None or not (over_channels(study, question) and over_channels(study, then)):
        return []
    here, there = (set(_channels(study, q)) for q in (question, then))
    return [c for c in _channels(study, question) if c in there] if here != there else []


def _channels(study: Study, question: Question) -> list[str]:
    alone = study.exclusive(question) if isinstance(question, Multiple) else ()
    return [c for c in study.options(question) if c not in alone]


def _narrowed(study: Study, waves: tuple[Wave, Wave], lists: dict[str, list[str]]) -> Study:
    """The study as if both waves had offered the common channels only: so their figures have one identity."""
    instruments = dict(study.instruments)
    for wave in waves:
        asked = dict(study.instrument(wave.id))
        for name, kept in lists.items():
            gone = [c for c in study.header.channels if c not in kept]
            asked[name] = asked[name].model_copy(update={"without": gone})
        instruments[wave.id] = asked
    return replace(study, instruments=instruments)


def _on(plan: Plan, lists: dict[str, list[str]], part: tuple[str, str]) -> Plan:
    """The plan with `count(used)` as the sum of the common channels, and `any(used)` as the use of one of them."""

    def common(leaf: Tree) -> Tree:
        if not (isinstance(leaf, Call) and leaf.function in COUNTING and leaf.name in lists):
            return leaf
        options: list[Tree] = [Option(leaf.name, code) for code in lists[leaf.name]]
        if leaf.function == "any":
            return reduce(Either, options)
        nothing: Tree = Constant(0.0)
        return reduce(lambda total, option: Compute("+", total, option), options, nothing)

    main = replace(plan.main, tree=replaced(plan.main.tree, common))
    return replace(plan, main=main, base=replaced(plan.base, common), part=part)
