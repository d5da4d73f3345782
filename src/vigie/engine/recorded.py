"""What the tests, reviews and cases of a wave yield together: figures, delays, leagues, and what was left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from vigie.engine.delays import delays
from vigie.engine.edition import Edition
from vigie.engine.labels import RECORDS
from vigie.engine.records import Records
from vigie.engine.reviews import review_figures, with_ranks
from vigie.engine.session import TABLES, Session
from vigie.results.figures import Estimate
from vigie.results.methods import CoderError, Composition, Exclusion
from vigie.results.rankings import League
from vigie.results.waves import WaveResults

SAID = {"mystery": "figures on mystery tests", "reviews": "figures on reviews", "log": "figures on the contact log"}


@dataclass(frozen=True)
class RecordFigures:
    """What the sources other than the survey yield beside mystery scores."""

    estimates: tuple[Estimate, ...] = ()
    leagues: tuple[League, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    compositions: tuple[Composition, ...] = ()
    coders: tuple[CoderError, ...] = ()


def record_figures(
    session: Session, edition: Edition, earlier: Sequence[WaveResults], progress: Callable[[str], None]
) -> RecordFigures:
    """The figures of every source that the wave has, in the order of the study's indicators within each."""
    made = RecordFigures()
    order = {name: k for k, name in enumerate(edition.study.indicators)}
    for source in RECORDS:
        if not session.has(TABLES[source]):
            continue
        if source != "reviews" and not any(i.source == source for i in edition.study.indicators.values()):
            continue
        progress(SAID[source])
        records = Records(session, edition, source)
        times, lost = delays(records)
        estimates = sorted([*records.estimates(), *times], key=lambda e: order[e.indicator])
        if source == "reviews":
            found = review_figures(records, earlier)
            estimates = with_ranks(estimates, found.leagues)
            made = replace(made, leagues=found.leagues, compositions=found.compositions, coders=found.coders)
        made = replace(made, estimates=(*made.estimates, *estimates), exclusions=(*made.exclusions, *lost))
        records.release()
    return made
