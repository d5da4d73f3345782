"""Figures on tests, reviews and cases for a table, with letters between the codes of each field that breaks them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vigie.engine.letters import Rule
from vigie.engine.records import Records
from vigie.engine.session import Session
from vigie.engine.survey import Edition
from vigie.results import Estimate, Segment, Source

Key = tuple[str, frozenset[tuple[str, str]]]


def lettered_records(
    session: Session, edition: Edition, source: Source, fields: Sequence[str]
) -> tuple[Estimate, ...]:  # fmt: skip
    """Every figure of the source with its letters; columns are compared within one field.

    Authors who wrote reviews of several columns are in the covariance of these. Degrees of freedom: clusters less
    columns.
    """
    records = Records(session, edition, source)
    rule = Rule(edition.level, records.show.hide, edition.adjust)
    found: dict[Key, str] = {}
    for field in fields:
        found |= _letters(records, field, rule)
    return tuple(
        replace(e, letters=found.get((e.indicator, frozenset(e.segment)), "")) for e in records.estimates()
    )  # fmt: skip


def _letters(records: Records, field: str, rule: Rule) -> dict[Key, str]:
    """The letters of all figures by one field."""
    grouping = records.grouping(field)
    columns = range(len(records.columns))
    bases = records.ratios(grouping, columns)
    found: dict[Key, str] = {}
    for k in columns:
        column, plan = records.columns[k], records.plans[records.columns[k].plan]
        value, cov = grouping.rows.covariance(grouping.weight, records.u[:, k], records.v[:, k])
        df = max(int(bases.df[:, k].sum()), 1)
        own: Segment = (plan.part,) if plan.part else ((column.dimension, column.code),) if column.code else ()
        line = rule.letters(value[None], cov[None], bases.n[None, :, k], df)[0]
        if not column.dont_know:
            pairs = zip(grouping.codes, line, strict=True)
            found |= {(plan.indicator.id, frozenset((*own, (field, code)))): letters for code, letters in pairs}
    return found
