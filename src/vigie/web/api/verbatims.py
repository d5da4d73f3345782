"""What people wrote in a wave, as far as somebody may be shown it: by words, by where it was written, by tone."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from ninja import Query
from pydantic import BaseModel, Field

from vigie.results.figures import Source
from vigie.results.verbatims import Order, Search
from vigie.web import library
from vigie.web.api.pages import Page, Paging
from vigie.web.api.problems import CallError
from vigie.web.api.shapes import Shape
from vigie.web.frame import words_of
from vigie.web.pages.verbatims import UNREADABLE, rule_for
from vigie.web.routes import Request


class Verbatim(Shape):
    """A redacted text, with where it was written and, of a review, what must stand beside it."""

    source: Source
    question: str
    text: str
    language: str
    channel: str
    brands: tuple[str, ...]
    polarity: str  # empty where no coder read it
    intensity: float | None
    stars: float | None
    published: date | None
    experienced: date | None
    solicited: str
    verified: str
    replied: str


class Verbatims(Page[Verbatim]):
    """Texts of a release; those of groups that are too small to be shown are counted, and withheld."""

    release: str
    withheld: int
    polarities: dict[str, int]


class Sought(BaseModel):
    """Which texts are wanted."""

    words: str = Field(
        "", max_length=200, description='With these words, each a beginning; "as they stand"; not with -word.'
    )
    source: Source | None = None
    question: str = Field("", max_length=200, description="In answer to this question.")
    channel: str = Field("", max_length=200, description="About this channel.")
    brand: str = Field("", max_length=200, description="About this brand.")
    polarity: Literal["", "negative", "neutral", "positive", "not_analysable"] = ""
    intensity: int = Field(0, ge=0, le=3, description="At least so strong.")
    order: Order = "recent"


def verbatims(request: Request, wave: str, sought: Query[Sought], paging: Query[Paging]) -> dict[str, Any]:
    """What people wrote, redacted; of groups in which few wrote nothing, and to a brand's reader of no other brand."""
    release = request.place.wave(wave)
    if library.study_of(release.version) is None:
        raise CallError(409, "study-unreadable", UNREADABLE, "Mend the study, run it, publish the wave.")
    rule = rule_for(request.place, library.edition(request.place, release, words_of(request).code))
    search = Search(**sought.model_dump() | {"source": sought.source or ""})
    found = library.found(release, search, rule, paging.offset, paging.limit)
    items = [Verbatim.model_validate(one) for one in found.found]
    return {"release": release.key, "total": found.total, "withheld": found.withheld, "items": items,
            "polarities": dict(found.polarities), "offset": paging.offset, "limit": paging.limit}  # fmt: skip
