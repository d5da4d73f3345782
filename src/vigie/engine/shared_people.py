"""How many people answered in two waves: looked up in the files, and held against what the study declares."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.engine.overlap import Surveys
from vigie.results.trends import SharedPeople
from vigie.study.model import Study
from vigie.study.waves import Wave


def shared_before(study: Study, wave: Wave, panel: Surveys) -> SharedPeople | None:
    """How many people answered in the survey before too; None for the first survey."""
    listed = list(study.waves)
    before = [w for w in listed[: listed.index(wave.id)] if "survey" in study.waves[w].by_source]
    return shared_people(panel, study.waves[before[-1]], wave) if before else None


def shared_people(panel: Surveys, before: Wave, wave: Wave) -> SharedPeople | None:
    """How many people answered in both of two waves."""
    found = panel.shared(before.id, wave.id)
    if found is None:
        return None
    return SharedPeople(before.id, found.people, panel.people(wave.id), wave.people or "")


def told_of(shared: SharedPeople) -> Iterator[str]:
    """Where what is declared of the people is not what the files hold, and where nothing was declared."""
    keys = f"{shared.people:,} respondents bear the key of one of wave {shared.wave}"
    if shared.declared == "" and shared.people:
        yield f'{keys}: changes are tested with their covariance ("people: fresh" if these are not the same people)'
    elif shared.declared == "fresh" and shared.people:
        yield f'{keys}, and "people: fresh" is declared: they are taken for other people'
    elif shared.declared in ("same", "mixed") and not shared.people:
        yield f'"people: {shared.declared}" is declared, and no respondent bears the key of one of wave {shared.wave}'
    elif shared.declared == "same" and shared.people < shared.of:
        yield f'"people: same" is declared, and {keys}, out of {shared.of:,}'
