"""Which columns of sums a wave's indicators need: the base and the value of each figure, as expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from vigie.results.figures import Source
from vigie.study.brands import on_day
from vigie.study.expressions import Name, Tree
from vigie.study.identity import Identity, indicator_identity
from vigie.study.indicators import Indicator
from vigie.study.model import Study
from vigie.study.pieces import Piece, pieces, texts, whole_question
from vigie.study.questions import Multiple, Numeric, Open, Question, Scale
from vigie.study.resolution import Resolved, resolve
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
    unit: Literal["share", "mean", "nps"]
    out_of: float | None
    low: float | None
    high: float | None
    dont_know: tuple[str, ...]  # questions with a "don't know"
    dont_know_in_base: tuple[str, ...]
    question: Question | None  # the one whose wording is shown
    part: tuple[str, str] | None = None  # the figure's own place in the segment: ("gap", "above"), ("trust", "speed")


def plans(study: Study, wave: Wave, source: Source = "survey", coder: str = "") -> Iterator[Plan]:
    """The figures that a wave can yield of a source: those of the indicators whose questions its instrument asks."""
    questions = study.asked(source, wave.id)
    for indicator in study.indicators.values():
        if indicator.source != source or indicator.kind == "time_to":
            continue
        identity = indicator_identity(study, wave, indicator, coder)
        if identity is None:
            continue
        for piece in pieces(indicator, study, questions):
            yield _plan(study, questions, indicator, identity, piece)
        text = texts(indicator, questions)
        if isinstance(text, Open) and text.per is None:
            yield _named(study, wave, questions, indicator, identity, text)


def _named(
    study: Study, wave: Wave, questions: Mapping[str, Question], indicator: Indicator, identity: Identity, text: Open
) -> Plan:
    """The share of texts that name each brand: the columns `question.brand` are made by `engine.verbatims`."""
    base = resolve(indicator.base, study, questions, want=("truth",))
    main = Resolved(Name(text.id), "options", (text.id,), None)
    options = tuple(("brand", b) for b in sorted(on_day(study.brands, wave.field[0] if wave.field else None)))
    return Plan(indicator, identity, main, base.tree, options, base.loop, "share", None, None, None, (), (), text)


def _plan(
    study: Study, questions: Mapping[str, Question], indicator: Indicator, identity: Identity, piece: Piece
) -> Plan:
    main = piece.main
    read = [questions[n] for n in main.questions]
    options = tuple(_parts(study, piece, questions))
    low, high = _range(piece, read)
    whole = read[0] if piece.kind == "mean" and isinstance(main.tree, Name) else None
    scale = whole.scale.to if isinstance(whole, Scale) else None
    return Plan(
        indicator, identity, main, piece.base.tree, options, main.loop or piece.base.loop, piece.kind,
        float(scale) if scale is not None else None, low, high,
        tuple(q.id for q in read if q.dont_know),
        tuple(q.id for q in read if q.dont_know and q.dont_know.in_base and piece.kind == "share"),
        read[0] if read else None, piece.part,
    )  # fmt: skip


def _parts(study: Study, piece: Piece, questions: Mapping[str, Question]) -> Iterator[tuple[str, str]]:
    """The options or marks that a share is given for, each as (segment dimension, code)."""
    question = whole_question(piece, questions)
    if isinstance(question, Scale):
        yield from ((question.id, str(mark)) for mark in range(question.scale.from_, question.scale.to + 1))
    elif question is not None:
        alone = study.exclusive(question) if isinstance(question, Multiple) else ()  # "none" is no channel
        for code in study.options(question):
            yield question.id if code in alone else study.over(question), code


def _range(piece: Piece, read: list[Question]) -> tuple[float | None, float | None]:
    """The ends beyond which no interval goes, where a figure is the mean of one scale or of one number."""
    if piece.kind == "nps":
        return -1.0, 1.0
    if piece.kind == "mean" and len(read) == 1 and isinstance(piece.main.tree, Name):
        if isinstance(read[0], Scale):
            return float(read[0].scale.from_), float(read[0].scale.to)
        if isinstance(read[0], Numeric):
            return read[0].minimum, read[0].maximum
    return None, None
