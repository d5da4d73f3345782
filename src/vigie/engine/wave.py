"""A snapshot becomes the results of its wave: all four sources, changes, and what the methodology sheet tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from vigie import __version__
from vigie.engine.changes import Before, compared_with, with_changes
from vigie.engine.drivers import driver_figures, unmade
from vigie.engine.edition import Edition
from vigie.engine.fieldwork import fieldwork, wordings
from vigie.engine.indices import indices
from vigie.engine.labels import RECORDS, labels
from vigie.engine.mixes import mixes
from vigie.engine.mystery import MysteryFigures, mystery_figures
from vigie.engine.overlap import Surveys
from vigie.engine.recorded import RecordFigures, record_figures
from vigie.engine.series import with_series
from vigie.engine.session import Session
from vigie.engine.shared_people import shared_before, told_of
from vigie.engine.sources import thresholds
from vigie.engine.survey import SurveyFigures, survey_figures
from vigie.results.drivers import Drivers
from vigie.results.figures import Estimate
from vigie.results.methods import Exclusion
from vigie.results.rankings import CellScore, Disclosure, League
from vigie.results.trends import Linked
from vigie.results.waves import WaveResults
from vigie.study.identity import indicator_identity
from vigie.study.instruments import differences, notes_of
from vigie.study.model import Study
from vigie.study.sections import UsageWeights
from vigie.study.text import spread
from vigie.study.waves import Wave
from vigie.verbatim.polarity import CODER

Progress = Callable[[str], None]


def compute(
    study: Study, wave: Wave, session: Session, earlier: Sequence[WaveResults], progress: Progress,
    panel: Surveys | None = None, *, leagues_only: bool = False,
) -> WaveResults:  # fmt: skip
    """All results of a wave, compared with the waves before it where that is allowed.

    `panel` holds the surveys of the waves before, for people who answered in several, and takes that of this wave. With
    `leagues_only` there are no drivers, no weights are kept, and later waves find nothing.
    """
    panel = Surveys() if panel is None else panel
    compared, snapshot = compared_with(study, wave, earlier), session.snapshot
    previous = study.waves[compared[-1].wave] if compared else None
    whole, study = study, study.fielded(wave)
    header, again = study.header, sum("survey" in w.by_source for w in whole.waves.values()) > 1
    edition = Edition(study, wave, tuple(str(f["sha256"]) for f in snapshot.manifest["inputs"]), keep=not leagues_only)
    made = _measured(session, edition, earlier, progress, panel if again and not leagues_only else None)
    found = differences(whole, previous, wave, (CODER, CODER)) if previous else ()
    estimates: Sequence[Estimate] = made.estimates
    if earlier:
        progress("changes since the wave before")
        before = Before(earlier, panel, notes_of(found), previous.id if previous else "")
        estimates = with_changes(whole, wave, before, estimates, (*made.cells, *made.thin))
    estimates = with_series(whole, wave, estimates, earlier, panel)
    shared = shared_before(whole, wave, panel)
    indexed, told = indices(study, wave, estimates, earlier, panel)
    mystery, reviews, log = (thresholds(study, source) for source in RECORDS)
    return WaveResults(
        study=header.study, title=spread(header.title), wave=wave.id, previous=previous.id if previous else None,
        version=__version__, languages=study.report_languages, population=spread(header.population),
        hide=header.show.hide, fragile=header.show.fragile, estimates=(*estimates, *indexed),
        leagues=made.leagues,
        weighting=made.survey.weighting if made.survey else None,
        weightings=made.survey.weightings if made.survey else (),
        exclusions=tuple(made.exclusions(session)),
        fieldwork=tuple(fieldwork(wave, session, made.survey, made.mystery, list(header.channels))),
        questionnaire=tuple(wordings(whole, wave, previous)),
        banner=tuple(b for b in header.banner if b in study.instrument(wave.id)),
        channel_weights=made.mystery.channel_weights if made.mystery else (), labels=labels(study, wave),
        snapshot=snapshot.key,
        notes=(
            *snapshot.manifest.get("notes", ()), *(made.survey.notes if made.survey else ()), *_silent(study, wave),
            *(() if leagues_only else unmade(study, wave, made.drivers)), *told,
            *(told_of(shared) if shared else ()),
        ),
        hide_tests=mystery.hide, fragile_tests=mystery.fragile,
        cells=made.cells, thin=made.thin, compositions=made.records.compositions, coders=made.records.coders,
        hide_reviews=reviews.hide, fragile_reviews=reviews.fragile, hide_cases=log.hide, fragile_cases=log.fragile,
        drivers=made.drivers, mixes=tuple(mixes(whole, wave, estimates, earlier, panel)), shared=shared,
        disclose=Disclosure(**header.disclose.model_dump()),
        differences=found, linked=tuple(_linked(whole, (*(r.wave for r in earlier), wave.id))),
    )  # fmt: skip


@dataclass(frozen=True)
class _Measured:
    """What the sources of a wave yield by themselves, before the wave is compared with others."""

    survey: SurveyFigures | None
    drivers: tuple[Drivers, ...]
    mystery: MysteryFigures | None
    records: RecordFigures

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        survey, mystery = (part.estimates if part else () for part in (self.survey, self.mystery))
        return (*survey, *mystery, *self.records.estimates)

    @property
    def leagues(self) -> tuple[League, ...]:
        return (*(self.mystery.leagues if self.mystery else ()), *self.records.leagues)

    @property
    def cells(self) -> tuple[CellScore, ...]:
        return self.mystery.cells if self.mystery else ()

    @property
    def thin(self) -> tuple[CellScore, ...]:
        return self.mystery.thin if self.mystery else ()

    def exclusions(self, session: Session) -> Iterator[Exclusion]:
        """What was left out on the way in, and what could not be counted."""
        for item in session.snapshot.manifest["exclusions"]:
            yield Exclusion(item["source"], item["reason"], item["rows"], item["cells"], tuple(item["examples"]))
        for part in (self.survey, self.mystery, self.records):
            yield from part.exclusions if part else ()


def _measured(
    session: Session, edition: Edition, earlier: Sequence[WaveResults], progress: Progress, panel: Surveys | None
) -> _Measured:  # fmt: skip
    """Source by source; the usage of channels weighs mystery scores. Drivers stand on the weights that are kept."""
    survey: SurveyFigures | None = None
    mystery: MysteryFigures | None = None
    drivers: tuple[Drivers, ...] = ()
    if session.has("respondents"):
        progress("survey figures")
        survey = survey_figures(session, edition, _usage(edition.study), panel)
        weighted, method = replace(edition, derived=survey.derived), survey.weighting.method if survey.weighting else ""
        drivers = tuple(driver_figures(session, weighted, method)) if edition.keep else ()
    if session.has("tests"):
        progress("mystery scores and ranks")
        used = survey is not None and survey.usage is not None  # the channels' weights come from the survey's
        scoring = replace(edition, derived=survey.derived) if survey is not None and used else edition
        mystery = mystery_figures(session, scoring, survey.usage if survey else None)
    return _Measured(survey, drivers, mystery, record_figures(session, edition, earlier, progress))


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


def _usage(study: Study) -> str | None:
    rules = study.header.mystery
    return rules.channel_weights.from_ if rules and isinstance(rules.channel_weights, UsageWeights) else None
