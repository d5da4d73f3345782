"""Online reviews: stars, how they are made up, who ranks where, and what was left out (ISO 20488)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.report import leagues
from vigie.report.blocks import Block, Column, KeyFigure, KeyFigures, Row, Section, Table, Text
from vigie.report.captions import section_note
from vigie.report.comparison import compared, dimensions
from vigie.report.drawings import Figure
from vigie.report.edition import HALF, Edition
from vigie.report.findings import size
from vigie.report.measures import Measure
from vigie.report.shapes import key_figures, shapes
from vigie.results.figures import Estimate
from vigie.results.methods import Composition


def reviews(edition: Edition) -> Iterator[Block]:
    words = edition.words
    found = [m for m in edition.of("reviews") if m.kind not in ("time_to", "mentions") and not m.coded]
    ranked = edition.leagues("reviews")
    if not found and not ranked:
        return
    yield Section("reviews", words.gettext("Reviews"), words.gettext("Online reviews"))
    yield section_note(edition, [m.first for m in found], *_conduct(edition))
    yield from _figures(edition, found)
    for composition in edition.results.compositions:
        yield from _composition(edition, composition)
    for measure in found:
        yield from shapes(edition, measure)
    yield from leagues.brands(edition, "reviews")
    for dimension in dimensions(found):
        yield from compared(edition, found, dimension)


def _figures(edition: Edition, found: Sequence[Measure]) -> Iterator[Block]:
    """How many reviews there are, and the figures on all of them."""
    words = edition.words
    work = next((w for w in edition.results.fieldwork if w.source == "reviews"), None)
    volume: tuple[KeyFigure, ...] = ()
    if work is not None and not work.published:
        detail = words.ngettext("{n} brand", "{n} brands", work.brands) if work.brands else ""
        volume = (KeyFigure(Figure(float(work.kept), "mean", 0), words.gettext("Reviews"), detail),)
    items = [item for block in key_figures(edition, found) if isinstance(block, KeyFigures) for item in block.items]
    if items or volume:
        yield KeyFigures((*volume, *items))


def _conduct(edition: Edition) -> Iterator[str]:
    """What the standard on reviews asks to be told: what was left out, and why."""
    words = edition.words
    yield words.gettext(
        "Reviews are written by those who wish to: they describe their authors, not all customers. "
        "The reviews of one author count as one draw."
    )
    out = [x for x in edition.results.exclusions if x.source == "reviews" and x.rows]
    if out:
        reasons = [(words.reason(x.reason, x.source), words.count(x.rows)) for x in out]
        told = [words.gettext("{reason} ({n})", reason=reason, n=n) for reason, n in reasons]
        yield words.gettext("Left out: {reasons}.", reasons=words.series(told))


# composition


def _composition(edition: Edition, made: Composition) -> Iterator[Block]:
    """The mean of all beside the mean of the brands, and a warning where a few brands make the first."""
    words = edition.words
    if warning := " ".join(_warnings(edition, made)):
        yield Text((warning,), "warning")
    digits, whole = _digits(edition, made), _whole(edition, made)
    columns = (Column(""), Column(words.gettext("Mean of stars"), numeric=True), Column(words.gettext("What it says")))
    said = words.ngettext(
        "{n} brand with enough reviews", "{n} brands with enough reviews, each counting the same", made.within_brands
    )
    low, high = (whole.ci_low, whole.ci_high) if whole is not None else (None, None)
    half = edition.half(made.within_se)
    means = [
        (words.gettext("All reviews"), Figure(made.overall, "mean", digits, low=low, high=high),
         words.gettext("each review counts the same")),
        (words.gettext("Mean of the brands"),
         Figure(made.within, "mean", digits, low=made.within - half, high=made.within + half), said),
    ]  # fmt: skip
    if made.constant is not None:
        name = words.gettext("All reviews, with the brands of the wave before")
        same = words.gettext("each brand counts as much as it did then")
        means.append((name, Figure(made.constant, "mean", digits), same))
    if made.before is not None:
        then = words.gettext("The wave before, same brands")
        means.append((then, Figure(made.before, "mean", digits), ""))
    rows = [Row(cells) for cells in means]
    largest = words.listing(
        [f"{edition.label(f'brand:{b}')} ({words.count(n)})" for b, n in made.largest], most=len(made.largest)
    )
    sub = words.gettext("Most reviews: {brands}", brands=largest) if largest else ""
    yield Table(
        _composition_title(edition, made),
        columns,
        tuple(rows),
        sub,
        anchor=f"composition-{made.indicator}",
        intervals=True,
    )


def _composition_title(edition: Edition, made: Composition) -> str:
    words = edition.words
    return words.ngettext(
        "The two brands with most reviews bring {share} of them, out of {n} brand",
        "The two brands with most reviews bring {share} of them, out of {n} brands",
        made.brands, share=words.percent(made.two_largest),
    )  # fmt: skip


def _warnings(edition: Edition, made: Composition) -> Iterator[str]:
    words, digits = edition.words, _digits(edition, made)
    if made.two_largest >= HALF:
        names = words.listing([edition.label(f"brand:{b}") for b, _ in made.largest[:2]])
        yield words.gettext(
            "{brands} alone bring {share} of the reviews: the mean of all ({overall}) says mostly what is said of "
            "them; the mean of the brands is {within}.",
            brands=names, share=words.percent(made.two_largest), overall=words.number(made.overall, digits),
            within=words.number(made.within, digits),
        )  # fmt: skip
    whole = _whole(edition, made)
    if whole is None or whole.change is None or not edition.mixed(whole):
        return
    if made.constant is None and whole.change.verdict in ("up", "down"):
        yield words.gettext(
            "The mean of all moved ({change}), but no brand has enough reviews in both waves: it may have moved "
            "because other brands make it up.",
            change=size(edition, whole),
        )  # fmt: skip
    elif made.constant is not None:
        yield words.gettext(
            "The mean of all moved ({change}) because other brands make it up: with the brands of the wave before it "
            "would be {constant}, against {before} then.",
            change=size(edition, whole), constant=words.number(made.constant, digits),
            before=words.number(made.before or 0.0, digits),
        )  # fmt: skip


def _whole(edition: Edition, made: Composition) -> Estimate | None:
    return edition.whole().get(("reviews", made.indicator))


def _digits(edition: Edition, made: Composition) -> int:
    whole = _whole(edition, made)
    return max(whole.decimals if whole is not None else 1, 1)
