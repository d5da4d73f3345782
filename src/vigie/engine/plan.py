"""Which columns of sums a wave's indicators need: the base and the value of each figure, as expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vigie.results import Unit
from vigie.study.expressions import Name, Tree
from vigie.study.identity import Identity, indicator_identity
from vigie.study.indicators import Indicator
from vigie.study.model import Study
from vigie.study.questions import Multiple, Question, Scale
from vigie.study.resolution import Resolved, parted, resolve, resolve_indicator
from vigie.study.waves import Wave


@dataclass(frozen=True, slots=True)
class Plan:
    """An indicator made ready for a wave.

    `options` lists the codes of a multi-response share, one figure each; `loop` is (dimension, source) for figures on
    evaluations; `states` are the questions whose "don't know" decides who is in the base.
    """

    indicator: Indicator
    identity: Identity
    main: Resolved
    base: Tree
    options: tuple[tuple[str, str], ...]  # (segment dimension, code)
    loop: tuple[str, str] | None
    unit: Unit
    out_of: float | None
    low: float | None
    high: float | None
    dont_know: tuple[str, ...]  # questions with a "don't know"
    dont_know_in_base: tuple[str, ...]
    question: Question | None  # the one whose wording is shown


def plans(study: Study, wave: Wave) -> Iterator[Plan]:
    """The indicators that a wave can yield: those whose questions its instrument asks."""
    questions = study.instrument(wave.id)
    for indicator in study.indicators.values():
        identity = indicator_identity(study, wave, indicator)
        if identity is not None:
            yield _plan(study, questions, indicator, identity)


def _plan(study: Study, questions: Mapping[str, Question], indicator: Indicator, identity: Identity) -> Plan:
    main = resolve_indicator(indicator, study, questions)
    base = resolve(indicator.base, study, questions, want=("truth",))
    read = [questions[n] for n in main.questions]
    options = tuple(_parts(study, main, questions)) if indicator.kind == "share" else ()
    low, high = _range(main, read, indicator)
    unit: Unit = "mean" if indicator.kind == "mean" else "nps" if indicator.kind == "nps" else "share"
    whole = read[0] if unit == "mean" and isinstance(main.tree, Name) else None
    scale = whole.scale.to if isinstance(whole, Scale) else None
    return Plan(
        indicator, identity, main, base.tree, options, main.loop or base.loop, unit,
        float(scale) if scale is not None else None, low, high,
        tuple(q.id for q in read if q.dont_know),
        tuple(q.id for q in read if q.dont_know and q.dont_know.in_base and unit == "share"),
        read[0] if read else None,
    )  # fmt: skip


def _parts(study: Study, main: Resolved, questions: Mapping[str, Question]) -> Iterator[tuple[str, str]]:
    """The options or marks that a share is given for, each as (segment dimension, code)."""
    question = parted(main, questions)
    if isinstance(question, Scale):
        yield from ((question.id, str(mark)) for mark in range(question.scale.from_, question.scale.to + 1))
    elif question is not None:
        alone = study.exclusive(question) if isinstance(question, Multiple) else ()  # "none" is no channel
        for code in study.options(question):
            yield question.id if code in alone else study.over(question), code


def _range(main: Resolved, read: list[Question], indicator: Indicator) -> tuple[float | None, float | None]:
    """The ends beyond which no interval goes, where the indicator is one scale's mean."""
    if indicator.kind == "nps":
        return -1.0, 1.0
    if indicator.kind == "mean" and len(read) == 1 and isinstance(read[0], Scale) and isinstance(main.tree, Name):
        return float(read[0].scale.from_), float(read[0].scale.to)
    return None, None
