"""What people wrote, as blocks: quotes with where they come from, or the words looked for, each in its context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vigie.language import N_
from vigie.report.blocks import Block, Concordance, Occurrence, Quote, Text
from vigie.report.edition import BRAND, CHANNEL, Edition
from vigie.report.parts import named
from vigie.report.shapes import TONES
from vigie.report.sources import source_name
from vigie.results.verbatims import Verbatim, Verbatims
from vigie.verbatim.concordance import Query, concordance

KNOWN = (
    ("solicited", N_("solicited"), N_("not solicited")),
    ("verified", N_("verified"), N_("not verified")),
    ("replied", N_("the brand replied"), ""),
)


def counted(edition: Edition, found: Verbatims) -> Iterator[Block]:
    """How many texts there are, how they read, and how many are withheld."""
    words = edition.words
    said = words.ngettext("{n} text", "{n} texts", found.total)
    told = [f"{named(f'polarity:{kind}', words)} {words.count(n)}" for kind, n in found.polarities]
    yield Text((" · ".join([said, *told] if len(told) > 1 else [said]),), "lead")
    if told:
        yield Text((words.gettext("Read by a program, which errs: see Method."),), "small")
    if found.withheld:
        yield Text(
            (words.ngettext(
                "{n} more is withheld: too few people wrote about the same thing for nobody to be recognised.",
                "{n} more are withheld: too few people wrote about the same thing for nobody to be recognised.",
                found.withheld,
            ),),
            "small",
        )  # fmt: skip


def quoted(edition: Edition, found: Iterable[Verbatim], asked: Query) -> Iterator[Block]:
    """The texts, as they were written but for what would name somebody."""
    for one in found:
        tone = TONES.get(one.polarity, "")
        yield Quote(one.text, _source(edition, one), tuple(asked.spans(one.text)), tone, one.language)


def in_context(edition: Edition, found: tuple[Verbatim, ...], asked: Query) -> Iterator[Block]:
    """Every occurrence of the words looked for."""
    words = edition.words
    lines = tuple(
        Occurrence(line.before, line.hit, line.after, _source(edition, found[line.text]))
        for line in concordance([one.text for one in found], asked)
    )
    if lines:
        heads = (words.gettext("Before"), words.gettext("Words"), words.gettext("After"))
        yield Concordance(words.ngettext("{n} occurrence", "{n} occurrences", len(lines)), heads, lines)


def _source(edition: Edition, one: Verbatim) -> str:
    """Where a text was written; of a review its stars, dates, and whether it was solicited and verified."""
    words = edition.words
    told = [source_name(edition, one.source)]
    told += edition.labels(BRAND, one.brands)
    told += [edition.label(f"{CHANNEL}:{one.channel}")] if one.channel else []
    if one.stars is not None:
        told.append(words.ngettext("{n} star", "{n} stars", round(one.stars)))
    if one.published is not None:
        told.append(words.gettext("published on {date}", date=words.date(one.published.isoformat())))
    if one.experienced is not None and one.experienced != one.published:
        told.append(words.gettext("experience of {date}", date=words.date(one.experienced.isoformat())))
    for field, yes, no in KNOWN:
        said = {"yes": yes, "no": no}.get(getattr(one, field), "")
        told += [words.gettext(said)] if said else []
    return " · ".join(told)
