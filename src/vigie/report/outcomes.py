"""What a time runs to, in words: an answer, a resolution, a closure; by when it is told, and who is taken to wait."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from vigie.language import N_, Words
from vigie.report.measures import STATISTIC
from vigie.report.parts import named, within
from vigie.results.figures import Estimate

End = Literal["answered", "resolved", "other"]
ENDS: dict[str, End] = {
    "answered_at": "answered", "replied_at": "answered", "first_response_at": "answered", "wait": "answered",
    "resolved_at": "resolved",
}  # fmt: skip
SAID: dict[End, dict[str, str]] = {
    "answered": {
        "head": N_("How long answers take"),
        "chart": N_("{source}: share answered by each time, of {n}"),
        "within": N_("Answered within"),
        "by": N_("answered within {time}"),
        "mean": N_("mean wait up to {time}, all included"),
        "none": N_("Median time: not reached, fewer than half were answered"),
        "median": N_("The median is the time by which half were answered; where fewer were, it is not reached."),
        "left": N_(
            "Who had no answer is not left out: they count as still waiting until {until}. "
            "The mean of the answered alone is not given: it would leave out all who waited in vain."
        ),
    },
    "resolved": {
        "head": N_("How long until cases are resolved"),
        "chart": N_("{source}: share resolved by each time, of {n}"),
        "within": N_("Resolved within"),
        "by": N_("resolved within {time}"),
        "mean": N_("mean time up to {time}, all included"),
        "none": N_("Median time: not reached, fewer than half were resolved"),
        "median": N_("The median is the time by which half were resolved; where fewer were, it is not reached."),
        "left": N_(
            "What was not resolved is not left out: it counts as open until {until}. "
            "The mean of the resolved alone is not given: it would leave out all that stayed open."
        ),
    },
    "other": {
        "head": N_("How long it takes"),
        "chart": N_("{source}: share reached by each time, of {n}"),
        "within": N_("Reached within"),
        "by": N_("reached within {time}"),
        "mean": N_("mean time up to {time}, all included"),
        "none": N_("Median time: not reached, fewer than half came so far"),
        "median": N_("The median is the time by which half came so far; where fewer did, it is not reached."),
        "left": N_(
            "What was not reached is not left out: it counts as still waiting until {until}. "
            "The mean of the others alone is not given: it would leave out all that waited in vain."
        ),
    },
}  # fmt: skip
OBSERVED = {
    "cutoff": N_("the cut-off ({time})"),
    "wave": N_("the end of the wave"),
    "data": N_("the last moment in the data"),
    "collected": N_("the day on which they were collected"),
}


def end(estimate: Estimate) -> End:
    """What its time runs to, as its expression says."""
    found = re.match(r"time_to:\s*(\w+)", estimate.lineage.expression)
    return ENDS.get(found[1], "other") if found else "answered"


def said(estimate: Estimate, what: str, words: Words, **values: object) -> str:
    return words.gettext(SAID[end(estimate)][what], **values)


def statistic(estimate: Estimate, code: str, words: Words) -> str:
    """`resolved by 7 days`: a statistic of a time, with the time that it is told by."""
    what = {"answered": "by", "restricted_mean": "mean"}.get(code)
    if what is None or not estimate.lineage.horizon:
        return named(f"{STATISTIC}:{code}", words)
    return said(estimate, what, words, time=within(estimate.lineage.horizon, words))


def until(estimates: Iterable[Estimate], words: Words) -> str:
    """Until when the unanswered are taken to wait; of several ways the end of observation."""
    ways = {(e.lineage.observed, e.lineage.cutoff) for e in estimates}
    observed, cutoff = next(iter(ways)) if len(ways) == 1 else ("", "")
    if observed not in OBSERVED:
        return words.gettext("observation ends")
    ends = words.gettext(OBSERVED[observed], time=within(cutoff, words) if cutoff else "")
    if cutoff and observed != "cutoff":
        return words.gettext("{end}, {time} at most", end=ends, time=within(cutoff, words))
    return ends
