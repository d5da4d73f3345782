"""Questions as they are fielded: a closed union of kinds. Adding a kind: docs/how-to/add-a-question-kind.md."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from vigie.study.text import Code, Id, Model, Texts

Options = dict[Code, Texts]
STATES = ("answered", "dont_know", "refused", "skipped", "not_asked", "not_in_wave")
REASONS_TO_LOOP = ("channel", "brand")


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | int | float) else value


class Loop(Model):
    """`per:` one evaluation for each channel or brand chosen in a multiple question; capped, drawn."""

    channel: Id | None = None
    brand: Id | None = None
    at_most: int | None = Field(default=None, ge=1)
    choose: Literal["random", "first", "all"] = "all"

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
    in_base: bool = False
    label: Texts = {"fr": "Ne sait pas", "en": "Don’t know"}


class Refused(Model):
    """The refusal: its code in files. A refusal never counts in a base."""

    code: Code


class Question(Model):
    """What every kind has: a name, a wording, who is asked, and whether it repeats."""

    id: Id
    kind: str
    label: Texts
    ask_if: str | None = None
    per: Loop | None = None
    dont_know: DontKnow | None = None
    refused: Refused | None = None


class Single(Question):
    """One option of a list."""

    kind: Literal["single"]
    options: Options | Literal["channels", "brands"]


class Multiple(Question):
    """Any number of options of a list; exclusive options (`none:` and `exclusive:`) stand alone."""

    kind: Literal["multiple"]
    options: Options | Literal["channels", "brands"]
    none: Texts | None = None
    exclusive: Annotated[list[Code], BeforeValidator(_listed)] = []


class ScaleEnds(Model):
    """A scale of whole numbers with a label at both ends."""

    model_config = {**Model.model_config, "populate_by_name": True}
    from_: int = Field(alias="from")
    to: int
    low: Texts
    high: Texts

    @model_validator(mode="after")
    def _rising(self) -> ScaleEnds:
        if not self.from_ < self.to <= self.from_ + 1000:
            raise ValueError("a scale runs from a smaller to a larger number, in at most 1,000 steps")
        return self


class Scale(Question):
    """A mark on a scale of whole numbers."""

    kind: Literal["scale"]
    scale: ScaleEnds


class Numeric(Question):
    """A number, with the range that is possible."""

    kind: Literal["numeric"]
    minimum: float | None = None
    maximum: float | None = None
    unit: Texts | None = None


class Open(Question):
    """A text in the respondent's own words."""

    kind: Literal["open"]


class Date(Question):
    """A calendar day, with the range that is possible."""

    kind: Literal["date"]
    earliest: date | None = None
    latest: date | None = None


AnyQuestion = Annotated[Single | Multiple | Scale | Numeric | Open | Date, Field(discriminator="kind")]
KINDS: dict[str, type[Question]] = {
    "single": Single, "multiple": Multiple, "scale": Scale, "numeric": Numeric, "open": Open, "date": Date,
}  # fmt: skip
NONE = "none"  # the code of `none:` among a multiple question's options
