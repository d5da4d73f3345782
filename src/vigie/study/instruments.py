"""What two waves measured otherwise, item by item, and what each difference means for trends.

The rules stand in one table, `RULES`; docs/why/waves.md gives the reasons. An indicator's identity (`identity.py`)
stays the law for what is tested: a difference says why, and never decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from vigie.language import LANGUAGES, N_, Words, speak
from vigie.results.figures import Source, Texts
from vigie.results.trends import Difference, Severity
from vigie.study.asked_otherwise import questionnaire
from vigie.study.declared import SameAs
from vigie.study.definitions import definition
from vigie.study.fielded_otherwise import fieldwork
from vigie.study.identity import Identity, asked_for, indicator_identity, score_identity
from vigie.study.indicators import Indicator
from vigie.study.marked_otherwise import grids
from vigie.study.model import Study
from vigie.study.otherwise import Found, Said, Told
from vigie.study.pieces import indicator_questions
from vigie.study.sections import UsageWeights
from vigie.study.settling import declarations, grid_declarations, settled_grid, settled_questions
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


def differences(study: Study, before: Wave, now: Wave, coders: tuple[str, str] = ("", "")) -> tuple[Difference, ...]:
    """All that two waves' resolved instruments do not share, in the order of the questionnaire.

    `coders` are the versions of the automatic reader of texts that read each wave. Sources that either wave lacks are
    left out.
    """
    both: set[Source] = set(before.by_source) & set(now.by_source)
    found: list[Found] = []
    if "survey" in both:
        found += [*fieldwork(study, before, now), *questionnaire(study, before, now)]
    if "mystery" in both and study.header.mystery:
        found += grids(study, before, now)
    if coders[0] != coders[1]:
        found.append(Found("coder", "wave", now.id, {}, *coders))
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

    def difference(self, item: Found) -> Difference:
        rule = RULES[item.rule]
        touched = self._touched(item)
        parts = {rule.part, "base"} if item.of == "question" else {rule.part}
        broken = tuple(t for t in touched if rule.part and self.differing.get(t, set()) & parts)
        reason = self._declared(item) if rule.severity == "break" else None
        return Difference(
            item.rule, rule.severity, item.of, item.subject, _code(item.before), _code(item.now), touched, broken,
            sentence(rule, item), "" if reason is None else "same_as", reason or {},
        )  # fmt: skip

    def _touched(self, item: Found) -> tuple[str, ...]:
        if item.of == "question":
            return tuple(name for name, read in self.reads.items() if item.subject in read)
        if item.of == "grid" or item.rule == "channel_weights":
            return (SCORE,)
        surveyed = [i.id for i in self.indicators if i.source == "survey" and self.reads[i.id]]
        if item.rule == "coder":
            return tuple(name for name, parts in self.differing.items() if "coder" in parts)
        return tuple(i for i in surveyed if item.among is None or i in item.among)

    def _declared(self, item: Found) -> Texts | None:
        """The reason for which a change is declared harmless, by the question, the grid or the indicators."""
        if item.of == "question":
            settled = [settled_questions(self.study, w).get(item.subject) for w in (self.before, self.now)]
            alike = all(settled) and len({definition(self.study, q) for q in settled if q is not None}) == 1
            if alike and (reason := self._reason(declarations(self.study, item.subject))):
                return reason
        if item.of == "grid":
            grids = [settled_grid(self.study, w, item.subject) for w in (self.before, self.now)]
            if grids[0] == grids[1] and (reason := self._reason(grid_declarations(self.study, item.subject))):
                return reason
        touched = (self.study.indicators.get(t) for t in self._touched(item))
        mended = (i for i in touched if i is not None and i.same_as and i.id not in self.differing)
        return next((self._reason(i.same_as) for i in mended), None)

    def _reason(self, declared: Sequence[SameAs]) -> Texts | None:
        """The reason of the last declaration that covers a change before the later wave."""
        waves = list(self.study.waves)
        earlier = [d for d in declared if waves.index(d.wave) < waves.index(self.now.id)]
        return max(earlier, key=lambda d: waves.index(d.wave)).reason if earlier else None

    def unexplained(self, told: Sequence[Difference]) -> Iterator[Difference]:
        """Indicators that begin anew for a reason that no item gives: never a silent break."""
        explained = {name for item in told for name in item.broken}
        for name in self.differing:
            if name not in explained:
                indicator = self.study.indicators.get(name)
                label = indicator.label if indicator is not None and indicator.label else {"": name}
                rule = "channel_weights" if "channel_weights" in self.differing[name] else "definition"
                item = Found(rule, "indicator", name, label)
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
    one, two = (indicator_identity(study, w, indicator, c) for w, c in zip(waves, coders, strict=True))
    return one, two


def _whole_score(study: Study, before: Wave, now: Wave) -> tuple[Identity, Identity]:
    """The identity of the score over all channels, which have a grid in both waves."""
    rules = study.header.mystery
    usage = rules is not None and isinstance(rules.channel_weights, UsageWeights)
    one, two = (score_identity(study, w, None, study.grids) for w in (before, now))
    if usage and "survey" not in before.by_source and "survey" not in now.by_source:
        return one, one
    return one, two


def sentence(rule: Rule, item: Found) -> dict[str, str]:
    """The difference in words, in the languages of reports."""
    said: dict[str, str] = {}
    for language in LANGUAGES:
        spoken = speak(language)
        named = item.subject if item.of == "question" else in_language(item.label, language) or item.subject
        subject = spoken.typeset(_short(named))
        before, now = (_said(told, spoken) for told in (item.before, item.now))
        said[language] = spoken.gettext(rule.sentence, subject=subject, before=before, now=now)
    return said


def _said(told: Told, words: Words) -> str:
    return _short(told.say(words)) if isinstance(told, Said) else words.typeset(_short(told))


def _code(told: Told) -> str:
    return told.code if isinstance(told, Said) else told


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def notes_of(found: Iterable[Difference]) -> dict[str, tuple[str, ...]]:
    """By indicator, the rules of what is comparable with a note."""
    told: dict[str, dict[str, None]] = {}
    for item in found:
        kind = item.rule if item.severity == "note" else "same_as" if item.declared else ""
        for name in item.indicators if kind else ():
            told.setdefault(name, {})[kind] = None
    return {name: tuple(rules) for name, rules in told.items()}
