"""What testers of two waves judged otherwise: every difference of two mystery grids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vigie.study.asked_otherwise import Change, Told
from vigie.study.grids import Criterion, Grid
from vigie.study.identity import words
from vigie.study.model import Study
from vigie.study.text import in_language
from vigie.study.waves import Wave


def grids(study: Study, before: Wave, now: Wave) -> Iterator[Told]:
    """Each difference of the grids by which tests were marked, channel by channel."""
    then, today = study.grids_of(before.id), study.grids_of(now.id)
    for channel in dict.fromkeys([*then, *today]):
        label = study.channel_label(channel)
        if channel not in today or channel not in then:
            yield ("grid_added" if channel in today else "grid_removed"), channel, label, "", ""
            continue
        for rule, was, is_ in _changes(study, then[channel], today[channel]):
            yield rule, channel, label, was, is_


def _changes(study: Study, then: Grid, now: Grid) -> Iterator[Change]:
    language = study.header.languages[0]
    one, two = ({c.id: c for c in g.criteria} for g in (then, now))

    def listed(criteria: Iterable[Criterion]) -> str:
        return ", ".join(in_language(c.label, language) or c.id for c in criteria)

    gone, new = [one[c] for c in one if c not in two], [two[c] for c in two if c not in one]
    if gone:
        yield "criteria_removed", listed(gone), ""
    if new:
        yield "criteria_added", "", listed(new)
    both = [(one[c], two[c]) for c in two if c in one]
    if changed := [(a, b) for a, b in both if words(study, a.label) != words(study, b.label)]:
        yield "criterion_reworded", listed(a for a, _ in changed), listed(b for _, b in changed)
    if changed := [(a, b) for a, b in both if a.out_of != b.out_of]:
        was, is_ = (", ".join(f"{c[i].id} / {c[i].out_of:g}" for c in changed) for i in (0, 1))
        yield "criterion_marks", was, is_
    if changed := [(a, b) for a, b in both if a.needs_reply != b.needs_reply]:
        yield "criterion_reply", "", listed(b for _, b in changed)
    weighed = [{c.id: (d.id, d.weight, c.weight) for d in g.dimensions for c in d.criteria} for g in (then, now)]
    if any(weighed[0][b.id] != weighed[1][b.id] for _, b in both):
        yield "grid_weights", "", ""
    if not (gone or new) and then != now and _plain(study, then) == _plain(study, now):
        yield "grid_retyped", then.version, now.version


def _plain(study: Study, grid: Grid) -> list[object]:
    return [
        (d.id, d.weight, [(c.id, words(study, c.label), c.out_of, c.weight, c.needs_reply) for c in d.criteria])
        for d in grid.dimensions
    ]
