"""The words of every code that figures bear: options, brands, sectors, channels, states, indicators.

Those of a state bear its indicator's name: two funnels may each have a state `solved`.
"""

from __future__ import annotations

from collections.abc import Mapping

from vigie.results.figures import Source, Texts
from vigie.study.brands import on_day
from vigie.study.identity import indicator_identity
from vigie.study.model import Study
from vigie.study.questions import Numeric, Question
from vigie.study.text import spread
from vigie.study.waves import Wave

RECORDS: tuple[Source, ...] = ("mystery", "reviews", "log")
DIMENSIONS = ("brand", "sector", "channel")  # their codes have labels of their own


def labels(study: Study, wave: Wave) -> dict[str, Texts]:
    """Every code's label, in every language of Vigie."""
    found: dict[str, Mapping[str, str]] = {f"channel:{c}": study.channel_label(c) for c in study.header.channels}
    found |= {f"channel:{c}": study.channel_label(c) for c in study.grids}
    found |= {f"sector:{s}": spread(t) for s, t in study.header.sectors.items()}
    day = wave.field[0] if wave.field else None
    for brand in on_day(study.brands, day).values():
        found[f"brand:{brand.brand}"] = spread({"": brand.name})
        found.setdefault(f"sector:{brand.sector}", spread({"": brand.sector.replace("_", " ").capitalize()}))
    for question in study.instrument(wave.id).values():
        found |= _of_question(study, question)
        found |= _together(question)
        if question.id in study.header.banner:
            found |= {f"{question.id}:{c}": spread(t) for c, t in study.options(question).items()}
    for source in (s for s in RECORDS if s in wave.by_source or wave.published):
        for question in study.asked(source, wave.id).values():
            if study.over(question) not in DIMENSIONS:
                found = _of_question(study, question) | found  # the survey's words go before
    for battery in study.batteries.values():
        found.setdefault(battery.id, battery.label)
        found = {f"{battery.id}:{item}": texts for item, texts in battery.items.items()} | found
    for indicator in study.indicators.values():
        for state, texts in indicator.states.items():
            found[f"state:{indicator.id}.{state}"] = texts
        asked = study.asked(indicator.source, wave.id).get((indicator.mean or "").strip())
        if isinstance(asked, Numeric) and asked.unit:
            found[f"unit:{indicator.id}"] = asked.unit
        if indicator_identity(study, wave, indicator) is not None:
            found[f"indicator:{indicator.id}"] = spread(indicator.label or {"": indicator.id})
    return {k: spread(dict(v)) for k, v in found.items()}


def _together(question: Question) -> dict[str, Mapping[str, str]]:
    """Nets and boxes, whose codes bear their question's name: two questions may both have a net `remote`."""
    nets = {f"net:{question.id}.{c}": net.label for c, net in getattr(question, "nets", {}).items()}
    return nets | {f"box:{question.id}.{c}": box.label for c, box in getattr(question, "boxes", {}).items()}


def _of_question(study: Study, question: Question) -> dict[str, Mapping[str, str]]:
    """The wording of a question and its options; brands have words of their own."""
    options = study.options(question) if study.over(question) != "brand" else {}
    return {question.id: spread(question.label), **{f"{question.id}:{c}": spread(t) for c, t in options.items()}}
