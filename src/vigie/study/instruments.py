"""What two waves measured otherwise, item by item, and what each difference means for trends.

The rules stand in one table, `RULES`; docs/why/waves.md gives the reasons. An indicator's identity (`identity.py`)
stays the law for what is tested: a difference says why, and never decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from vigie.language import LANGUAGES, N_, speak
from vigie.results import Difference, Severity, Source, Texts
from vigie.study.asked_otherwise import questionnaire
from vigie.study.identity import (
    Identity,
    asked_for,
    declarations,
    indicator_identity,
    score_identity,
    settled_grid,
    settled_questions,
    words,
)  # fmt: skip
from vigie.study.identity import definition as told_of
from vigie.study.indicators import Indicator
from vigie.study.marked_otherwise import grids
from vigie.study.model import Study
from vigie.study.pieces import KeyedError, indicator_questions
from vigie.study.sections import UsageWeights
from vigie.study.text import in_language
from vigie.study.waves import Wave

SCORE = "mystery_score"
LONGEST = 90  # characters of what was and is, in short


class Rule(NamedTuple):
    """What a difference means, the part of an identity that it is, and the sentence that tells it."""

    severity: Severity
    part: str
    sentence: str


RULES: dict[str, Rule] = {
    # a question
    "question_added": Rule("harmless", "", N_("“{subject}” is new.")),
    "question_removed": Rule("note", "", N_("“{subject}” is no longer asked.")),
    "kind_changed": Rule("break", "wording", N_("“{subject}” is another kind of question.")),
    "reworded": Rule("break", "wording", N_("“{subject}” was reworded.")),
    "retyped": Rule("harmless", "", N_("“{subject}”: only spaces, quotes or a translation changed.")),
    # its answers
    "options_added": Rule("break", "options", N_("“{subject}” offers further answers: {now}.")),
    "options_removed": Rule("break", "options", N_("“{subject}” no longer offers: {before}.")),
    "options_relabelled": Rule("break", "options", N_("“{subject}” words its answers otherwise.")),
    "options_alone": Rule("break", "options", N_("“{subject}”: other answers stand alone.")),
    "options_moved": Rule("note", "", N_("“{subject}” lists its answers in another order.")),
    "options_retyped": Rule("harmless", "", N_("“{subject}”: a translation of its answers changed.")),
    "channels_added": Rule("note", "options", N_("“{subject}” lists further channels: {now}.")),
    "channels_removed": Rule("note", "options", N_("“{subject}” no longer lists the channels: {before}.")),
    "combined": Rule("note", "", N_("“{subject}”: what is counted together changed; those lines alone begin anew.")),
    "specify": Rule("harmless", "", N_("“{subject}”: other answers ask for words.")),
    "scale_marks": Rule("break", "scale", N_("“{subject}” has another scale: {now} instead of {before}.")),
    "scale_ends": Rule("break", "scale", N_("“{subject}”: the ends of the scale are worded otherwise.")),
    "scale_retyped": Rule("harmless", "", N_("“{subject}”: a translation of the ends of its scale changed.")),
    "number_range": Rule("break", "scale", N_("“{subject}” takes other numbers: {now} instead of {before}.")),
    "number_unit": Rule("break", "scale", N_("“{subject}” counts in another unit: {now} instead of {before}.")),
    "date_range": Rule("note", "", N_("“{subject}” takes other dates.")),
    "places": Rule("break", "scale", N_("“{subject}” ranks another number of answers: {now} instead of {before}.")),
    "dont_know_offered": Rule("break", "dont_know", N_("“{subject}”: “don’t know” is offered otherwise.")),
    "dont_know_counted": Rule("break", "dont_know", N_("“{subject}”: “don’t know” counts otherwise in the base.")),
    "dont_know_code": Rule("harmless", "", N_("“{subject}”: the code or the words of “don’t know” changed.")),
    "refusal_offered": Rule("note", "", N_("“{subject}”: a refusal is recorded otherwise.")),
    "refusal_code": Rule("harmless", "", N_("“{subject}”: the code of a refusal changed.")),
    # who is asked, and when
    "routing": Rule("break", "base", N_("“{subject}” is asked of others: {now} instead of {before}.")),
    "loop": Rule("break", "base", N_("“{subject}” is repeated otherwise: {now} instead of {before}.")),
    "moved": Rule("note", "", N_("“{subject}” stands elsewhere in the questionnaire.")),
    # the wave
    "mode": Rule("break", "mode", N_("The mode of collection changed: {now} instead of {before}.")),
    "panel": Rule("break", "panel", N_("The source of the sample changed: {now} instead of {before}.")),
    "universe": Rule("break", "universe", N_("The population surveyed changed: {now} instead of {before}.")),
    "universe_retyped": Rule("harmless", "", N_("The words for the population changed in a translation only.")),
    "people": Rule("note", "", N_("Who is asked again changed: {now} instead of {before}.")),
    "interviews": Rule("note", "", N_("Other interviews count: {now} instead of {before}.")),
    "weights": Rule("note", "", N_("The weights are made otherwise: {now} instead of {before}.")),
    "margins": Rule("note", "", N_("The sample is adjusted to other margins: {now} instead of {before}.")),
    "margin_categories": Rule("note", "", N_("A margin of the weighting has other categories: {now}.")),
    "margin_totals": Rule("harmless", "", N_("The margins follow the population of the year.")),
    # mystery grids
    "grid_added": Rule("note", "channels", N_("Channel “{subject}” is tested for the first time.")),
    "grid_removed": Rule("note", "channels", N_("Channel “{subject}” is no longer tested.")),
    "criteria_added": Rule("break", "grid", N_("Grid of “{subject}”: new criteria ({now}).")),
    "criteria_removed": Rule("break", "grid", N_("Grid of “{subject}”: criteria taken out ({before}).")),
    "criterion_reworded": Rule("break", "grid", N_("Grid of “{subject}”: a criterion was reworded.")),
    "criterion_marks": Rule("break", "grid", N_("Grid of “{subject}”: a criterion is marked on another scale.")),
    "criterion_reply": Rule("break", "grid", N_("Grid of “{subject}”: other criteria need a reply.")),
    "grid_weights": Rule("break", "grid", N_("Grid of “{subject}”: the weights changed.")),
    "grid_retyped": Rule("harmless", "", N_("Grid of “{subject}”: its name, its version or a translation changed.")),
    # indicators
    "channel_weights": Rule("break", "channel_weights", N_("The channels of the mystery score weigh otherwise.")),
    "coder": Rule("break", "coder", N_("Texts are read by another automatic reader: {now} instead of {before}.")),
    "definition": Rule("break", "expression", N_("“{subject}” is measured otherwise.")),
}


@dataclass(frozen=True, slots=True)
class _Found:
    """A difference before it is known whom it touches."""

    rule: str
    of: Literal["question", "wave", "grid", "indicator"]
    subject: str
    label: Texts
    before: str = ""
    now: str = ""


def differences(study: Study, before: Wave, now: Wave, coders: tuple[str, str] = ("", "")) -> tuple[Difference, ...]:
    """All that two waves' resolved instruments do not share, in the order of the questionnaire.

    `coders` are the versions of the automatic reader of texts that read each wave. Sources that either wave lacks are
    left out.
    """
    both: set[Source] = set(before.by_source) & set(now.by_source)
    found: list[_Found] = []
    if "survey" in both:
        found += _of_waves(study, before, now)
        found += [_Found(told[0], "question", *told[1:]) for told in questionnaire(study, before, now)]
    if "mystery" in both and study.header.mystery:
        found += [_Found(told[0], "grid", *told[1:]) for told in grids(study, before, now)]
    if coders[0] != coders[1]:
        found.append(_Found("coder", "wave", now.id, {}, *coders))
    law = _Law(study, before, now, coders, both)
    made = [law.difference(item) for item in found]
    return (*made, *law.unexplained(made))


class _Law:
    """Which indicators a difference touches, and which of them begin anew: those whose identity differs."""

    def __init__(
        self, study: Study, before: Wave, now: Wave, coders: tuple[str, str], sources: set[Source]
    ) -> None:  # fmt: skip
        self.study, self.before, self.now = study, before, now
        self.indicators = [i for i in study.indicators.values() if i.source in sources]
        self.reads = {i.id: _read(study, (before, now), i) for i in self.indicators}
        pairs = {i.id: _identities(study, (before, now), i, coders) for i in self.indicators}
        if "mystery" in sources and study.header.mystery:
            pairs[SCORE] = _whole_score(study, before, now)
        self.differing = {
            name: set(one.differences(two)) for name, (one, two) in pairs.items() if one and two and one != two
        }

    def difference(self, item: _Found) -> Difference:
        rule = RULES[item.rule]
        touched = self._touched(item)
        parts = {rule.part, "base"} if item.of == "question" else {rule.part}
        broken = tuple(t for t in touched if rule.part and self.differing.get(t, set()) & parts)
        reason = self._declared(item) if rule.severity == "break" else None
        return Difference(
            item.rule, rule.severity, item.of, item.subject, item.before, item.now, touched, broken,
            _sentence(rule, item), "" if reason is None else "same_as", reason or {},
        )  # fmt: skip

    def _touched(self, item: _Found) -> tuple[str, ...]:
        if item.of == "question":
            return tuple(name for name, read in self.reads.items() if item.subject in read)
        if item.of == "grid" or item.rule == "channel_weights":
            return (SCORE,)
        surveyed = [i.id for i in self.indicators if i.source == "survey" and self.reads[i.id]]
        if item.rule == "coder":
            return tuple(name for name, parts in self.differing.items() if "coder" in parts)
        return tuple(surveyed)

    def _declared(self, item: _Found) -> Texts | None:
        """The reason for which a change is declared harmless, by the question, the grid or the indicators."""
        waves = list(self.study.waves)
        if item.of == "question":
            settled = [settled_questions(self.study, w).get(item.subject) for w in (self.before, self.now)]
            if all(settled) and len({told_of(self.study, q) for q in settled if q is not None}) == 1:
                return declarations(self.study, item.subject)[-1].reason
        if item.of == "grid":
            grids = [settled_grid(self.study, w, item.subject) for w in (self.before, self.now)]
            if grids[0] == grids[1]:
                named = (self.study.grids_of(w)[item.subject] for w in waves)
                return next((d.reason for grid in named for d in grid.same_as), None)
        touched = (self.study.indicators.get(t) for t in self._touched(item))
        mended = (i for i in touched if i is not None and i.same_as and i.id not in self.differing)
        return next((i.same_as[-1].reason for i in mended), None)

    def unexplained(self, told: Sequence[Difference]) -> Iterator[Difference]:
        """Indicators that begin anew for a reason that no item gives: never a silent break."""
        explained = {name for item in told for name in item.broken}
        for name in self.differing:
            if name not in explained:
                indicator = self.study.indicators.get(name)
                label = indicator.label if indicator is not None and indicator.label else {"": name}
                rule = "channel_weights" if "channel_weights" in self.differing[name] else "definition"
                item = _Found(rule, "indicator", name, label)
                yield replace(self.difference(item), indicators=(name,), broken=(name,))


def _read(study: Study, waves: Iterable[Wave], indicator: Indicator) -> set[str]:
    """The questions that decide an indicator's figures in either wave: those it names, their routing, their loops."""
    if indicator.source != "survey":
        return set()
    found: set[str] = set()
    for wave in waves:
        asked = study.instrument(wave.id)
        named = indicator_questions(indicator) & set(asked)
        items = {f"{b}_{item}" for b in study.batteries for item in study.batteries[b].items if b in _named(indicator)}
        found |= set(asked_for(asked, [*named, *(items & set(asked))]))
    return found


def _named(indicator: Indicator) -> set[str]:
    return {*indicator_questions(indicator), *indicator.by}


def _identities(
    study: Study, waves: tuple[Wave, Wave], indicator: Indicator, coders: tuple[str, str]
) -> tuple[Identity | None, Identity | None]:
    try:
        one, two = (indicator_identity(study, w, indicator, c) for w, c in zip(waves, coders, strict=True))
    except KeyedError:
        return None, None
    return one, two


def _whole_score(study: Study, before: Wave, now: Wave) -> tuple[Identity, Identity]:
    """The identity of the score over the channels that have a grid in both waves."""
    rules = study.header.mystery
    usage = rules is not None and isinstance(rules.channel_weights, UsageWeights)
    tested = [c for c in study.grids_of(now.id) if c in study.grids_of(before.id)]
    one, two = (score_identity(study, w, None, tested) for w in (before, now))
    if usage and "survey" not in before.by_source and "survey" not in now.by_source:
        return one, one
    return one, two


def _sentence(rule: Rule, item: _Found) -> dict[str, str]:
    """The difference in words, in the languages of reports."""
    said: dict[str, str] = {}
    for language in LANGUAGES:
        spoken = speak(language)
        named = item.subject if item.of == "question" else in_language(item.label, language) or item.subject
        subject = spoken.typeset(_short(named))
        before, now = (_said(text, language) for text in (item.before, item.now))
        said[language] = spoken.gettext(rule.sentence, subject=subject, before=before, now=now)
    return said


MODES = {
    "web": N_("online"), "phone": N_("by telephone"), "face_to_face": N_("face to face"), "post": N_("by post"),
    "mixed": N_("several modes"), "same": N_("the same people"), "fresh": N_("new people"),
    "everyone": N_("everyone asked"), "mixed people": N_("some of the same people"), "not told": N_("not told"),
    "all interviews": N_("all interviews"), "complete interviews": N_("complete interviews"),
    "base": N_("made from the margins"), "as_given": N_("those of the file"), "nothing": N_("none"),
    "once": N_("once"),
}  # fmt: skip


def _said(text: str, language: str) -> str:
    return speak(language).gettext(MODES[text]) if text in MODES else speak(language).typeset(_short(text))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


# the wave


def _of_waves(study: Study, before: Wave, now: Wave) -> Iterator[_Found]:
    if before.mode != now.mode:
        yield _Found("mode", "wave", now.id, {}, before.mode, now.mode)
    if before.panel != now.panel:
        yield _Found("panel", "wave", now.id, {}, before.panel or "not told", now.panel or "not told")
    then, today = study.population(before), study.population(now)
    if then != today:
        language = study.header.languages[0]
        rule = "universe" if words(study, then) != words(study, today) else "universe_retyped"
        yield _Found(rule, "wave", now.id, {}, in_language(then, language), in_language(today, language))
    if before.people != now.people and None not in (before.people, now.people):
        yield _Found("people", "wave", now.id, {}, _people(before), _people(now))
    if before.interviews != now.interviews:
        yield _Found("interviews", "wave", now.id, {}, _interviews(before), _interviews(now))
    if study.header.weighting is not None:
        yield from _weighting(study, before, now)


def _people(wave: Wave) -> str:
    return "mixed people" if wave.people == "mixed" else wave.people or "not told"


def _interviews(wave: Wave) -> str:
    return f"{wave.interviews} interviews" if isinstance(wave.interviews, str) else f"≥ {wave.interviews.past}"


def _weighting(study: Study, before: Wave, now: Wave) -> Iterator[_Found]:
    if before.weights != now.weights:
        yield _Found("weights", "wave", now.id, {}, before.weights, now.weights)
        return
    then, today = ({m.variable: m.totals for m in study.margins.get(w.id, ())} for w in (before, now))
    if set(then) != set(today):
        yield _Found("margins", "wave", now.id, {}, ", ".join(then) or "nothing", ", ".join(today) or "nothing")
    shared = [name for name in today if name in then]
    for name in shared:
        if set(then[name]) != set(today[name]):
            yield _Found("margin_categories", "wave", now.id, {}, "", name)
    if any(_shares(then[name]) != _shares(today[name]) for name in shared):
        yield _Found("margin_totals", "wave", now.id, {})


def _shares(totals: Mapping[str, float]) -> dict[str, float]:
    whole = sum(totals.values()) or 1.0
    return {category: round(total / whole, 9) for category, total in totals.items()}


def notes_of(found: Iterable[Difference]) -> dict[str, tuple[str, ...]]:
    """By indicator, the rules of what is comparable with a note."""
    told: dict[str, dict[str, None]] = {}
    for item in found:
        kind = item.rule if item.severity == "note" else "same_as" if item.declared else ""
        for name in item.indicators if kind else ():
            told.setdefault(name, {})[kind] = None
    return {name: tuple(rules) for name, rules in told.items()}
