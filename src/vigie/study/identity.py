"""What makes a figure the same figure in two waves: its wording, scale, boxes, base, mode and universe, hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from vigie.study.expressions import Call, names, written
from vigie.study.grids import Grid
from vigie.study.indicators import Indicator
from vigie.study.model import Study
from vigie.study.panels import PANEL, panels
from vigie.study.parsing import parse
from vigie.study.pieces import KeyedError, Piece, indicator_questions, pieces
from vigie.study.questions import Multiple, Numeric, Question, Scale
from vigie.study.resolution import READ, resolve
from vigie.study.sections import UsageWeights
from vigie.study.text import in_language, normalised
from vigie.study.waves import Wave

_MADE: WeakKeyDictionary[Study, dict[tuple[str, str, str], Identity | None]] = WeakKeyDictionary()


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


def indicator_identity(study: Study, wave: Wave, indicator: Indicator, coder: str = "") -> Identity | None:
    """The identity of an indicator in a wave; None where the wave did not ask its questions.

    `coder` names the automatic reading, which is part of the identity of what it reads. Made once for each study.
    """
    made = _MADE.setdefault(study, {})
    key = (wave.id, indicator.id, coder)
    if key not in made:
        made[key] = _identity(study, wave, indicator, coder)
    return made[key]


def _identity(study: Study, wave: Wave, indicator: Indicator, coder: str) -> Identity | None:
    questions = study.asked(indicator.source, wave.id)
    named = indicator_questions(indicator)
    if named - set(questions) & set(study.asked(indicator.source)):
        return None
    try:
        found = pieces(indicator, study, questions)
    except KeyedError:
        if indicator.source == "survey" and wave.id in study.instruments:
            return None  # `vigie check` has told
        raise
    if not found and indicator.kind not in ("time_to", "mentions"):
        return None
    bases = [p.base for p in found] or [resolve(indicator.base, study, questions, want=("truth",))]
    told = dict.fromkeys(written(b.tree) for b in bases)  # of a grid that the base names, one per item
    base = next(iter(told)) if len(told) == 1 else written(parse(indicator.base))
    read = list(dict.fromkeys(n for p in found for n in p.main.questions)) or sorted(named & set(questions))
    own = [questions[n] for n in read]
    around = [questions[n] for n in _asked(questions, (*read, *(n for b in bases for n in b.questions)))]
    population = {language: in_language(study.header.population, language) for language in study.header.languages}
    trees = [r.tree for r in (*(p.main for p in found), *bases)]
    reads = any(leaf.function in READ for tree in trees for leaf in names(tree) if isinstance(leaf, Call))
    of_survey = indicator.source == "survey"
    return Identity(
        (
            ("wording", _dump([_wording(study, q) for q in own])),
            ("options", _dump([list(_options(study, q)) for q in own])),
            ("scale", _dump([list(_scale(study, q)) for q in own])),
            ("expression", _expression(indicator, found)),
            ("dont_know", _dump([_dont_know(q) for q in own])),
            ("base", _dump([base, [_definition(study, q) for q in around], *_weighted(study, indicator)])),
            ("mode", wave.mode if of_survey else indicator.source),
            ("universe", _dump({k: normalised(v) for k, v in population.items()}) if of_survey else ""),
            ("panel", _panels(study, wave) if of_survey else ""),
            ("coder", coder if reads or indicator.kind == "mentions" else ""),
        )
    )


def _weighted(study: Study, indicator: Indicator) -> list[str]:
    """Whom a weighting of its own makes the figure speak of."""
    rules = study.header.weighting
    among = rules.among.get(indicator.weighting or "") if rules else None
    return [written(parse(among.base))] if among is not None else []


def _panels(study: Study, wave: Wave) -> str:
    """Where respondents come from: one source, or a blend of panels, with the shares that weights give each of them."""
    blended = panels(wave)
    if not blended:
        return wave.panel
    margins = [m for m in study.margins.get(wave.id, ()) if m.variable == PANEL]
    return _dump([sorted(blended), [[m.population, m.totals] for m in margins]])


def _expression(indicator: Indicator, found: Sequence[Piece]) -> str:
    """What is computed, in one normal form."""
    loops = [b for b in indicator.by if indicator.source == "survey"]
    by = ", ".join(loops) or "all"
    if indicator.kind == "time_to":
        return f"time_to {indicator.time_to} from {indicator.from_} within {indicator.within} until {indicator.cutoff}"
    told = "; ".join(dict.fromkeys(f"{p.part[0] if p.part else ''} {written(p.main.tree)}".strip() for p in found))
    if len(found) > 1 and len({p.part[0] for p in found if p.part}) == 1 and indicator.kind in ("share", "mean"):
        told = f"{indicator.expression} top {indicator.top}"  # of items and options, which come and go
    return f"{indicator.kind} {told or indicator.expression} by {by}"


def _asked(questions: Mapping[str, Question], read: Iterable[str]) -> list[str]:
    """The questions that decide who is asked these: their loops' feeders and their routing, all the way up."""
    found: dict[str, None] = {}
    pending = list(read)
    while pending:
        name = pending.pop(0)
        if name in found or name not in questions:
            continue
        found[name] = None
        question = questions[name]
        pending += [question.per.source] if question.per else []
        pending += [leaf.name for leaf in names(parse(question.ask_if))] if question.ask_if else []
    return list(found)


def _definition(study: Study, question: Question) -> list[Any]:
    """All of a question that decides who answers it, and what the answer means."""
    told = [_wording(study, question), list(_options(study, question)), list(_scale(study, question))]
    return [*told, _routing(question), _dont_know(question)]


def _dont_know(question: Question) -> bool | None:
    return question.dont_know.in_base if question.dont_know else None


def score_identity(study: Study, wave: Wave, channel: str | None, tested: Iterable[str] = ()) -> Identity:
    """The identity of a mystery score: of one channel, or of a brand over the channels `tested`."""
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
            ("channels", _dump(sorted(tested))),
            ("expression", rules.unanswered),
        )
    )


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _wording(study: Study, question: Question) -> list[str]:
    """The wording in the fieldwork languages; translations are no part of it."""
    return [normalised(in_language(question.label, language)) for language in study.header.languages]


def _options(study: Study, question: Question) -> Iterator[str]:
    """Codes with their labels, and which stand alone; of brands only that it is a list of them: they come and go."""
    if study.over(question) == "brand":
        yield "brands"
        return
    if isinstance(question, Multiple):
        yield f"alone: {sorted(study.exclusive(question))}"
    for code, texts in sorted(study.options(question).items()):
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
        unit = [normalised(in_language(question.unit or {}, language)) for language in study.header.languages]
        yield f"{question.minimum}..{question.maximum} {unit}"


def _routing(question: Question) -> str:
    """Who is asked: the routing in its normal form, and the loop."""
    routing = written(parse(question.ask_if)) if question.ask_if else "everyone"
    if question.per is None:
        return routing
    loop = question.per
    drawn = f"{loop.choose} {loop.at_most}" if loop.at_most else "all"
    return f"{routing} per {loop.dimension} of {loop.source} {drawn} except {sorted(loop.except_)}"


def _grid(grid: Grid) -> list[Any]:
    return [[d.id, d.weight, [[c.id, c.out_of, c.weight, c.needs_reply] for c in d.criteria]] for d in grid.dimensions]
