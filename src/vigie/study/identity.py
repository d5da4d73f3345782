"""What makes a figure the same figure in two waves: its wording, scale, boxes, base, mode and universe, hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from vigie.study.declared import SameAs
from vigie.study.expressions import Call, Name, Option, Tree, names, written
from vigie.study.grids import Grid
from vigie.study.indicators import Indicator
from vigie.study.model import Study
from vigie.study.panels import PANEL, panels
from vigie.study.parsing import parse
from vigie.study.pieces import KeyedError, Piece, indicator_questions, pieces, whole_question
from vigie.study.questions import Mention, Multiple, Numeric, Question, Ranking, Scale
from vigie.study.resolution import READ, resolve
from vigie.study.sections import UsageWeights
from vigie.study.text import in_language, normalised
from vigie.study.waves import Wave

_MADE: WeakKeyDictionary[Study, dict[tuple[str, str, str], Identity | None]] = WeakKeyDictionary()
_SETTLED: WeakKeyDictionary[Study, dict[str, dict[str, Question]]] = WeakKeyDictionary()


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
    Changes that `same_as:` declares harmless, of its questions or its own, do not show in it.
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


def same_waves(
    waves: Sequence[str], version: Callable[[str], Hashable | None], declared: Sequence[SameAs]
) -> dict[str, str]:
    """For each wave that has a version, the first wave whose version is, or is declared, the same.

    A declaration joins the version of its wave with the next other version after it, and no more.
    """
    found = {wave: made for wave in waves if (made := version(wave)) is not None}
    kin = {made: made for made in found.values()}
    for item in declared:
        after = waves[waves.index(item.wave) + 1 :] if item.wave in found else []
        new = next((found[w] for w in after if w in found and found[w] != found[item.wave]), None)
        if new is not None:
            one, other = kin[found[item.wave]], kin[new]
            kin = {made: one if head == other else head for made, head in kin.items()}
    first: dict[Hashable, str] = {}
    for wave, made in found.items():
        first.setdefault(kin[made], wave)
    return {wave: first[kin[made]] for wave, made in found.items()}


def settled_questions(study: Study, wave: Wave) -> dict[str, Question]:
    """The survey's questions of a wave; one whose change is declared harmless as it was before that change."""
    made = _SETTLED.setdefault(study, {})
    if wave.id not in made:
        asked = study.instrument(wave.id)
        made[wave.id] = {name: _settled(study, wave, question) for name, question in asked.items()}
    return made[wave.id]


def declarations(study: Study, name: str) -> list[SameAs]:
    """What is declared of a question, in the study or in the instrument of any wave."""
    asked = [study.questions, *study.instruments.values()]
    return list({d.wave: d for questions in asked if name in questions for d in questions[name].same_as}.values())


def _settled(study: Study, wave: Wave, question: Question) -> Question:
    declared = declarations(study, question.id)
    if not declared:
        return question

    def version(name: str) -> str | None:
        asked = study.instrument(name).get(question.id)
        return definition(study, asked) if asked is not None else None

    first = same_waves(list(study.waves), version, declared)[wave.id]
    return study.instrument(first)[question.id]


def definition(study: Study, question: Question) -> str:
    """All of a question that a trend depends on, in one normal form."""
    return _dump([question.kind, *_definition(study, question, {question.id})])


def _identity(study: Study, wave: Wave, indicator: Indicator, coder: str) -> Identity | None:
    of_survey = indicator.source == "survey"
    questions = settled_questions(study, wave) if of_survey else study.asked(indicator.source, wave.id)
    named = indicator_questions(indicator)
    if named - set(questions) & set(study.asked(indicator.source)):
        return None
    try:
        found = pieces(indicator, study, questions)
    except KeyedError:
        if of_survey and wave.id in study.instruments:
            return None  # `vigie check` has told
        raise
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
            ("wording", _dump([_wording(study, q) for q in own])),
            ("options", _dump([list(_options(study, q, whole)) for q in own])),
            ("scale", _dump([list(_scale(study, q)) for q in own])),
            ("expression", _expression(indicator, found)),
            ("dont_know", _dump([_dont_know(q) for q in own])),
            ("base", _dump([base, [_definition(study, q, whole) for q in around], *_weighted(study, indicator)])),
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


def _definition(study: Study, question: Question, whole: set[str]) -> list[Any]:
    """All of a question that decides who answers it, and what the answer means."""
    told = [_wording(study, question), list(_options(study, question, whole)), list(_scale(study, question))]
    return [*told, _routing(question), _dont_know(question)]


def _dont_know(question: Question) -> bool | None:
    return question.dont_know.in_base if question.dont_know else None


def score_identity(study: Study, wave: Wave, channel: str | None, tested: Iterable[str] = ()) -> Identity:
    """The identity of a mystery score: of one channel, or of a brand over the channels `tested`."""
    rules = study.header.mystery
    if rules is None:
        raise ValueError("the study has no mystery tests")
    fielded = study.grids_of(wave.id)
    grids = {c: _grid(study, settled_grid(study, wave, c)) for c in fielded if channel in (None, c)}
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
    return words(study, question.label)


def words(study: Study, texts: Mapping[str, str]) -> list[str]:
    """What was read or heard: a text in the fieldwork languages, without what does not change its meaning."""
    return [normalised(in_language(texts, language)) for language in study.header.languages]


def _options(study: Study, question: Question, whole: set[str]) -> Iterator[str]:
    """Codes with their labels, and which stand alone; of brands only that it is a list of them: they come and go.

    Channels of a list come and go too, unless the list counts as a whole.
    """
    if study.over(question) == "brand":
        yield "brands"
        return
    if isinstance(question, Multiple):
        yield f"alone: {sorted(study.exclusive(question))}"
    listed = study.options(question)
    if over_channels(study, question) and question.id not in whole:
        yield "channels"
        alone = study.exclusive(question) if isinstance(question, Multiple) else ()
        listed = {code: texts for code, texts in listed.items() if code in alone}
    for code, texts in sorted(listed.items()):
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
    if isinstance(question, Ranking):
        yield f"places: {question.places or len(study.options(question))}"


def _routing(question: Question) -> str:
    """Who is asked: the routing in its normal form, and the loop."""
    routing = written(parse(question.ask_if)) if question.ask_if else "everyone"
    if question.per is None:
        return routing
    loop = question.per
    drawn = f"{loop.choose} {loop.at_most}" if loop.at_most else "all"
    return f"{routing} per {loop.dimension} of {loop.source} {drawn} except {sorted(loop.except_)}"


def over_channels(study: Study, question: Question) -> bool:
    """Whether each option of a question is a channel that may be chosen beside the others."""
    return isinstance(question, Multiple) and not isinstance(question, Mention) and study.over(question) == "channel"


def settled_grid(study: Study, wave: Wave, channel: str) -> Grid:
    """The grid of a channel in a wave; one whose change is declared harmless as it was before that change."""
    named = [w for w in study.waves if channel in study.grids_of(w)]
    declared = [d for w in named for d in study.grids_of(w)[channel].same_as]

    def version(name: str) -> str | None:
        grid = study.grids_of(name).get(channel)
        return _dump(_grid(study, grid)) if grid is not None else None

    first = same_waves(list(study.waves), version, declared)[wave.id] if declared else wave.id
    return study.grids_of(first)[channel]


def _grid(study: Study, grid: Grid) -> list[Any]:
    """What testers judge, in the words that they read, and how marks are weighted."""
    return [
        [d.id, d.weight, [[c.id, words(study, c.label), c.out_of, c.weight, c.needs_reply] for c in d.criteria]]
        for d in grid.dimensions
    ]
