"""What single parts cannot know: that names meet, scales fit, files exist. Every problem is listed at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from vigie.errors import Problem, suggestion
from vigie.study.channels import CHANNELS, meeting
from vigie.study.complaints import Checker
from vigie.study.declared_checks import check_declarations
from vigie.study.document import Document, Path_
from vigie.study.driver_checks import check_drivers
from vigie.study.imports import SurveyImport
from vigie.study.indicator_checks import check_indicators
from vigie.study.indicators import Indicator
from vigie.study.mappings import check_imports, check_waves
from vigie.study.margins import check_margins
from vigie.study.model import Study
from vigie.study.panels import panels
from vigie.study.question_checks import TEST_FIELDS, check_instrument, check_own_questions, check_questions
from vigie.study.questions import UNLISTED, Multiple, Single
from vigie.study.sections import UsageWeights
from vigie.study.waves import FILE_KEYS, Interviews


def check(
    study: Study, document: Document, paths: Mapping[tuple[str, str], Path_], invalid: set[str],
    merged: Mapping[str, Document],
) -> list[Problem]:  # fmt: skip
    """Every inconsistency between the parts of a study; `merged` holds the study as each instrument changes it."""
    checker = Checker(study, document, paths, invalid)
    parts: tuple[Callable[[Checker], Iterator[Problem]], ...] = (
        _header, check_questions, check_own_questions, check_indicators, check_drivers, check_margins, _mystery,
        check_imports, check_waves, _sources, _interviews, _order, _printed, check_declarations,
    )  # fmt: skip
    found = [problem for part in parts for problem in part(checker)]
    for wave, overlaid in merged.items():
        found += check_instrument(replace(checker, document=overlaid), wave, {p.message for p in found})
    return found


def _header(c: Checker) -> Iterator[Problem]:
    header, study = c.study.header, c.study
    for channel, label in header.channels.items():
        if channel not in CHANNELS and label is None:
            hint = suggestion(channel, list(CHANNELS)) + " A channel of your own needs a label."
            yield c.problem(("channels", channel), "unknown-name", f'There is no channel "{channel}".', hint)
    for number, name in enumerate(header.banner):
        yield from c.unknown(("banner", number), "question", name, list(study.questions))
        question = study.questions.get(name)
        if question is not None and (not isinstance(question, Single | Multiple) or question.per is not None):
            message = f'"{name}" cannot break tables: the banner takes single and multiple questions asked once.'
            yield c.problem(("banner", number), "wrong-value", message, "Take it out of the banner.")
    for sector in dict.fromkeys(b.sector for b in study.brands):
        if header.sectors and sector not in header.sectors:
            hint = suggestion(sector, list(header.sectors))
            yield c.problem(("sectors",), "unknown-name", f'The brands name a sector "{sector}" without a label.', hint)


def _mystery(c: Checker) -> Iterator[Problem]:
    rules, study = c.study.header.mystery, c.study
    if rules is None:
        return
    for channel in rules.grids:
        yield from c.unknown(("mystery", "grids", channel), "channel", channel, list(study.header.channels))
    if study.header.brands is None:
        yield c.problem(
            ("mystery",), "missing-key", "Mystery tests need a list of brands.", 'Add "brands: brands.csv".'
        )
    for channel, grid in study.grids.items():
        for criterion in grid.criteria:
            if criterion.id in TEST_FIELDS:
                message = f'The criterion "{criterion.id}" bears the name of a test\'s own column.'
                yield Problem("grid", message, "Rename the criterion.", rules.grids[channel])
    weights = rules.channel_weights
    if isinstance(weights, UsageWeights):
        yield from _usage(c, weights)
    elif weights is not None:
        for channel in weights:
            yield from c.unknown(
                ("mystery", "channel_weights", channel), "grid for channel", channel, list(rules.grids)
            )
        for channel in rules.grids:
            if channel not in weights:
                message = f'The channel "{channel}" has a grid and no weight.'
                yield c.problem(("mystery", "channel_weights"), "missing-key", message, "Add its weight.")


def _usage(c: Checker, weights: UsageWeights) -> Iterator[Problem]:
    path: Path_ = ("mystery", "channel_weights", "from")
    indicator = c.study.indicators.get(weights.from_)
    if indicator is None:
        yield from c.unknown(path, "indicator", weights.from_, list(c.study.indicators))
        return
    question = c.study.questions.get(indicator.expression.strip())
    of_channels = isinstance(question, Multiple) and c.study.over(question) == "channel"
    if indicator.kind != "share" or indicator.source != "survey" or question is None or not of_channels:
        message = f'"{indicator.id}" does not give one share per channel.'
        yield c.problem(path, "wrong-value", message, 'Use a share of a multiple question with "options: channels".')
        return
    listed = list(c.study.options(question))
    for channel in c.study.header.mystery.grids if c.study.header.mystery else ():
        if meeting(channel, listed) is None:
            message = f'"{question.id}" does not tell how much "{channel}" is used.'
            yield c.problem(path, "unknown-name", message, suggestion(channel, listed))


def _sources(c: Checker) -> Iterator[Problem]:
    """Sources that stand on a list that the study does not give."""
    for wave in c.study.waves.values():
        for source in wave.by_source:
            path = c.at("waves", wave.id, "files", FILE_KEYS[source])
            if source == "reviews" and c.study.header.brands is None:
                yield c.problem(path, "missing-key", "Reviews need a list of brands.", 'Add "brands: brands.csv".')
        if isinstance(wave.interviews, Interviews):
            at = c.at("waves", wave.id, "interviews", "past")
            yield from c.unknown(at, "question", wave.interviews.past, list(c.study.instrument(wave.id)))


def _interviews(c: Checker) -> Iterator[Problem]:
    """What a wave's rules stand on is in each of its survey files: the status of interviews, final weights."""
    for wave in c.study.waves.values():
        if panels(wave) and "" in panels(wave):
            message = f'Some survey files of wave "{wave.id}" name their panel, and others do not.'
            at = c.at("waves", wave.id, "files", "survey")
            yield c.problem(at, "missing-key", message, "Give every file its `panel:`.")
        for file in wave.by_source.get("survey", []):
            if file.import_ is not None and file.import_ not in c.study.imports:
                continue
            item = c.study.imports.get(file.import_ or "", SurveyImport())
            name = f'the import "{file.import_}"' if file.import_ else "an import"
            if wave.interviews == "complete" and isinstance(item, SurveyImport) and item.status is None:
                message = f'Nothing tells which interviews in "{file.path}" are complete.'
                path, hint = c.at("waves", wave.id, "interviews"), f"Name the column in {name}: `status:`."
                yield c.problem(path, "missing-key", message, hint)
            if wave.weights == "as_given" and isinstance(item, SurveyImport) and item.weight is None:
                message = f'Nothing tells where "{file.path}" has its weights, which are to be taken as given.'
                path, hint = c.at("waves", wave.id, "weights"), f"Name the column in {name}: `weight:`."
                yield c.problem(path, "missing-key", message, hint)


def _order(c: Checker) -> Iterator[Problem]:
    """Waves stand in the order of time: each is compared with those above it."""
    dated = [(w.field[0], w.id) for w in c.study.waves.values() if w.field]
    for (before, _), (day, wave) in pairwise(dated):
        if day < before:
            message = f'The wave "{wave}" was fielded before the one above it.'
            yield c.problem(
                c.at("waves", wave, "field"), "wrong-value", message, "List the waves in the order of time."
            )


def _printed(c: Checker) -> Iterator[Problem]:
    """Dimensions and codes of printed figures that the study does not know: no trend would ever meet them."""
    for wave, figures in c.study.figures.items():
        file, told = c.study.waves[wave].published or "", set()
        for figure in figures:
            known = _dimensions(c.study, wave, c.study.indicators[figure.indicator])
            for name, code in figure.segment:
                if name not in known:
                    what, wrong, names = "dimension", name, list(known)
                elif known[name] and code not in known[name]:
                    what, wrong, names = name, code, known[name]
                else:
                    continue
                if (what, wrong) not in told and not c.invalid & {name, code}:
                    message = f'There is no {what} "{wrong}".'
                    yield Problem("unknown-name", message, suggestion(wrong, names), file, figure.line)
                told.add((what, wrong))


def _dimensions(study: Study, wave: str, indicator: Indicator) -> dict[str, list[str]]:
    """What a printed figure may be broken by, with the codes of each; none where they are not fixed."""
    states = list(indicator.funnel) if isinstance(indicator.funnel, dict) else []
    sectors = dict.fromkeys([*study.header.sectors, *(b.sector for b in study.brands)])
    brands = [b.brand for b in study.brands]
    return {
        **{n: list(study.options(q)) for n, q in study.asked(indicator.source, wave).items()},
        **{n: list(grid.items) for n, grid in study.batteries.items()},
        "channel": list(study.header.channels), "sector": list(sectors),
        "brand": [*brands, UNLISTED] if brands else [], "state": states, "gap": ["above", "at", "below"],
        "net": [], "within": [], "statistic": [],
    }  # fmt: skip
