"""All that is known of one wave, and two waves beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vigie.results.drivers import Drivers
from vigie.results.figures import UNTOLD, Estimate, Place, Texts, pick
from vigie.results.methods import CoderError, Composition, Exclusion, Fieldwork, WeightingDiagnostics, Wording
from vigie.results.rankings import CellScore, Disclosure, League
from vigie.results.trends import Difference, Linked, Mix, SharedPeople


@dataclass(frozen=True, slots=True)
class WaveResults:
    """All that is known of one wave; `results.json` is this record."""

    study: str
    title: Texts
    wave: str
    previous: str | None
    version: str
    languages: tuple[str, ...]  # of the reports
    population: Texts
    hide: int
    fragile: int
    estimates: tuple[Estimate, ...]
    leagues: tuple[League, ...]
    weighting: WeightingDiagnostics | None
    exclusions: tuple[Exclusion, ...]
    fieldwork: tuple[Fieldwork, ...]
    questionnaire: tuple[Wording, ...]
    banner: tuple[str, ...]  # the questions that break the tables, in order
    channel_weights: tuple[tuple[str, float, float], ...]  # channel, weight, standard error (mystery score)
    labels: Mapping[
        str, Texts
    ]  # "channel:phone", "sex", "sex:f", "brand:ondine", "sector:energy", "indicator:satisfied"
    snapshot: str  # hash of the facts
    notes: tuple[str, ...] = field(default=())
    weightings: tuple[WeightingDiagnostics, ...] = ()  # of some of the people, beside that of everyone
    hide_tests: int = 5  # tests; of mystery figures
    fragile_tests: int = 30
    cells: tuple[CellScore, ...] = ()  # mystery scores by brand and channel
    compositions: tuple[Composition, ...] = ()  # of the reviews
    coders: tuple[CoderError, ...] = ()
    hide_reviews: int = 10
    fragile_reviews: int = 50
    hide_cases: int = 30  # of the contact log
    fragile_cases: int = 100
    drivers: tuple[Drivers, ...] = ()
    mixes: tuple[Mix, ...] = ()  # changes since the wave before, taken apart
    shared: SharedPeople | None = None  # with the wave before
    differences: tuple[Difference, ...] = ()  # of the instrument, since the wave before
    linked: tuple[Linked, ...] = ()  # parallel runs up to this wave
    disclose: Disclosure = field(default_factory=Disclosure)
    # scores of cells with too few tests, by which later waves are compared; never written, shown or compared itself
    thin: tuple[CellScore, ...] = field(default=(), metadata=UNTOLD, repr=False, compare=False)

    def label(self, key: str, language: str) -> str:
        """The text of a label in a language, else in the first language that has it, else the bare code."""
        return pick(self.labels.get(key, {}), language) or key.partition(":")[2] or key


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two waves beside each other: `now` holds its changes since `before`, and how the instrument differs."""

    before: WaveResults
    now: WaveResults

    def was(self) -> dict[Place, Estimate]:
        """The figures of the earlier wave, by their place."""
        return {e.place: e for e in self.before.estimates}
