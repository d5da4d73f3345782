"""Figures on tests, reviews and cases for a table, with letters between the codes of each field that breaks them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vigie.engine.against_rest import signs
from vigie.engine.edition import Edition
from vigie.engine.letters import Floats, Rule
from vigie.engine.records import Grouping, Records
from vigie.engine.session import Session
from vigie.results.figures import Estimate, Segment, Source
from vigie.stats.clusters import Clusters

Key = tuple[str, frozenset[tuple[str, str]]]


def lettered_records(
    session: Session, edition: Edition, source: Source, fields: Sequence[str]
) -> tuple[Estimate, ...]:  # fmt: skip
    """Every figure of the source with its letters; columns are compared within one field.

    Authors who wrote reviews of several columns are in the covariance of these. Degrees of freedom: clusters less
    columns.
    """
    records = Records(session, edition, source)
    rule = edition.rule(records.show.hide)
    found: dict[Key, str] = {}
    for field in fields:
        found |= _letters(records, field, rule)
    estimates = list(records.estimates())
    records.release()
    return tuple(replace(e, letters=found.get((e.indicator, frozenset(e.segment)), "")) for e in estimates)


def _letters(records: Records, field: str, rule: Rule) -> dict[Key, str]:
    """The letters, or signs, of all figures by one field."""
    grouping = records.grouping(field)
    halves = list(records.halves(grouping)) if rule.compare == "rest" else []
    found: dict[Key, str] = {}
    for column, u, v in zip(records.columns, records.u.T, records.v.T, strict=True):
        if column.dont_know:
            continue
        plan = records.plans[column.plan]
        own: Segment = (plan.part,) if plan.part else ((column.dimension, column.code),) if column.code else ()
        line = _signs(rule, halves, grouping.weight, u, v) if halves else _lettered(rule, grouping, u, v)
        pairs = zip(grouping.codes, line, strict=True)
        found |= {(plan.indicator.id, frozenset((*own, (field, code)))): letters for code, letters in pairs}
    return found


def _lettered(rule: Rule, grouping: Grouping, u: Floats, v: Floats) -> tuple[str, ...]:
    """The letters of one figure."""
    bases = grouping.rows.ratios(grouping.weight, u[:, None], v[:, None])
    value, cov = grouping.rows.covariance(grouping.weight, u, v)
    return rule.letters(value[None], cov[None], bases.n.T, max(int(bases.df.sum()), 1))[0]


def _signs(rule: Rule, halves: Sequence[Clusters], weight: Floats, u: Floats, v: Floats) -> tuple[str, ...]:
    """The signs of one figure: each code against the rest of the field."""
    bases = [half.ratios(weight, u[:, None], v[:, None]) for half in halves]
    made = [half.covariance(weight, u, v) for half in halves]
    value, cov = (np.array([one[part] for one in made])[None] for part in (0, 1))
    df = np.array([max(int(b.df.sum()), 1) for b in bases])
    return signs(rule, value, cov, np.array([b.n[:, 0] for b in bases])[None], df)[0]
