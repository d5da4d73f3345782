"""What two waves of a survey fielded otherwise: mode, source of the sample, population, people, weights and margins."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.language import N_, Words
from vigie.study.definitions import words
from vigie.study.identity import sample_source
from vigie.study.indicators import EVERYONE
from vigie.study.model import Margin, Study
from vigie.study.otherwise import NOT_TOLD, NOTHING, Found, Said, Told, coded, telling_language
from vigie.study.panels import PANEL, panels
from vigie.study.text import in_language
from vigie.study.waves import Mode, Wave

MODES: dict[Mode, str] = {
    "web": N_("online"), "phone": N_("by telephone"), "face_to_face": N_("face to face"), "post": N_("by post"),
    "mixed": N_("several modes"),
}  # fmt: skip
PEOPLE = {"same": N_("the same people"), "fresh": N_("new people"), "mixed": N_("some of the same people")}
INTERVIEWS = {"all": N_("all interviews"), "complete": N_("complete interviews")}
WEIGHTS = {"base": N_("made from the margins"), "as_given": N_("those of the file")}
Margins = dict[tuple[str, str], Margin]  # by population and variable


def fieldwork(study: Study, before: Wave, now: Wave) -> Iterator[Found]:
    """Each difference of the fieldwork of two surveys."""
    if before.mode != now.mode:
        yield _of(now, "mode", *(coded(w.mode, MODES[w.mode]) for w in (before, now)))
    if sample_source(study, before) != sample_source(study, now):
        yield _of(now, "panel", *(_source(study, w) for w in (before, now)))
    then, today = study.population(before), study.population(now)
    if then != today:
        rule = "universe" if words(study, then) != words(study, today) else "universe_retyped"
        language = telling_language(study, (then, today))
        yield _of(now, rule, *(in_language(texts, language) for texts in (then, today)))
    if before.people is not None and now.people is not None and before.people != now.people:
        yield _of(now, "people", *(coded(p, PEOPLE[p]) for p in (before.people, now.people)))
    if before.interviews != now.interviews:
        yield _of(now, "interviews", *(_interviews(w) for w in (before, now)))
    if before.weights != now.weights and study.header.weighting is not None:
        yield _of(now, "weights", *(coded(w.weights, WEIGHTS[w.weights]) for w in (before, now)))
    elif study.header.weighting is not None:
        for weighting in (EVERYONE, *study.header.weighting.among):
            yield from _weighting(study, before, now, weighting)


def _of(wave: Wave, rule: str, before: Told = "", now: Told = "", *, among: tuple[str, ...] | None = None) -> Found:
    return Found(rule, "wave", wave.id, {}, before, now, among)


def _source(study: Study, wave: Wave) -> Told:
    """Where respondents come from: a name, or the panels of a blend with the shares that weights give them."""
    blended = panels(wave)
    if not blended:
        return wave.panel or NOT_TOLD
    margins = [m.profile for m in study.margins.get(wave.id, ()) if m.variable == PANEL]
    shares = margins[0] if len(margins) == 1 else dict[str, float]()  # several populations would be a table
    if not shares:
        return ", ".join(sorted(blended))

    def say(words: Words) -> str:
        return ", ".join(f"{name} ({words.percent(shares[name], 1)})" for name in sorted(shares))

    return Said(", ".join(f"{name} {shares[name]:g}" for name in sorted(shares)), say)


def _interviews(wave: Wave) -> Told:
    if isinstance(wave.interviews, str):
        return coded(wave.interviews, INTERVIEWS[wave.interviews])
    return f"≥ {wave.interviews.past}"


def _weighting(study: Study, before: Wave, now: Wave, weighting: str) -> Iterator[Found]:
    """Each difference of the margins of one weighting, which touch the indicators that stand on it."""
    then, today = (_margins(study, wave, weighting) for wave in (before, now))
    surveyed = (i for i in study.indicators.values() if i.source == "survey")
    own = tuple(i.id for i in surveyed if (i.weighting or EVERYONE) == weighting)
    variables = [list(dict.fromkeys(variable for _, variable in margins)) for margins in (then, today)]
    if set(variables[0]) != set(variables[1]):
        yield _of(now, "margins", *(", ".join(listed) or NOTHING for listed in variables), among=own)
    shared = [(then[key], margin) for key, margin in today.items() if key in then]
    for variable in dict.fromkeys(m.variable for was, m in shared if set(was.totals) != set(m.totals)):
        yield _of(now, "margin_categories", "", variable, among=own)
    populations = [{population for population, _ in margins} for margins in (then, today)]
    by = study.header.weighting.by if study.header.weighting else None
    if by is not None and populations[0] != populations[1]:
        yield _of(now, "margin_categories", "", by, among=own)
    told = {PANEL} if weighting == EVERYONE else set[str]()  # as the source of the sample
    if any(_targets(was) != _targets(m) for was, m in shared if m.variable not in told):
        yield _of(now, "margin_totals", among=own)


def _margins(study: Study, wave: Wave, weighting: str) -> Margins:
    of_everyone = weighting == EVERYONE
    given = study.margins.get(wave.id, ()) if of_everyone else study.margins_among.get((wave.id, weighting), ())
    return {(m.population, m.variable): m for m in given}


def _targets(margin: Margin) -> tuple[dict[str, float], bool]:
    """What a margin asks of the weights; of a number, also whether it is a mean or a total."""
    return margin.profile, margin.numeric and margin.shares
