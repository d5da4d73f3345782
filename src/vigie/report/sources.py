"""The four sources in words: their names, what they count, and what a number of theirs is a number of."""

from __future__ import annotations

from vigie.report.edition import CHANNEL, Edition, looped
from vigie.results.figures import Estimate, Source

NOUN, WORDS = 24, 4  # the most characters and words of a name that is a noun, and no question
ORDER: tuple[Source, ...] = ("survey", "mystery", "log", "reviews")


def source_name(edition: Edition, source: str) -> str:
    words = edition.words
    return {
        "survey": words.gettext("Survey"),
        "mystery": words.gettext("Mystery tests"),
        "reviews": words.gettext("Online reviews"),
        "log": words.gettext("Contact log"),
    }.get(source, source)


def counted(edition: Edition, source: str, n: int) -> str:
    """`120 reviews`: so many of what a source is made of."""
    words = edition.words
    if source == "mystery":
        return words.ngettext("{n} test", "{n} tests", n)
    if source == "reviews":
        return words.ngettext("{n} review", "{n} reviews", n)
    if source == "log":
        return words.ngettext("{n} case", "{n} cases", n)
    return words.ngettext("{n} respondent", "{n} respondents", n)


def base_counted(edition: Edition, estimate: Estimate) -> str:
    """The base of a figure; a group of one to four people is never counted aloud."""
    if estimate.source == "survey" and 0 < estimate.n < 5:
        return edition.words.gettext("< 5 people")
    if looped(estimate):
        return edition.words.ngettext("{n} evaluation", "{n} evaluations", estimate.n)
    return counted(edition, estimate.source, estimate.n)


def everything(edition: Edition, source: str) -> str:
    """The base of a figure that leaves nothing out."""
    words = edition.words
    return {
        "mystery": words.gettext("all tests"),
        "reviews": words.gettext("all reviews"),
        "log": words.gettext("all cases"),
    }.get(source, words.gettext("all respondents"))


def share_of(edition: Edition, source: str) -> str:
    words, sign = edition.words, "%"
    return {
        "mystery": words.gettext("{sign} of tests", sign=sign),
        "reviews": words.gettext("{sign} of reviews", sign=sign),
        "log": words.gettext("{sign} of cases", sign=sign),
    }.get(source, words.gettext("{sign} of respondents", sign=sign))


def by_dimension(edition: Edition, dimension: str) -> str:
    """`by channel`, or by a question of the study."""
    words = edition.words
    known = {
        CHANNEL: words.gettext("by channel"),
        "brand": words.gettext("by brand"),
        "sector": words.gettext("by sector"),
        "platform": words.gettext("by platform"),
    }
    if dimension in known:
        return known[dimension]
    label = edition.label(dimension)
    if len(label) <= NOUN and label.count(" ") < WORDS and not label.rstrip().endswith(("?", ".", "…", ":")):
        return words.gettext("by {noun}", noun=_within(label))
    return words.gettext("by “{question}”", question=edition.cut(label, 44))


def _within(label: str) -> str:
    """A name within a sentence: `Product` begins small there, `SMS` does not."""
    return label if label[1:2].isupper() or label[1:2].isdigit() else label[:1].lower() + label[1:]
