"""What two states of one study measure otherwise: wave by wave, before somebody changed the study and now.

Both states are laid into one study in which the wave stands twice, so that the rules between waves (`instruments.py`)
tell the differences; the identity of each indicator in its own state is the law, so that none begins anew in silence.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vigie.results.trends import Difference
from vigie.study.expressions import ExpressionError
from vigie.study.grids import Grid
from vigie.study.identity import Identity, indicator_identity, score_identity
from vigie.study.indicators import Indicator
from vigie.study.instruments import RULES, SCORE, differences, sentence
from vigie.study.model import Study
from vigie.study.otherwise import Found
from vigie.study.pieces import KeyedError
from vigie.study.questions import Multiple, Question, Ranking, Single
from vigie.study.waves import Wave

BEFORE = "…before"  # no wave can bear this name


def revised(before: Study, now: Study) -> dict[str, tuple[Difference, ...]]:
    """By wave that both states have, what is measured otherwise; waves of which nothing is are left out."""
    found: dict[str, tuple[Difference, ...]] = {}
    for name, wave in now.waves.items():
        if name in before.waves and wave.by_source and before.waves[name].by_source:
            told = _wave(before, now, name)
            if told:
                found[name] = told
    return found


def _wave(before: Study, now: Study, name: str) -> tuple[Difference, ...]:
    grids = [k for k in now.grids_of(name) if k in before.grids_of(name)]
    told = differences(*_together(before, now, name, grids))
    explained = {indicator for item in told for indicator in item.broken}
    more = [
        _unexplained("definition", k, i.label or {"": k}) for k, i in now.indicators.items()
        if k not in explained and _altered(before, now, name, k)
    ]  # fmt: skip
    if grids and SCORE not in explained:
        parts = _score(before, name, grids).differences(_score(now, name, grids))
        rule = "channel_weights" if "channel_weights" in parts else "definition"
        more += [_unexplained(rule, SCORE, {"fr": "Note mystère", "en": "Mystery score"})] if parts else []
    return (*told, *more)


def _altered(before: Study, now: Study, name: str, indicator: str) -> bool:
    """Whether an indicator that both states have is another one now."""
    was = before.indicators.get(indicator)
    one, two = _identity(before, name, was), _identity(now, name, now.indicators[indicator])
    return one is not None and two is not None and one != two


def _score(study: Study, wave: str, channels: list[str]) -> Identity:
    return score_identity(study, study.waves[wave], None, channels)


def _identity(study: Study, wave: str, indicator: Indicator | None) -> Identity | None:
    if indicator is None:
        return None
    try:
        return indicator_identity(study, study.waves[wave], indicator)
    except (ExpressionError, KeyedError):
        return None


def _unexplained(rule: str, name: str, label: dict[str, str]) -> Difference:
    """An indicator that is another one for a reason that no item gives."""
    said = sentence(RULES[rule], Found(rule, "indicator", name, label))
    return Difference(rule, RULES[rule].severity, "indicator", name, "", "", (name,), (name,), said)


def _together(before: Study, now: Study, name: str, grids: list[str]) -> tuple[Study, Wave, Wave]:
    """A study in which the wave stands twice, as it was and as it is, with the indicators that both can read."""
    wave = now.waves[name]
    was = before.waves[name].model_copy(update={"id": BEFORE, "population": before.population(before.waves[name])})
    is_ = wave.model_copy(update={"population": now.population(wave)})
    channels = now.header.channels | {c: t for c, t in before.header.channels.items() if c not in now.header.channels}
    both = replace(
        now, header=now.header.model_copy(update={"channels": channels}), waves={BEFORE: was, name: is_},
        instruments={BEFORE: _listing(before, name, channels), name: _listing(now, name, channels)},
        grids=_plain(now, name, grids),
        wave_grids={BEFORE: _plain(before, name, grids), name: _plain(now, name, grids)},
        margins={BEFORE: before.margins.get(name, ()), name: now.margins.get(name, ())},
        margins_among=_among(before, name, BEFORE) | _among(now, name, name),
    )  # fmt: skip
    shared = [i.model_copy(update={"same_as": []}) for k, i in now.indicators.items() if k in before.indicators]
    return replace(both, indicators={i.id: i for i in shared if _reads(both, was, i)}), was, is_


def _plain(study: Study, wave: str, channels: list[str]) -> dict[str, Grid]:
    """The grids of a wave without what is declared of other waves, which are not here."""
    return {c: study.grids_of(wave)[c].model_copy(update={"same_as": []}) for c in channels}


def _listing(study: Study, name: str, channels: dict[str, Any]) -> dict[str, Question]:
    """The questions of a wave, those over the channels without the ones that this state does not list."""
    lacking = [c for c in channels if c not in study.header.channels]
    return {
        key: q.model_copy(update={"without": [*q.without, *lacking], "same_as": []})
        if lacking and isinstance(q, Single | Multiple | Ranking) and q.options == "channels"
        else q.model_copy(update={"same_as": []})
        for key, q in study.instrument(name).items()
    }  # fmt: skip


def _among(study: Study, name: str, shown: str) -> dict[tuple[str, str], Any]:
    return {(shown, key): found for (wave, key), found in study.margins_among.items() if wave == name}


def _reads(study: Study, wave: Wave, indicator: Indicator) -> bool:
    """Whether an indicator fits the questions of a wave."""
    try:
        indicator_identity(study, wave, indicator)
    except (ExpressionError, KeyedError):
        return False
    return True
