"""The study as a whole: what is asked, of whom, about whom. Frozen once it is loaded and resolved for a wave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from vigie.results.figures import Source
from vigie.study.brands import Brand
from vigie.study.channels import CHANNELS
from vigie.study.drivers import KeyDrivers
from vigie.study.fields import fields, unfolded
from vigie.study.grids import Grid
from vigie.study.imports import AnyImport
from vigie.study.indicators import Indicator
from vigie.study.questions import (
    NONE,
    UNLISTED,
    Battery,
    Mention,
    Multiple,
    Question,
    Ranking,
    Scale,
    Single,
)
from vigie.study.sections import Disclose, Log, Mystery, Reviews, Show, Weighting
from vigie.study.text import Id, Model, Texts, keyed, spread
from vigie.study.waves import Wave


def _channel_list(value: Any) -> Any:
    """`channels:` as a list of ids, or as ids with a label of the study's own."""
    return keyed(value, "channel names")


class Header(Model):
    """The study's own words and settings: everything but its lists."""

    study: Id
    """the study's name"""
    title: Texts
    """its title"""
    languages: list[Literal["fr", "en"]] = Field(default=["fr"], min_length=1)
    """languages of the fieldwork"""
    reports: list[Literal["fr", "en"]] | None = Field(default=None, min_length=1)
    """languages of the reports; those of the fieldwork unless given"""
    population: Texts = {"fr": "Ensemble des personnes interrogées", "en": "All people interviewed"}
    """who the figures speak of"""
    channels: Annotated[
        dict[Id, Texts | None],
        BeforeValidator(_channel_list, json_schema_input_type=list[str] | dict[str, Texts | None]),
    ] = {}
    """the channels, in order; a channel of the study's own has a label"""
    brands: str | None = None
    """the list of brands, a CSV file"""
    sectors: dict[Id, Texts] = {}
    """labels of the sectors"""
    banner: list[Id] = []
    """the single questions that break tables"""
    weighting: Weighting | None = None
    """how respondents are weighted"""
    mystery: Mystery | None = None
    """how mystery tests are scored"""
    reviews: Reviews | None = None
    """how online reviews are read; told only where something differs"""
    log: Log | None = None
    """how the contact log is read; told only where something differs"""
    show: Show = Show()
    """what is hidden or flagged"""
    disclose: Disclose = Disclose()
    """what other readers are told of brands"""


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure that an old wave printed: its value as a share (0 to 1) or in the unit of the indicator."""

    indicator: str
    segment: tuple[tuple[str, str], ...]
    value: float
    n: int | None
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class Margin:
    """The population by the categories of one question, or by its sum: then the one category is the empty one."""

    variable: str
    totals: dict[str, float]
    file: str
    population: str = ""  # which population, where the study weights several
    shares: bool = False  # whether these are shares; of a number, its mean
    lines: dict[str, int] = field(default_factory=dict, compare=False)  # by category, where it stands in the file

    @property
    def numeric(self) -> bool:
        return set(self.totals) == {""}

    @property
    def line(self) -> int | None:
        """The first line of the file that speaks of it."""
        return next(iter(self.lines.values()), None)

    @property
    def profile(self) -> dict[str, float]:
        """What each category is of the whole, however many people that is; a number as it is."""
        if self.numeric:
            return dict(self.totals)
        whole = sum(self.totals.values()) or 1.0
        return {category: round(total / whole, 9) for category, total in self.totals.items()}


@dataclass(frozen=True, eq=False)  # one study is itself alone: what is made of it once is kept by it
class Study:
    """A loaded study: the header, its lists by id, and what its files hold."""

    folder: str
    header: Header
    questions: dict[str, Question]
    indicators: dict[str, Indicator]
    imports: dict[str, AnyImport]
    waves: dict[str, Wave]
    brands: tuple[Brand, ...] = ()
    grids: dict[str, Grid] = field(default_factory=dict)  # by channel
    margins: dict[str, tuple[Margin, ...]] = field(default_factory=dict)  # by wave; of everyone
    margins_among: dict[tuple[str, str], tuple[Margin, ...]] = field(default_factory=dict)  # by wave and weighting
    instruments: dict[str, dict[str, Question]] = field(default_factory=dict)  # by wave: its resolved questions
    batteries: dict[str, Battery] = field(default_factory=dict)  # grids by id; their items are among the questions
    figures: dict[str, tuple[PublishedFigure, ...]] = field(default_factory=dict)  # of waves that were only printed
    drivers: dict[str, KeyDrivers] = field(default_factory=dict)
    wave_grids: dict[str, dict[str, Grid]] = field(default_factory=dict)  # by wave that has grids of its own: all of it
    _asked: dict[Source, dict[str, Question]] = field(default_factory=dict, init=False, repr=False)  # made once

    @property
    def report_languages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.header.reports or self.header.languages))

    def instrument(self, wave: str) -> dict[str, Question]:
        """The questions of the survey as that wave asked them."""
        return self.instruments.get(wave, self.questions)

    def grids_of(self, wave: str) -> dict[str, Grid]:
        """The mystery grids by which the tests of that wave were marked."""
        return self.wave_grids.get(wave, self.grids)

    def population(self, wave: Wave) -> dict[str, str]:
        """Who the figures of a wave speak of."""
        return wave.population or self.header.population

    def fielded(self, wave: Wave) -> Study:
        """The study as it was in the field of a wave: its grids and its population are those of that wave."""
        if wave.id not in self.wave_grids and wave.population is None:
            return self
        header = self.header.model_copy(update={"population": self.population(wave)})
        return replace(self, header=header, grids=self.grids_of(wave.id))

    def asked(self, source: Source, wave: str | None = None) -> dict[str, Question]:
        """What expressions over a source may name: the survey's questions, or the source's fields and own questions."""
        if source == "survey":
            return self.questions if wave is None else self.instrument(wave)
        if source not in self._asked:
            most = self.header.reviews.stars if self.header.reviews else 5
            self._asked[source] = fields(source, most) | self.own(source)
        return self._asked[source]

    def own(self, source: Source) -> dict[str, Question]:
        """The study's own questions of a source other than the survey, each item of a grid as one."""
        section = {"mystery": self.header.mystery, "reviews": self.header.reviews, "log": self.header.log}.get(source)
        return unfolded(section.questions) if section is not None else {}

    @property
    def reviews(self) -> Reviews:
        return self.header.reviews or Reviews()

    @property
    def log(self) -> Log:
        return self.header.log or Log()

    def channel_label(self, channel: str) -> dict[str, str]:
        own = self.header.channels.get(channel)
        if own:
            return spread(own)
        return CHANNELS[channel].label if channel in CHANNELS else {"": channel}

    def options(self, question: Question) -> dict[str, dict[str, str]]:
        """The codes of a closed question with their labels, `none` last; empty for other kinds."""
        if not isinstance(question, Single | Multiple | Ranking):
            return {}
        if question.options == "channels":
            listed = {c: self.channel_label(c) for c in self.header.channels}
        elif question.options == "brands":
            listed = {b.brand: {"": b.name} for b in self.brands}
        elif question.options == "sectors":
            named = {b.sector: {"": b.sector.replace("_", " ").capitalize()} for b in self.brands}
            listed = named | {s: dict(t) for s, t in self.header.sectors.items()}
        else:
            listed = {c: dict(t) for c, t in question.options.items()}
        listed = {c: texts for c, texts in listed.items() if c not in question.without}
        if isinstance(question, Multiple) and question.none is not None:
            listed[NONE] = dict(question.none)
        if isinstance(question, Mention):
            listed[UNLISTED] = {"fr": "Autre marque", "en": "Another brand"}
        return listed

    def exclusive(self, question: Multiple) -> tuple[str, ...]:
        """The options that stand alone."""
        return (*question.exclusive, *((NONE,) if question.none is not None else ()))

    def standing_alone(self, questions: Mapping[str, Question]) -> dict[str, tuple[str, ...]]:
        """The options that stand alone, of each question that lets several be chosen."""
        return {q.id: self.exclusive(q) for q in questions.values() if isinstance(q, Multiple)}

    def over(self, question: Question) -> str:
        """What a question's options are: `channel`, `brand`, or the question itself."""
        listed = getattr(question, "options", None)
        return (
            {"channels": "channel", "brands": "brand", "sectors": "sector"}.get(listed, question.id)
            if isinstance(listed, str)
            else question.id
        )

    @staticmethod
    def is_nps_scale(question: Question) -> bool:
        return isinstance(question, Scale) and (question.scale.from_, question.scale.to) == (0, 10)
