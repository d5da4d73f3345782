"""What makes a figure the same figure in two waves: its wording, scale, boxes, base, mode and universe, hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from vigie.study.definitions import answers, defined, dont_know, dump, judged, scale, words
from vigie.study.expressions import Call, Name, Option, Tree, names, written
from vigie.study.indicators import Indicator
from vigie.study.model import Study
from vigie.study.panels import PANEL, panels
from vigie.study.parsing import parse
from vigie.study.pieces import KeyedError, Piece, indicator_questions, pieces, whole_question
from vigie.study.questions import Question
from vigie.study.resolution import READ, resolve
from vigie.study.sections import UsageWeights
from vigie.study.settling import same_waves, settled_grid, settled_questions
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
        return next(iter(self.differences(other)), "")

    def differences(self, other: Identity) -> list[str]:
        """Every part that differs."""
        theirs = dict(other.parts)
        return [name for name, value in self.parts if theirs.get(name) != value]


def indicator_identity(study: Study, wave: Wave, indicator: Indicator, coder: str = "") -> Identity | None:
    """The identity of an indicator in a wave; None where the wave did not ask its questions.

    `coder` names the automatic reading, which is part of the identity of what it reads. Made once for each study.
    Changes that `same_as:` declares harmless, of its questions or its own, do not show in it. Raises `ExpressionError`
    where its expressions do not fit the wave's questions, which `vigie check` tells.
    """
    if not indicator.same_as:
        return measured(study, wave, indicator, coder)

    def version(name: str) -> Identity | None:
        return measured(study, study.waves[name], indicator, coder)

    settled = same_waves(list(study.waves), version, indicator.same_as).get(wave.id, wave.id)
    return measured(study, study.waves[settled], indicator, coder)


def measured(study: Study, wave: Wave, indicator: Indicator, coder: str = "") -> Identity | None:
    """The identity without what the indicator itself declares harmless."""
    made = _MADE.setdefault(study, {})
    key = (wave.id, indicator.id, coder)
    if key not in made:
        made[key] = _identity(study, wave, indicator, coder)
    return made[key]


def _identity(study: Study, wave: Wave, indicator: Indicator, coder: str) -> Identity | None:
    of_survey = indicator.source == "survey"
    questions = settled_questions(study, wave) if of_survey else study.asked(indicator.source, wave.id)
    named = indicator_questions(indicator)
    if named - set(questions) & set(study.asked(indicator.source)):
        return None
    try:
        found = pieces(indicator, study, questions)
    except KeyedError:  # as they were before a declared change, the questions of several waves may not go together
        questions = study.asked(indicator.source, wave.id)
        found = pieces(indicator, study, questions)
    if not found and indicator.kind not in ("time_to", "mentions"):
        return None
    bases = [p.base for p in found] or [resolve(indicator.base, study, questions, want=("truth",))]
    told = dict.fromkeys(written(b.tree) for b in bases)  # of a grid that the base names, one per item
    base = next(iter(told)) if len(told) == 1 else written(parse(indicator.base))
    read = list(dict.fromkeys(n for p in found for n in p.main.questions)) or sorted(named & set(questions))
    own = [questions[n] for n in read]
    around = [questions[n] for n in asked_for(questions, (*read, *(n for b in bases for n in b.questions)))]
    population = {language: in_language(study.population(wave), language) for language in study.header.languages}
    whole = _whole_lists(indicator, found, [b.tree for b in bases], around, questions)
    trees = [r.tree for r in (*(p.main for p in found), *bases)]
    reads = any(leaf.function in READ for tree in trees for leaf in names(tree) if isinstance(leaf, Call))
    return Identity(
        (
            ("wording", dump([words(study, q.label) for q in own])),
            ("options", dump([list(answers(study, q, whole)) for q in own])),
            ("scale", dump([list(scale(study, q)) for q in own])),
            ("expression", _expression(indicator, found)),
            ("dont_know", dump([dont_know(q) for q in own])),
            ("base", dump([base, [defined(study, q, whole) for q in around], *_weighted(study, indicator)])),
            ("mode", wave.mode if of_survey else indicator.source),
            ("universe", dump({k: normalised(v) for k, v in population.items()}) if of_survey else ""),
            ("panel", sample_source(study, wave) if of_survey else ""),
            ("coder", coder if reads or indicator.kind == "mentions" else ""),
        )
    )


def _weighted(study: Study, indicator: Indicator) -> list[str]:
    """Whom a weighting of its own makes the figure speak of."""
    rules = study.header.weighting
    among = rules.among.get(indicator.weighting or "") if rules else None
    return [written(parse(among.base))] if among is not None else []


def sample_source(study: Study, wave: Wave) -> str:
    """Where respondents come from: one source, or a blend of panels, with the shares that weights give each of them."""
    blended = panels(wave)
    if not blended:
        return wave.panel
    shares = {m.population: m.profile for m in study.margins.get(wave.id, ()) if m.variable == PANEL}
    return dump([sorted(blended), shares])


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


def asked_for(questions: Mapping[str, Question], read: Iterable[str]) -> list[str]:
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


def _whole_lists(
    indicator: Indicator, found: Sequence[Piece], bases: Sequence[Tree], around: Sequence[Question],
    questions: Mapping[str, Question],
) -> set[str]:  # fmt: skip
    """The questions whose list of options counts as a whole, and not option by option.

    One figure per channel, of a list or a loop, does not depend on which other channels the list holds; what counts
    over the list does: `count(used)`, `any(used)`, evaluations of all channels together.
    """
    each = {q.id for p in found if (q := whole_question(p, questions)) is not None}
    routed = [parse(q.ask_if) for q in around if q.ask_if]
    leaves = [leaf for p in found for leaf in names(p.main.tree) if not (isinstance(leaf, Name) and leaf.name in each)]
    leaves += [leaf for tree in (*bases, *routed) for leaf in names(tree)]
    whole = {leaf.name for leaf in leaves if not isinstance(leaf, Option)}
    return whole | {q.per.source for q in around if q.per is not None and q.per.dimension not in indicator.by}


def score_identity(study: Study, wave: Wave, channel: str | None, tested: Iterable[str] = ()) -> Identity:
    """The identity of a mystery score: of one channel, or of a brand over the channels `tested`."""
    rules = study.header.mystery
    if rules is None:
        raise ValueError("the study has no mystery tests")
    fielded = study.grids_of(wave.id)
    grids = {c: judged(study, settled_grid(study, wave, c)) for c in fielded if channel in (None, c)}
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
            ("grid", dump([grids, rules.out_of])),
            ("channel_weights", dump([weights, rules.absent_channel if channel is None else ""])),
            ("channels", dump(sorted(tested))),
            ("expression", rules.unanswered),
        )
    )
