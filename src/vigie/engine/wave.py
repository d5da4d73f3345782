"""A snapshot becomes the results of its wave: all four sources, changes, and what the methodology sheet tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pyarrow.compute as pc

from vigie import __version__
from vigie.engine.changes import Before, compared_with, with_changes
from vigie.engine.drivers import driver_figures, left_unasked
from vigie.engine.indices import indices
from vigie.engine.labels import RECORDS, labels
from vigie.engine.mixes import mixes
from vigie.engine.mystery import MysteryFigures, mystery_figures
from vigie.engine.overlap import Surveys
from vigie.engine.recorded import RecordFigures, record_figures
from vigie.engine.series import with_series
from vigie.engine.session import Session
from vigie.engine.sources import thresholds
from vigie.engine.survey import Edition, SurveyFigures, survey_figures
from vigie.results import Drivers, Exclusion, Fieldwork, Linked, SharedPeople, WaveResults, Wording
from vigie.snapshot.facts import Snapshot
from vigie.study.identity import indicator_identity
from vigie.study.instruments import differences, notes_of
from vigie.study.model import Study
from vigie.study.panels import Panel
from vigie.study.questions import Question
from vigie.study.sections import UsageWeights
from vigie.study.text import spread
from vigie.study.waves import Wave
from vigie.verbatim.polarity import CODER

Progress = Callable[[str], None]


def compute(
    study: Study, wave: Wave, session: Session, earlier: Sequence[WaveResults], progress: Progress,
    panel: Surveys | None = None,
) -> WaveResults:  # fmt: skip
    """All results of a wave, compared with the waves before it where that is allowed.

    `panel` holds the surveys of the waves before, for people who answered in several, and takes that of this wave.
    """
    panel = Surveys() if panel is None else panel
    compared, snapshot = compared_with(study, wave, earlier), session.snapshot
    previous = compared[-1] if compared else None
    whole, study = study, study.fielded(wave)
    edition = Edition(study, wave, tuple(str(f["sha256"]) for f in snapshot.manifest["inputs"]))
    survey: SurveyFigures | None = None
    mystery: MysteryFigures | None = None
    drivers: tuple[Drivers, ...] = ()
    if session.has("respondents"):
        progress("survey figures")
        survey = survey_figures(session, edition, _usage(study), panel if len(_surveys(whole)) > 1 else None)
        weighted = replace(edition, derived=survey.derived)
        drivers = tuple(driver_figures(session, weighted, survey.weighting.method if survey.weighting else ""))
    if session.has("tests"):
        progress("mystery scores and ranks")
        used = survey is not None and survey.usage is not None  # the channels' weights come from the survey's
        scoring = replace(edition, derived=survey.derived) if survey is not None and used else edition
        mystery = mystery_figures(session, scoring, survey.usage if survey else None)
    records = record_figures(session, edition, earlier, progress)
    estimates = [*(survey.estimates if survey else ()), *(mystery.estimates if mystery else ()), *records.estimates]
    found = differences(whole, study.waves[previous.wave], wave, (CODER, CODER)) if previous else ()
    if earlier:
        progress("changes since the wave before")
        before = Before(earlier, panel, notes_of(found), previous.wave if previous else "")
        estimates = with_changes(whole, wave, before, estimates, mystery.cells if mystery else ())
    estimates = with_series(whole, wave, estimates, earlier, panel)
    shared = _shared(whole, wave, panel)
    indexed, told = indices(study, wave, estimates, earlier)
    header = study.header
    mystery_show, reviews, log = (thresholds(study, source) for source in RECORDS)
    return WaveResults(
        study=header.study, title=spread(header.title), wave=wave.id, previous=previous.wave if previous else None,
        version=__version__, languages=study.report_languages, population=spread(header.population),
        hide=header.show.hide, fragile=header.show.fragile, estimates=(*estimates, *indexed),
        leagues=(*(mystery.leagues if mystery else ()), *records.leagues),
        weighting=survey.weighting if survey else None, weightings=survey.weightings if survey else (),
        exclusions=tuple(_exclusions(snapshot, survey, mystery, records)),
        fieldwork=tuple(_fieldwork(wave, session, survey, mystery, list(header.channels))),
        questionnaire=tuple(_questionnaire(whole, wave, study.waves[previous.wave] if previous else None)),
        banner=tuple(b for b in header.banner if b in study.instrument(wave.id)),
        channel_weights=mystery.channel_weights if mystery else (), labels=labels(study, wave), snapshot=snapshot.key,
        notes=(*snapshot.manifest.get("notes", ()), *_silent(study, wave), *told, *_people(shared)),
        hide_tests=mystery_show.hide, fragile_tests=mystery_show.fragile,
        cells=mystery.cells if mystery else (), compositions=records.compositions, coders=records.coders,
        hide_reviews=reviews.hide, fragile_reviews=reviews.fragile, hide_cases=log.hide, fragile_cases=log.fragile,
        drivers=drivers, mixes=tuple(mixes(whole, wave, estimates, earlier, panel)), shared=shared, differences=found,
        linked=tuple(_linked(whole, (*(r.wave for r in earlier), wave.id))),
    )  # fmt: skip


def _surveys(study: Study) -> list[Wave]:
    return [w for w in study.waves.values() if "survey" in w.by_source]


def _shared(study: Study, wave: Wave, panel: Surveys) -> SharedPeople | None:
    """How many people answered in the survey before too, looked up and not only declared."""
    listed = list(study.waves)
    before = [w for w in _surveys(study) if w.id in listed[: listed.index(wave.id)]]
    return shared_people(panel, before[-1], wave) if before else None


def shared_people(panel: Surveys, before: Wave, wave: Wave) -> SharedPeople | None:
    """How many people answered in both of two waves."""
    found = panel.shared(before.id, wave.id)
    if found is None:
        return None
    return SharedPeople(before.id, found.people, panel.people(wave.id), wave.people or "")


def _people(shared: SharedPeople | None) -> Iterator[str]:
    """Where what is declared of the people is not what the files hold, and where nothing was declared."""
    if shared is None:
        return
    keys = f"{shared.people:,} respondents bear the key of one of wave {shared.wave}"
    if shared.declared == "" and shared.people:
        yield f'{keys}: changes are tested with their covariance ("people: fresh" if these are not the same people)'
    elif shared.declared == "fresh" and shared.people:
        yield f'{keys}, and "people: fresh" is declared: they are taken for other people'
    elif shared.declared in ("same", "mixed") and not shared.people:
        yield f'"people: {shared.declared}" is declared, and no respondent bears the key of one of wave {shared.wave}'
    elif shared.declared == "same" and shared.people < shared.of:
        yield f'"people: same" is declared, and {keys}, out of {shared.of:,}'


def _linked(study: Study, waves: Sequence[str]) -> Iterator[Linked]:
    for name in waves:
        parallel = study.waves[name].parallel
        if parallel is not None:
            yield Linked(name, parallel.to, spread(parallel.reason))


def _silent(study: Study, wave: Wave) -> Iterator[str]:
    """Indicators that the wave cannot yield, since its instrument does not ask their questions."""
    for indicator in study.indicators.values():
        if indicator.source in wave.by_source and indicator_identity(study, wave, indicator) is None:
            yield f'"{indicator.id}" is not in this wave: its question was not asked'
    for name in left_unasked(study, wave):
        yield f'"{name}" is not in this wave: one of its questions was not asked'


def _usage(study: Study) -> str | None:
    rules = study.header.mystery
    return rules.channel_weights.from_ if rules and isinstance(rules.channel_weights, UsageWeights) else None


def _exclusions(
    snapshot: Snapshot, survey: SurveyFigures | None, mystery: MysteryFigures | None, records: RecordFigures
) -> Iterator[Exclusion]:
    for item in snapshot.manifest["exclusions"]:
        yield Exclusion(item["source"], item["reason"], item["rows"], item["cells"], tuple(item["examples"]))
    yield from survey.exclusions if survey else ()
    yield from mystery.exclusions if mystery else ()
    yield from records.exclusions


def _fieldwork(
    wave: Wave, session: Session, survey: SurveyFigures | None, mystery: MysteryFigures | None, channels: Sequence[str]
) -> Iterator[Fieldwork]:
    read, tables = session.snapshot.manifest["read"], session.snapshot.manifest["tables"]
    if survey is not None:
        start, end = _days(session, wave, "respondents", "started_at")
        yield Fieldwork("survey", wave.mode, start, end, read["survey"], tables["respondents"])
    if mystery is not None:
        start, end = _days(session, wave, "tests", "sent_at")
        yield Fieldwork("mystery", "", start, end, read["tests"], tables["tests"], mystery.by_channel, mystery.brands)
    if session.has("reviews"):
        start, end = _days(session, wave, "reviews", "published")
        kept, _, brands = _counted(session, "reviews", "review", channels)
        yield Fieldwork("reviews", "", start, end, read["reviews"], kept, brands=brands)
    if session.has("cases"):
        start, end = _days(session, wave, "cases", "opened_at")
        kept, by_channel, brands = _counted(session, "cases", "case", channels)
        yield Fieldwork("log", "", start, end, read["log"], kept, by_channel, brands, events=session.has("events"))


def _counted(
    session: Session, table: str, key: str, channels: Sequence[str]
) -> tuple[int, tuple[tuple[str, int], ...], int]:
    """Reviews or cases, how many by channel where it is known, and how many brands they are of."""
    rows = session.table(table).select(key, "channel", "brand").to_pyarrow()
    counts = {c["values"]: c["counts"] for c in pc.value_counts(rows["channel"]).to_pylist()}
    by_channel = tuple((c, counts[c]) for c in channels if c in counts)
    return pc.count_distinct(rows[key]).as_py(), by_channel, pc.count_distinct(rows["brand"]).as_py()


def _days(session: Session, wave: Wave, table: str, column: str) -> tuple[str, str]:
    """The first and the last day of a source: as the data tell, else as the study says, else nothing."""
    moments = session.table(table)[column]
    first, last = moments.min().to_pyarrow().as_py(), moments.max().to_pyarrow().as_py()
    if first is not None:
        return first.isoformat()[:10], last.isoformat()[:10]
    return (wave.field[0].isoformat(), wave.field[1].isoformat()) if wave.field else ("", "")


def _questionnaire(study: Study, wave: Wave, before: Wave | None) -> Iterator[Wording]:
    earlier = study.instrument(before.id) if before else {}
    for question in study.instrument(wave.id).values():
        if isinstance(question, Panel):
            continue  # nobody was asked
        changed = bool(before) and question.id in earlier and _changed(study, question, earlier[question.id])
        options = (
            tuple((c, spread(t)) for c, t in study.options(question).items()) if study.over(question) != "brand" else ()
        )
        yield Wording(question.id, question.kind, spread(question.label), options, _asked(question), changed)


def _asked(question: Question) -> str:
    """Whom a question was asked: its routing, else whoever fed its loop, else everyone."""
    return question.ask_if or (f"any({question.per.source})" if question.per else "everyone")


def _changed(study: Study, now: Question, then: Question) -> bool:
    """Whether wording, options, scale, routing or loop differ; translations do not count."""
    languages = study.header.languages

    def told(question: Question) -> Any:
        raw = question.model_dump(exclude={"same_as"})
        raw["label"] = [spread(question.label)[language] for language in languages]
        return raw

    return bool(told(now) != told(then))
