"""What `same_as:` declares harmless: a question or a grid stands in a wave as it was before that change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from weakref import WeakKeyDictionary

from vigie.study.declared import SameAs
from vigie.study.definitions import definition, dump, judged
from vigie.study.grids import Grid
from vigie.study.model import Study
from vigie.study.questions import Question
from vigie.study.waves import Wave

_SETTLED: WeakKeyDictionary[Study, dict[str, dict[str, Question]]] = WeakKeyDictionary()


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


def settled_grid(study: Study, wave: Wave, channel: str) -> Grid:
    """The grid of a channel in a wave; one whose change is declared harmless as it was before that change."""
    declared = grid_declarations(study, channel)

    def version(name: str) -> str | None:
        grid = study.grids_of(name).get(channel)
        return dump(judged(study, grid)) if grid is not None else None

    first = same_waves(list(study.waves), version, declared)[wave.id] if declared else wave.id
    return study.grids_of(first)[channel]


def grid_declarations(study: Study, channel: str) -> list[SameAs]:
    """What is declared of the grid of a channel, in the grid of any wave."""
    grids = (study.grids_of(wave).get(channel) for wave in study.waves)
    return [d for grid in grids if grid is not None for d in grid.same_as]
