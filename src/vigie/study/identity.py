"""What makes a figure the same figure in two waves: its wording, scale, boxes, base, mode and universe, hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vigie.study.expressions import ExpressionError, parse, written
from vigie.study.grids import Grid
from vigie.study.indicators import Indicator
from vigie.study.model import Study, UsageWeights
from vigie.study.questions import Numeric, Question, Scale
from vigie.study.resolution import resolve, resolve_indicator
from vigie.study.text import in_language, normalised
from vigie.study.waves import Wave


@dataclass(frozen=True, slots=True)
class Identity:
    """The parts of an identity, by the name of the reason that a difference in them gives for a break."""

    parts: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        return hashlib.sha256(json.dumps(self.parts, ensure_ascii=False).encode()).hexdigest()[:16]

    def differs(self, other: Identity) -> str:
        """The first part that differs ("wording", "mode", …), or nothing."""
        theirs = dict(other.parts)
        return next((name for name, value in self.parts if theirs.get(name) != value), "")


def indicator_identity(study: Study, wave: Wave, indicator: Indicator) -> Identity | None:
    """The identity of a survey indicator in a wave; None where the wave did not ask its questions."""
    questions = study.instrument(wave.id)
    try:
        main = resolve_indicator(indicator, study, questions)
        base = resolve(indicator.base, study, questions, want=("truth",))
    except ExpressionError:
        return None
    read = list(dict.fromkeys((*main.questions, *base.questions)))
    feeders = [q.per.source for q in (questions[n] for n in read) if q.per and q.per.source in questions]
    asked = [questions[n] for n in dict.fromkeys([*read, *feeders])]
    own = [questions[n] for n in main.questions]
    return Identity(
        (
            ("wording", _dump([_wording(study, q) for q in own])),
            ("options", _dump([sorted(_options(study, q)) for q in own])),
            ("scale", _dump([list(_scale(study, q)) for q in own])),
            ("expression", f"{indicator.kind} {written(main.tree)} by {indicator.by or 'all'}"),
            ("base", _dump([written(base.tree), [_routing(q) for q in asked], [_wording(study, q) for q in asked]])),
            ("dont_know", _dump([(q.dont_know.in_base if q.dont_know else None) for q in own])),
            ("mode", wave.mode),
            ("universe", _dump({k: normalised(v) for k, v in study.header.population.items()})),
            ("panel", wave.panel),
        )
    )


def score_identity(study: Study, wave: Wave, channel: str | None) -> Identity:
    """The identity of a mystery score: of one channel, or of a brand over all channels."""
    rules = study.header.mystery
    if rules is None:
        raise ValueError("the study has no mystery tests")
    grids = {c: _grid(g) for c, g in study.grids.items() if channel in (None, c)}
    weights: Any = "equal"
    if channel is not None:
        weights = "none"
    elif isinstance(rules.channel_weights, UsageWeights):
        usage = study.indicators[rules.channel_weights.from_]
        identity = indicator_identity(study, wave, usage)
        weights = ["usage", identity.key if identity else ""]
    elif rules.channel_weights is not None:
        weights = dict(sorted(rules.channel_weights.items()))
    return Identity(
        (
            ("grid", _dump([grids, rules.out_of])),
            ("channel_weights", _dump([weights, rules.absent_channel if channel is None else ""])),
            ("expression", rules.unanswered),
        )
    )


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _wording(study: Study, question: Question) -> list[str]:
    """The wording in the fieldwork languages; translations are no part of it."""
    return [normalised(in_language(question.label, language)) for language in study.header.languages]


def _options(study: Study, question: Question) -> Iterator[str]:
    """Codes with their labels; of a list of brands only that it is one, since brands come and go."""
    if study.over(question) == "brand":
        yield "brands"
        return
    for code, texts in study.options(question).items():
        yield f"{code}={'|'.join(normalised(in_language(texts, language)) for language in study.header.languages)}"


def _scale(study: Study, question: Question) -> Iterator[str]:
    if isinstance(question, Scale):
        ends = [
            normalised(in_language(t, lang))
            for t in (question.scale.low, question.scale.high)
            for lang in study.header.languages
        ]
        yield f"{question.scale.from_}..{question.scale.to} {ends}"
    if isinstance(question, Numeric):
        yield f"{question.minimum}..{question.maximum}"


def _routing(question: Question) -> str:
    """Who is asked: the routing in its normal form, and the loop."""
    routing = written(parse(question.ask_if)) if question.ask_if else "everyone"
    loop = f" per {question.per.dimension} of {question.per.source}" if question.per else ""
    return routing + loop


def _grid(grid: Grid) -> list[Any]:
    return [[d.id, d.weight, [[c.id, c.out_of, c.weight, c.needs_reply] for c in d.criteria]] for d in grid.dimensions]
