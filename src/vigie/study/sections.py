"""The sections of a study beside its lists: how people are weighted, tests scored, reviews and a log read and shown."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vigie.study.questions import AnyQuestion
from vigie.study.text import Id, Model, Weight


class Calibration(Model):
    """Weights that make the sample agree with the population's margins."""

    method: Literal["raking", "linear", "logit", "truncated"] = "raking"
    """`raking` (within `bounds:` if given), `linear`, `truncated` (linear within bounds), or `logit` (within bounds)"""
    margins: str
    """the margins' file; `{wave}` stands for the wave"""
    bounds: tuple[float, float] | None = None
    """the smallest and the largest weight / base weight"""
    trim: Annotated[float, Field(gt=0, le=100)] | None = None
    """cut weight / base weight above the median + so many interquartile ranges; the excess goes to others"""
    negative: bool = False
    """whether the linear method may give people negative weights"""

    @model_validator(mode="after")
    def _possible(self) -> Calibration:
        if self.bounds and not 0 <= self.bounds[0] < 1 < self.bounds[1]:
            raise ValueError("the bounds stand around 1, the lower one not below 0")
        if self.method in ("logit", "truncated") and self.bounds is None:
            raise ValueError(f"`method: {self.method}` needs `bounds:`, for example [0.3, 3]")
        if self.method == "linear" and self.bounds is not None:
            raise ValueError("the linear method knows no bounds: write `method: truncated`")
        if self.negative and (self.method != "linear" or self.trim is not None):
            raise ValueError("only `method: linear`, untrimmed, can give negative weights")
        return self


class Among(Calibration):
    """A second weighting, of some of the people."""

    base: str
    """a condition: who is weighted by it"""


class Weighting(Model):
    """The weights of everyone asked, and of some of them where the population's margins are known for these."""

    everyone: Calibration
    """the weights of everyone asked"""
    by: Id | None = None
    """a single question, say the country: each of its categories is a population, with margins of its own"""
    among: dict[Id, Among] = {}
    """further weightings by name, for the indicators that name them"""


class Disclose(Model):
    """What readers who are not the analysts' own may be told of brands."""

    brands: int = Field(default=3, ge=2, le=1000)
    """other brands without whom a brand is shown no mean of its sector"""
    names: Literal["all", "winners", "none"] | Annotated[int, Field(ge=1, le=1000)] = "all"
    """whose place in the league every reader sees: `all`, `winners`, the first so many of each sector, or `none`"""
    quotes: int = Field(default=5, ge=1, le=1000)
    """people without whom no text is shown of those who answered the same question of the same channel and brand"""


class UsageWeights(Model):
    """Channel weights of the mystery score, taken from a survey indicator that gives one share per channel."""

    model_config = {**Model.model_config, "populate_by_name": True}
    from_: Id = Field(alias="from")
    """a share of a multiple question over channels"""
    over: Literal["tested"] = "tested"
    """`tested`: shared out over the channels that were tested"""


MOST_COUNTED = 1_000_000_000


class ShowTests(Model):
    """Reliability of mystery figures: hidden below `hide` tests, flagged below `fragile`."""

    hide: int = Field(default=5, ge=2, le=MOST_COUNTED)
    """mystery figures on fewer tests are hidden"""
    fragile: int = Field(default=30, ge=2, le=MOST_COUNTED)
    """mystery figures on fewer tests are flagged"""

    @model_validator(mode="after")
    def _rising(self) -> ShowTests:
        if self.hide > self.fragile:
            raise ValueError("`hide` is not above `fragile`")
        return self


class Mystery(Model):
    """How mystery tests become scores and leagues."""

    grids: dict[Id, str] = {}
    """the grid of each channel; none where testers only answer questions"""
    out_of: Weight = 20
    """the scale of scores"""
    threshold: float | None = None
    """the score that a winner must reach"""
    channel_weights: UsageWeights | dict[Id, Weight] | None = None
    """weights by channel, or `{from: indicator}` to take them from the survey; equal unless given"""
    unanswered: Literal["zero", "exclude"] = "zero"
    """`zero`: criteria that need a reply score 0; `exclude`: the test does not count"""
    absent_channel: Literal["renormalise", "zero", "unranked"] = "renormalise"
    """what a brand without a channel is: `renormalise`, `zero` or `unranked`"""
    min_tests: int = Field(default=5, ge=2, le=MOST_COUNTED)
    """tests that a brand needs to be ranked"""
    questions: list[AnyQuestion] = []
    """what testers note beside the marks"""
    show: ShowTests = ShowTests()
    """what is hidden or flagged"""

    @model_validator(mode="after")
    def _possible(self) -> Mystery:
        if self.threshold is not None and not 0 <= self.threshold <= self.out_of:
            raise ValueError(f"`threshold` lies between 0 and {self.out_of:g}, as scores do")
        if self.min_tests < self.show.hide:
            raise ValueError("`min_tests` is not below `show: hide`: a hidden brand cannot be ranked")
        return self


class ShowReviews(Model):
    """Reliability of figures on reviews: hidden below `hide` reviews, flagged below `fragile`."""

    hide: int = Field(default=10, ge=2, le=MOST_COUNTED)
    """figures on fewer reviews are hidden"""
    fragile: int = Field(default=50, ge=2, le=MOST_COUNTED)
    """figures on fewer reviews are flagged"""

    @model_validator(mode="after")
    def _rising(self) -> ShowReviews:
        if self.hide > self.fragile:
            raise ValueError("`hide` is not above `fragile`")
        return self


class Reviews(Model):
    """How online reviews are read and ranked."""

    stars: int = Field(default=5, ge=2, le=100)
    """the most stars that a review gives; the fewest are 1"""
    questions: list[AnyQuestion] = []
    """what the files hold beside the fields that every review has"""
    min_reviews: int = Field(default=10, ge=2, le=MOST_COUNTED)
    """reviews with stars that a brand needs to be ranked"""
    show: ShowReviews = ShowReviews()
    """what is hidden or flagged"""

    @model_validator(mode="after")
    def _possible(self) -> Reviews:
        if self.min_reviews < self.show.hide:
            raise ValueError("`min_reviews` is not below `show: hide`: a hidden brand cannot be ranked")
        return self


class ShowCases(Model):
    """Reliability of figures of the contact log: hidden below `hide` cases, flagged below `fragile`."""

    hide: int = Field(default=30, ge=2, le=MOST_COUNTED)
    """figures on fewer cases are hidden"""
    fragile: int = Field(default=100, ge=2, le=MOST_COUNTED)
    """figures on fewer cases are flagged"""

    @model_validator(mode="after")
    def _rising(self) -> ShowCases:
        if self.hide > self.fragile:
            raise ValueError("`hide` is not above `fragile`")
        return self


class Log(Model):
    """How the contact log of a service desk is read."""

    questions: list[AnyQuestion] = []
    """what the files hold beside the fields that every case has"""
    show: ShowCases = ShowCases()
    """what is hidden or flagged"""


class Show(Model):
    """Reliability of survey figures: hidden below `hide` people, flagged below `fragile` (unweighted)."""

    hide: int = Field(default=30, ge=1, le=MOST_COUNTED)
    """survey figures on fewer people are hidden"""
    fragile: int = Field(default=100, ge=1, le=MOST_COUNTED)
    """survey figures on fewer people are flagged"""
    level: float = Field(default=0.95, gt=0.5, lt=1)
    """the level of intervals and tests"""

    @model_validator(mode="after")
    def _rising(self) -> Show:
        if self.hide > self.fragile:
            raise ValueError("`hide` is not above `fragile`")
        return self
