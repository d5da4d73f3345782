"""Whether what a person declares of waves can be true: harmless changes, parallel runs, panels, lists and grids."""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterator, Sequence

from vigie.errors import Problem, suggestion
from vigie.results.figures import Source
from vigie.study.complaints import Checker
from vigie.study.declared import SameAs
from vigie.study.definitions import definition, dump, judged
from vigie.study.document import Path_
from vigie.study.expressions import ExpressionError
from vigie.study.identity import Identity, indicator_identity, measured
from vigie.study.indicators import Indicator
from vigie.study.pieces import indicator_questions
from vigie.study.questions import NONE, UNLISTED, Multiple, Question, Ranking, Scale, Single
from vigie.study.waves import Wave

Versions = Callable[[str], Hashable | None]


def check_declarations(c: Checker) -> Iterator[Problem]:
    """Every declaration that names nothing, covers nothing, or asks for what no declaration can give."""
    for question, path in _questions(c):
        yield from _of_question(c, question, path)
        yield from _without(c, question, path)
    for indicator in c.study.indicators.values():
        yield from _of_indicator(c, indicator)
    yield from _of_grids(c)
    for wave in c.study.waves.values():
        yield from _people(c, wave)
        yield from _parallel(c, wave)
        yield from _wave_grids(c, wave)


def _questions(c: Checker) -> Iterator[tuple[Question, Path_]]:
    """The study's questions, and those that an instrument declares something else of."""
    told: set[tuple[str, str]] = set()
    for question in c.study.questions.values():
        told.add((question.id, question.model_dump_json(include={"same_as", "without"})))
        yield question, c.at("questions", question.id)
    for wave, asked in c.study.instruments.items():
        for question in asked.values():
            key = (question.id, question.model_dump_json(include={"same_as", "without"}))
            if key not in told:
                told.add(key)
                yield question, c.at("waves", wave, "instrument")


def _of_question(c: Checker, question: Question, path: Path_) -> Iterator[Problem]:
    def version(wave: str) -> str | None:
        asked = c.study.instrument(wave).get(question.id)
        return definition(c.study, asked) if asked is not None else None

    what = f'"{question.id}"'
    for item in question.same_as:
        at = c.place((*path, "same_as"), path)
        after = yield from _change(c, at, item, version, what, "survey")
        if after is None:
            continue
        one, other = (c.study.instrument(w)[question.id] for w in (item.wave, after))
        if said := _unlike(c, one, other):
            yield c.problem(at, "declaration", f"{what}: {said} between {item.wave} and {after}.", NO_BRIDGE)


NO_BRIDGE = "That is no harmless change. Let the trend break, or link it by a parallel run (`parallel:` of a wave)."


def _change(
    c: Checker, at: Path_, item: SameAs, version: Versions, what: str, source: Source
) -> Generator[Problem, None, str | None]:
    """The wave in which the change came that a declaration is about; complaints where there is none.

    `version` may raise `ExpressionError`: what cannot be read is told where expressions are checked, and not again.
    """
    waves = list(c.study.waves)
    if item.wave not in c.study.waves:
        yield from c.unknown(at, "wave", item.wave, waves)
        return None
    if c.study.waves[item.wave].published is not None:
        message = f"Of wave {item.wave} only printed figures are left, and nothing is tested against these."
        yield c.problem(at, "declaration", message, "Take `same_as:` out.")
        return None
    try:
        versions = {wave: version(wave) for wave in waves[waves.index(item.wave) :]}
    except ExpressionError:
        return None
    before = versions.pop(item.wave)
    if before is None:
        message = f"{what} is not in wave {item.wave}."
        yield c.problem(at, "declaration", message, "Name the last wave before the change.")
        return None
    after = next((w for w, made in versions.items() if made not in (None, before)), None)
    if after is None:
        message = f"{what} did not change after wave {item.wave}: there is nothing to declare."
        yield c.problem(at, "declaration", message, "Name the last wave before the change, or take `same_as:` out.")
        return None
    since = [w for w, made in versions.items() if made == before and source in c.study.waves[w].by_source]
    last = next((w for w in reversed(since) if waves.index(w) < waves.index(after)), None)
    if last is not None:
        message = f"{what} did not change right after wave {item.wave}, but between {last} and {after}."
        yield c.problem(at, "declaration", message, f'Name the last wave before the change: "{last}".')
        return None
    return after


def _unlike(c: Checker, one: Question, other: Question) -> str:
    """What makes two questions measure in different units, which no reason can mend."""
    if one.kind != other.kind:
        return "the kind of question changed"
    if isinstance(one, Scale) and isinstance(other, Scale):
        ends = [(q.scale.from_, q.scale.to) for q in (one, other)]
        return "the scale has other marks" if ends[0] != ends[1] else ""
    codes = [set(c.study.options(q)) - {NONE, UNLISTED} for q in (one, other)]  # these two stand beside any list
    return "no option is the same" if all(codes) and not codes[0] & codes[1] else ""


def _of_indicator(c: Checker, indicator: Indicator) -> Iterator[Problem]:
    def version(wave: str) -> Identity | None:
        return measured(c.study, c.study.waves[wave], indicator)

    what, path = f'"{indicator.id}"', c.at("indicators", indicator.id)
    for item in indicator.same_as:
        at = c.place((*path, "same_as"), path)
        after = yield from _change(c, at, item, version, what, indicator.source)
        if after is None or indicator.source != "survey":
            continue
        for name in sorted(indicator_questions(indicator)):
            one, other = (c.study.instrument(w).get(name) for w in (item.wave, after))
            if one is not None and other is not None and (said := _unlike(c, one, other)):
                message = f'{what}: {said} in "{name}" between {item.wave} and {after}.'
                yield c.problem(at, "declaration", message, NO_BRIDGE)


def _of_grids(c: Checker) -> Iterator[Problem]:
    """Grids are files of their own: the place told is the file."""
    told: set[tuple[str, str]] = set()
    for grids in (c.study.grids, *c.study.wave_grids.values()):
        for channel, grid in grids.items():
            for item in grid.same_as:
                key = (grid.grid, item.wave)
                if key in told:
                    continue
                told.add(key)
                at: Path_ = ("mystery", "grids", channel)

                def version(wave: str, channel: str = channel) -> str | None:
                    found = c.study.grids_of(wave).get(channel)
                    return dump(judged(c.study, found)) if found is not None else None

                yield from _change(c, at, item, version, f'The grid "{grid.grid}"', "mystery")


def _without(c: Checker, question: Question, path: Path_) -> Iterator[Problem]:
    """Channels, brands or sectors that a question did not offer are those of the list, and not all of it."""
    if not isinstance(question, Single | Multiple | Ranking) or not question.without:
        return
    at = c.place((*path, "without"), path)
    if not isinstance(question.options, str):
        message = f'"{question.id}" lists its options itself.'
        yield c.problem(at, "wrong-value", message, "Take the options out of the list instead of `without:`.")
        return
    known = list(c.study.options(question.model_copy(update={"without": []})))
    for code in question.without:
        yield from c.unknown(at, f'option of "{question.id}"', code, known)
    if known and not set(known) - set(question.without):
        yield c.problem(at, "wrong-value", f'"{question.id}" has no option left.', "Take some out of `without:`.")


def _people(c: Checker, wave: Wave) -> Iterator[Problem]:
    """Whether the same people answer can be told of a survey that has one before it."""
    if wave.people is None:
        return
    waves = list(c.study.waves.values())
    surveys = [w for w in waves[: waves.index(wave)] if "survey" in w.by_source]
    if "survey" not in wave.by_source or not surveys:
        what = "no survey" if "survey" not in wave.by_source else "no survey before it"
        message = f"Wave {wave.id} has {what}, so that `people:` says nothing of it."
        yield c.problem(c.at("waves", wave.id, "people"), "declaration", message, "Take `people:` out.")


def _parallel(c: Checker, wave: Wave) -> Iterator[Problem]:
    if wave.parallel is None:
        return
    at, other = c.at("waves", wave.id, "parallel"), c.study.waves.get(wave.parallel.to)
    if other is None:
        yield from c.unknown(at, "wave", wave.parallel.to, list(c.study.waves))
        return
    said, hint = _not_parallel(c, wave, other)
    if said:
        yield c.problem(at, "declaration", said, hint)


def _not_parallel(c: Checker, wave: Wave, other: Wave) -> tuple[str, str]:
    """Why two waves are no parallel runs of each other, and what to do; nothing where they may be."""
    waves = list(c.study.waves.values())
    if waves.index(other) >= waves.index(wave):
        return (
            f"Wave {other.id} is not listed before {wave.id}.",
            "List a parallel run below the wave that it ran by.",
        )
    if other.parallel is not None:
        return f"Wave {other.id} is a parallel run itself.", f"Name the wave that it ran by: {other.parallel.to}."
    if other.published is not None or wave.published is not None:
        return "Of one of the two only printed figures are left: nothing can be measured with them.", "Take it out."
    if wave.field and other.field and (wave.field[0] > other.field[1] or other.field[0] > wave.field[1]):
        message = f"Waves {other.id} and {wave.id} were not fielded at the same time."
        return message, "A parallel run tells the effect of the instrument only where nothing else can have changed."
    if _alike(c, wave, other):
        return f"Waves {other.id} and {wave.id} have the same instrument: there is nothing to link.", "Take it out."
    return "", ""


def _alike(c: Checker, wave: Wave, other: Wave) -> bool:
    """Whether no figure of the survey changed its identity."""
    try:
        pairs = [[indicator_identity(c.study, w, i) for w in (wave, other)] for i in _surveyed(c)]
    except ExpressionError:
        return False  # told where expressions are checked
    return all(one == two for one, two in pairs)


def _surveyed(c: Checker) -> Sequence[Indicator]:
    return [i for i in c.study.indicators.values() if i.source == "survey"]


def _wave_grids(c: Checker, wave: Wave) -> Iterator[Problem]:
    """Grids of a wave's own are of channels that the study tests."""
    known = list(c.study.header.mystery.grids) if c.study.header.mystery else []
    for channel in wave.grids:
        if channel not in known:
            message = f'The study has no grid for the channel "{channel}".'
            hint = suggestion(channel, known) + " A wave may only have another grid for a channel of `mystery: grids:`."
            yield c.problem(c.at("waves", wave.id, "grids", channel), "unknown-name", message, hint)
