"""What may be said of changes: the tested ones alone, with their sizes."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.language import MINUS
from vigie.report.edition import CHANNEL, Edition
from vigie.results.figures import Estimate


def difference(estimate: Estimate) -> float:
    return (estimate.change.difference or 0.0) if estimate.change else 0.0


def size(edition: Edition, estimate: Estimate) -> str:
    """`+8 points` or `−0,3`."""
    sign = "+" if difference(estimate) > 0 else MINUS
    return sign + edition.words.points(difference(estimate), estimate.unit, estimate.decimals)


def told(edition: Edition, estimate: Estimate) -> str:
    """The change of a figure where it was tested and is significant, else nothing."""
    known = estimate.change is not None and estimate.change.difference is not None
    return size(edition, estimate) if known and edition.figure(estimate).moved else ""


def channel(edition: Edition, estimate: Estimate) -> str:
    return edition.label(f"{CHANNEL}:{estimate.at(CHANNEL)}")


def strongest(estimates: Sequence[Estimate], most: int = 2) -> list[Estimate]:
    """The widest rise and the widest fall, or the widest changes where all go one way."""
    order = sorted(estimates, key=difference)
    ends = list(dict.fromkeys([order[-1].figure, order[0].figure])) if order else []
    if order and difference(order[-1]) * difference(order[0]) > 0:
        widest = sorted(estimates, key=lambda e: -abs(difference(e)))
        ends = [e.figure for e in widest]
    by_name = {e.figure: e for e in estimates}
    return [by_name[name] for name in ends[:most]]


def by_channel(edition: Edition, estimates: Sequence[Estimate], most: int = 90) -> str:
    """`Channels used: Messaging +8 points, Phone −8 points`: an indicator's widest changes, within a headline."""
    words = edition.words
    for count in (2, 1):
        parts = [f"{channel(edition, e)} {size(edition, e)}" for e in strongest(estimates, count)]
        moves = ", ".join(parts)
        room = max(most - len(moves) - 3, 24)
        text = words.gettext("{indicator}: {moves}", indicator=edition.short(estimates[0], room), moves=moves)
        if len(text) <= most:
            break
    return text
