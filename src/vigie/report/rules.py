"""How figures are shown and tested: thresholds of every source, delays, printed figures, changes between waves."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.language import N_
from vigie.report.blocks import Text
from vigie.report.edition import Edition
from vigie.report.measures import WITHIN
from vigie.results import Source

OTHERS: dict[Source, str] = {
    "reviews": N_(
        "A figure on fewer than {hide} reviews is hidden, on fewer than {fragile} it is shown as fragile. Intervals "
        "count the reviews of one author as one draw; reviews describe their authors, not all customers."
    ),
    "log": N_("A figure on fewer than {hide} cases is hidden, on fewer than {fragile} it is shown as fragile."),
}


def rules(edition: Edition) -> Iterator[Text]:
    """Thresholds, delays, printed figures and tests, each only where the wave has such figures."""
    words, results = edition.words, edition.results
    surveyed = edition.surveyed
    hide, fragile = words.count(results.hide), words.count(results.fragile)
    if surveyed:
        yield Text((
            words.gettext(
                "Thresholds: a survey figure on fewer than {hide} people is hidden, on fewer than {fragile} it is "
                "shown as fragile and bears neither arrow nor superlative. Bases are unweighted.",
                hide=hide, fragile=fragile,
            ),
        ))  # fmt: skip
    if any(e.source == "mystery" for e in results.estimates):
        low, high = words.count(results.hide_tests), words.count(results.fragile_tests)
        yield Text((
            words.gettext(
                "A mystery score on fewer than {hide} tests is hidden, on fewer than {fragile} it is shown as fragile.",
                hide=low, fragile=high,
            ),
        ))  # fmt: skip
    for source, of in OTHERS.items():
        if any(e.source == source and not e.published for e in results.estimates):
            least, enough = edition.thresholds(source)
            yield Text((words.gettext(of, hide=words.count(least), fragile=words.count(enough)),))
    if any(e.unit == "hours" or e.part == WITHIN for e in results.estimates):
        yield Text((
            words.gettext(
                "Response times: Kaplan–Meier estimates, in which whoever has no answer counts as waiting until "
                "observation ends; Greenwood’s variance, log-log intervals."
            ),
        ))  # fmt: skip
    if any(e.published for e in results.estimates) or any(
        e.published for wave in edition.earlier for e in wave.estimates
    ):
        yield Text((
            words.gettext(
                "Printed figures are taken from what was published at the time: without interval, never tested, "
                "drawn hollow."
            ),
        ))  # fmt: skip
    if results.previous:
        yield Text((" ".join(_tests_told(edition)),))
    if surveyed:
        yield Text(
            (
                words.gettext(
                    "Intervals of the survey are a precision under a model: they suppose that, within the "
                    "margins, those who took part answer like those who did not.",
                ),
            )
        )


def _tests_told(edition: Edition) -> Iterator[str]:
    words, estimates = edition.words, edition.results.estimates
    level = words.percent(estimates[0].level if estimates else 0.95)
    yield words.gettext(
        "Changes between waves are tested at {level}, only where the two waves are comparable.", level=level
    )
    if any(e.change is not None and e.change.p_adjusted is not None for e in estimates):
        yield words.gettext("Holm’s correction covers the segments of one indicator.")
