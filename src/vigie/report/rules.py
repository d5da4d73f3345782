"""How figures are shown and tested: thresholds of every source, delays, printed figures, changes between waves."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.language import N_
from vigie.report.blocks import Text
from vigie.report.edition import Edition
from vigie.report.measures import WITHIN
from vigie.results.figures import Source

THRESHOLDS: dict[Source, str] = {
    "survey": N_(
        "Thresholds: a survey figure on fewer than {hide} people is hidden, on fewer than {fragile} it is "
        "shown as fragile and bears neither arrow nor superlative. Bases are unweighted."
    ),
    "mystery": N_(
        "A mystery figure on fewer than {hide} tests is hidden, on fewer than {fragile} it is shown as fragile."
    ),
    "reviews": N_(
        "A figure on fewer than {hide} reviews is hidden, on fewer than {fragile} it is shown as fragile. Intervals "
        "count the reviews of one author as one draw; reviews describe their authors, not all customers."
    ),
    "log": N_("A figure on fewer than {hide} cases is hidden, on fewer than {fragile} it is shown as fragile."),
}


def rules(edition: Edition) -> Iterator[Text]:
    """Thresholds, delays, printed figures and tests, each only where the wave has such figures."""
    for sentence in (*_thresholds(edition), *_readings(edition)):
        yield Text((sentence,))
    if edition.results.previous:
        yield Text((" ".join(_tests_told(edition)),))
    if edition.surveyed:
        yield Text(
            (
                edition.words.gettext(
                    "Intervals of the survey are a precision under a model: they suppose that, within the "
                    "margins, those who took part answer like those who did not.",
                ),
            )
        )


def _thresholds(edition: Edition) -> Iterator[str]:
    """From how many people, tests, reviews or cases each source shows its figures."""
    for source, told in THRESHOLDS.items():
        if any(e.source == source and not e.published for e in edition.results.estimates):
            hide, fragile = (edition.words.count(least) for least in edition.thresholds(source))
            yield edition.words.gettext(told, hide=hide, fragile=fragile)


def _readings(edition: Edition) -> Iterator[str]:
    """How delays are estimated, and what a printed figure is."""
    words, estimates = edition.words, edition.results.estimates
    if any(e.unit == "hours" or e.part == WITHIN for e in estimates):
        yield words.gettext(
            "Response times: Kaplan–Meier estimates, in which whoever has no answer counts as waiting until "
            "observation ends; Greenwood’s variance, log-log intervals."
        )
    if edition.results.drivers:
        yield words.gettext(
            "Drivers: on the people who gave every mark, with their weights as they are; intervals are percentiles of "
            "bootstrap samples of people, or of whole clusters, within strata (Rao and Wu)."
        )
    if any(e.published for of in (estimates, *(w.estimates for w in edition.earlier)) for e in of):
        yield words.gettext(
            "Printed figures are taken from what was published at the time: without interval, never tested, "
            "drawn hollow."
        )


def _tests_told(edition: Edition) -> Iterator[str]:
    words, estimates = edition.words, edition.results.estimates
    level = words.percent(estimates[0].level if estimates else 0.95)
    yield words.gettext(
        "Changes between waves are tested at {level}, only where the two waves are comparable.", level=level
    )
    if any(e.change is not None and e.change.p_adjusted is not None for e in estimates):
        yield words.gettext("Holm’s correction covers the segments of one indicator.")
