"""Questions as they are fielded: a closed union of kinds. Adding a kind: docs/how-to/add-a-question-kind.md.

The same kinds describe what testers note beside the marks, what a review holds and what a service desk records.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from vigie.study.declared import Declarations
from vigie.study.text import Code, Id, Model, Texts, in_language, listed

Options = Annotated[dict[Code, Texts], Field(min_length=1)]


Without = Annotated[list[Code], BeforeValidator(listed, json_schema_input_type=str | list[str])]


class Loop(Model):
    """`per:` one evaluation for each channel or brand chosen in a multiple question; capped, drawn."""

    model_config = {**Model.model_config, "populate_by_name": True}
    channel: Id | None = None
    """the multiple question over channels that feeds the loop"""
    brand: Id | None = None
    """the multiple question over brands that feeds the loop"""
    except_: Annotated[list[Code], BeforeValidator(listed, json_schema_input_type=str | list[str])] = Field(
        default=[], alias="except"
    )
    """values that the loop never asks about"""
    at_most: int | None = Field(default=None, ge=1, le=1000)
    """how many of the chosen ones are asked about"""
    choose: Literal["random", "first", "all"] = "all"
    """which of them: `random` (the estimate is weighted by eligible / asked), `first`, or `all`"""

    @model_validator(mode="after")
    def _one_thing(self) -> Loop:
        if (self.channel is None) == (self.brand is None):
            raise ValueError("a loop is over `channel:` or over `brand:`, one of them")
        if (self.at_most is None) != (self.choose == "all"):
            raise ValueError("`at_most:` and `choose: random` (or `first`) go together")
        return self

    @property
    def dimension(self) -> Literal["channel", "brand"]:
        return "channel" if self.channel else "brand"

    @property
    def source(self) -> str:
        return self.channel or self.brand or ""


class DontKnow(Model):
    """The "don't know" answer: its code in files, and whether it counts in the base of shares."""

    code: Code = "dk"
    """its code in files"""
    in_base: bool = False
    """whether it counts in the base of shares"""
    label: Texts = {"fr": "Ne sait pas", "en": "Don’t know"}
    """its words"""


class Refused(Model):
    """The refusal: its code in files. A refusal never counts in a base."""

    code: Code
    """its code in files"""


class Question(Model):
    """What every kind has: a name, a wording, who is asked, and whether it repeats."""

    id: Id
    """the question's name, which expressions and files use"""
    kind: str
    """the kind of question"""
    label: Texts
    """the wording, by language; `{channel}` or `{brand}` stands for the loop's value"""
    ask_if: str | None = None
    """an expression over earlier questions: who is asked"""
    per: Loop | None = None
    """repeat the question for each channel or brand chosen"""
    dont_know: DontKnow | None = None
    """allow a 'do not know' answer"""
    refused: Refused | None = None
    """allow a refusal"""
    same_as: Declarations = []
    """changes declared harmless, each with the last wave before it and its reason"""


class Net(Model):
    """Options counted together in tables: a person who chose several of them counts once."""

    label: Texts
    """its words"""
    of: Annotated[list[Code], Field(min_length=1)]
    """the options that it takes together"""


class Single(Question):
    """One option of a list."""

    kind: Literal["single"]
    """`single`"""
    options: Options | Literal["channels", "brands", "sectors"]
    """codes with their labels, or `channels`, `brands`, or `sectors`"""
    without: Without = []
    """channels, brands or sectors of the list that this question did not offer"""
    specify: Annotated[list[Code], BeforeValidator(listed, json_schema_input_type=str | list[str])] = []
    """options that ask for words ("other, please specify"): kept, redacted, counted, never part of a named option"""
    nets: dict[Id, Net] = {}
    """options counted together in tables"""


class Category(Question):
    """One code of a list that is not fixed beforehand: a product, a place, a version."""

    kind: Literal["category"]
    """`category`"""


class Multiple(Question):
    """Any number of options of a list; exclusive options (`none:` and `exclusive:`) stand alone."""

    kind: Literal["multiple"]
    """`multiple`"""
    options: Options | Literal["channels", "brands"]
    """codes with their labels, or `channels`, or `brands`"""
    without: Without = []
    """channels, brands or sectors of the list that this question did not offer"""
    none: Texts | None = None
    """the words of the exclusive answer 'none of these'"""
    exclusive: Annotated[
        list[Code], BeforeValidator(listed, json_schema_input_type=str | float | list[str | float])
    ] = []
    """further options that stand alone"""
    specify: Annotated[list[Code], BeforeValidator(listed, json_schema_input_type=str | list[str])] = []
    """options that ask for words ("other, please specify"): kept, redacted, counted, never part of a named option"""
    nets: dict[Id, Net] = {}
    """options counted together in tables; who chose several of them counts once"""


class Mention(Multiple):
    """Brands named in the respondent's own words: names, aliases and misspellings are folded into the list of brands.

    A brand that the list does not hold counts as `unlisted`.
    """

    kind: Literal["mention"]  # type: ignore[assignment]
    """`mention`"""
    options: Literal["brands"] = "brands"
    """`brands`"""


class Ranking(Question):
    """Options put in order. `question.option` is its place (1 is the first); what was not ranked stands after all."""

    kind: Literal["ranking"]
    """`ranking`"""
    options: Options | Literal["channels", "brands"]
    """codes with their labels, or `channels`, or `brands`"""
    without: Without = []
    """channels, brands or sectors of the list that this question did not offer"""
    places: Annotated[int, Field(ge=1, le=100)] | None = None
    """how many options are ranked; all unless given"""


class ScaleEnds(Model):
    """A scale of whole numbers with a label at both ends."""

    model_config = {**Model.model_config, "populate_by_name": True}
    from_: int = Field(alias="from", ge=-1_000_000)
    """the lowest mark"""
    to: int = Field(le=1_000_000)
    """the highest mark"""
    low: Texts
    """the label at the lowest mark"""
    high: Texts
    """the label at the highest mark"""

    @model_validator(mode="after")
    def _rising(self) -> ScaleEnds:
        if not self.from_ < self.to <= self.from_ + 1000:
            raise ValueError("a scale runs from a smaller to a larger number, in at most 1,000 steps")
        return self


class Box(Model):
    """Marks counted together in tables: a top box, a bottom box."""

    model_config = {**Model.model_config, "populate_by_name": True}
    label: Texts
    """its words, which say the marks"""
    from_: int = Field(alias="from")
    """its lowest mark"""
    to: int
    """its highest mark"""

    @model_validator(mode="after")
    def _rising(self) -> Box:
        if self.from_ > self.to:
            raise ValueError("a box runs from a smaller to a larger mark")
        return self


class Scale(Question):
    """A mark on a scale of whole numbers."""

    kind: Literal["scale"]
    """`scale`"""
    scale: ScaleEnds
    """the two ends"""
    boxes: dict[Id, Box] = {}
    """marks counted together in tables"""


class Numeric(Question):
    """A number, with the range that is possible."""

    kind: Literal["numeric"]
    """`numeric`"""
    minimum: float | None = None
    """the smallest possible number"""
    maximum: float | None = None
    """the largest possible number"""
    unit: Texts | None = None
    """what is counted"""

    @model_validator(mode="after")
    def _possible(self) -> Numeric:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("`minimum` is not above `maximum`")
        return self


class Open(Question):
    """A text in the respondent's own words."""

    kind: Literal["open"]
    """`open`"""


class Date(Question):
    """A calendar day, with the range that is possible."""

    kind: Literal["date"]
    """`date`"""
    earliest: date | None = None
    """the first possible day"""
    latest: date | None = None
    """the last possible day"""

    @model_validator(mode="after")
    def _possible(self) -> Date:
        if self.earliest is not None and self.latest is not None and self.earliest > self.latest:
            raise ValueError("`earliest` is not after `latest`")
        return self


class Battery(Question):
    """A grid: several items judged on one scale, or by one list of options. `trust` with an item `speed` makes the
    question `trust_speed`, which expressions use; an indicator `by: trust` gives one figure per item.
    """

    kind: Literal["grid"]
    """`grid`"""
    items: Annotated[dict[Id, Texts], Field(min_length=1)]
    """the items with their words"""
    scale: ScaleEnds | None = None
    """the two ends of the scale, where items are marked"""
    boxes: dict[Id, Box] = {}
    """marks counted together in tables"""
    options: Options | None = None
    """the options, where one is chosen for each item"""

    @model_validator(mode="after")
    def _one_way(self) -> Battery:
        if (self.scale is None) == (self.options is None):
            raise ValueError("the items of a grid have a `scale:` or `options:`, one of them")
        return self

    def questions(self) -> list[Question]:
        """One question per item."""
        shared = {k: getattr(self, k) for k in ("ask_if", "per", "dont_know", "refused", "same_as")}
        return [self._item(item, texts, shared) for item, texts in self.items.items()]

    def _item(self, item: str, texts: dict[str, str], shared: dict[str, Any]) -> Question:
        languages = [k for k in dict.fromkeys([*self.label, *texts]) if k] or [""]
        label = {k: f"{in_language(self.label, k)} – {in_language(texts, k)}" for k in languages}
        head = {"id": f"{self.id}_{item}", "label": label, **shared}
        if self.scale is not None:  # its parts are valid already
            return Scale.model_construct(kind="scale", scale=self.scale, boxes=self.boxes, **head)
        return Single.model_construct(kind="single", options=self.options or {}, **head)


AnyQuestion = Annotated[
    Single | Multiple | Category | Mention | Ranking | Scale | Battery | Numeric | Open | Date,
    Field(discriminator="kind"),
]
KINDS: dict[str, type[Question]] = {
    "single": Single, "multiple": Multiple, "category": Category, "mention": Mention, "ranking": Ranking,
    "scale": Scale, "grid": Battery, "numeric": Numeric, "open": Open, "date": Date,
}  # fmt: skip
NONE = "none"  # the code of `none:` among a multiple question's options
UNLISTED = "unlisted"  # a brand named that the list of brands does not hold
