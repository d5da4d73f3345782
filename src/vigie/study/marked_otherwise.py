"""What testers of two waves judged otherwise: every difference of two mystery grids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vigie.study.definitions import judged, words
from vigie.study.grids import Criterion, Grid
from vigie.study.model import Study
from vigie.study.otherwise import Change, Found, telling_language
from vigie.study.text import in_language
from vigie.study.waves import Wave


def grids(study: Study, before: Wave, now: Wave) -> Iterator[Found]:
    """Each difference of the grids by which tests were marked, channel by channel.

    Every wave has a grid for each channel of the study: its own, or the study's.
    """
    then, today = study.grids_of(before.id), study.grids_of(now.id)
    for channel in today:
        for rule, was, is_ in _changes(study, then[channel], today[channel]):
            yield Found(rule, "grid", channel, study.channel_label(channel), was, is_)


def _changes(study: Study, then: Grid, now: Grid) -> Iterator[Change]:
    one, two = ({c.id: c for c in g.criteria} for g in (then, now))
    first = study.header.languages[0]

    def listed(criteria: Iterable[Criterion], language: str = first) -> str:
        return ", ".join(in_language(c.label, language) or c.id for c in criteria)

    gone, new = [one[c] for c in one if c not in two], [two[c] for c in two if c not in one]
    if gone:
        yield "criteria_removed", listed(gone), ""
    if new:
        yield "criteria_added", "", listed(new)
    both = [(one[c], two[c]) for c in two if c in one]
    if changed := [(a, b) for a, b in both if words(study, a.label) != words(study, b.label)]:
        language = telling_language(study, *((a.label, b.label) for a, b in changed))
        was, is_ = (listed((c[i] for c in changed), language) for i in (0, 1))
        yield "criterion_reworded", was, is_
    if changed := [(a, b) for a, b in both if a.out_of != b.out_of]:
        was, is_ = (", ".join(f"{c[i].id} / {c[i].out_of:g}" for c in changed) for i in (0, 1))
        yield "criterion_marks", was, is_
    if changed := [(a, b) for a, b in both if a.needs_reply != b.needs_reply]:
        yield "criterion_reply", "", listed(b for _, b in changed)
    weighed = [{c.id: (d.id, d.weight, c.weight) for d in g.dimensions for c in d.criteria} for g in (then, now)]
    if any(weighed[0][b.id] != weighed[1][b.id] for _, b in both):
        yield "grid_weights", "", ""
    if then != now and judged(study, then) == judged(study, now):
        yield "grid_retyped", then.version, now.version
