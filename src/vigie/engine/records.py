"""Figures on mystery tests, reviews and cases: every indicator of a source on the whole and by the fields it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.engine.columns import Column, prepared
from vigie.engine.edition import DONT_KNOW_SHOWN, Edition
from vigie.engine.groups import encoded, numbered
from vigie.engine.plan import Plan, plans
from vigie.engine.projection import Projection
from vigie.engine.rows import evaluated
from vigie.engine.session import KEYS, TABLES, Session
from vigie.engine.sources import lineage, rows, thresholds
from vigie.engine.verbatims import (
    coder_of,
    looks_for_brands,
    named_brands,
    read_in,
    read_questions,
    readings,
    with_mentions,
    with_readings,
)
from vigie.errors import VigieError
from vigie.results.figures import Estimate, Lineage, Segment, Source, figure_key, finite
from vigie.stats.clusters import Clusters, Ratios, clustered
from vigie.stats.intervals import interval
from vigie.study.expressions import Tree
from vigie.study.fields import GRAIN
from vigie.study.questions import Question
from vigie.study.resolution import resolve
from vigie.study.text import spread
from vigie.verbatim import polarity

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
OF_ROWS = ("brand", "sector")  # fields of a row of reviews: a review of two brands counts whole for each of them


@dataclass(frozen=True, slots=True)
class Grouping:
    """The rows of a source by one field, or all of them together (an empty field): G groups of m rows."""

    field: str
    codes: tuple[str, ...]
    rows: Clusters
    weight: Floats  # (n,) of each row

    @property
    def segments(self) -> list[Segment]:
        return [((self.field, code),) for code in self.codes] if self.field else [()]


class Records:
    """The rows of one source of a wave, with base and value of every figure; made in one pass over the facts.

    Reviews are clustered by author, who may have written several; tests and cases stand on their own. On the whole and
    by the fields of a review, a review of k brands is k rows of weight 1/k; by brand and sector each row weighs 1.
    Bases are counted in tests, reviews and cases.
    """

    def __init__(self, session: Session, edition: Edition, source: Source) -> None:
        self.session, self.source, self.study, self.wave = session, source, edition.study, edition.wave
        self.questions = self.study.asked(source, self.wave.id)
        self.show = thresholds(self.study, source)
        self.exclusive = self.study.standing_alone(self.questions)
        table, made = rows(session, edition, source)
        planned = list(plans(self.study, self.wave, source, polarity.CODER))
        read, named = read_questions(planned, self.questions)
        read = list(dict.fromkeys((*read, *(name for base in self.bases().values() for name in read_in(base)))))
        table = with_readings(table, session, source, read)
        table = with_mentions(table, session, self.study, self.wave, source, named)
        self.table = session.kept(table, TABLES[source])
        keys = [*made, *([readings(session)[1]] if read else [])]
        keys += [named_brands(session, self.study, self.wave)[1]] if named else []
        self.edition = replace(edition, derived=tuple(dict.fromkeys((*edition.derived, *keys))))
        self.plans = [self._occurring(p) for p in prepared(planned, self.table, self.questions)]
        self.columns = list(self._columns())
        self.read, self.u, self.v = self._read()
        self.columns, self.u, self.v = self._mentioned()

    def release(self) -> None:
        """Let go of the rows that are held in memory, now and not whenever they are collected: others are read then."""
        self.session.release(self.table)

    def bases(self) -> dict[str, Tree]:
        """The bases of the indicators that are no shares or means: those of the time to an answer."""
        timed = [i for i in self.study.indicators.values() if i.source == self.source and i.kind == "time_to"]
        return {i.id: resolve(i.base, self.study, self.questions, want=("truth",)).tree for i in timed}

    def _occurring(self, plan: Plan) -> Plan:
        """The plan of a list of brands or sectors, with those that occur."""
        dimension = plan.options[0][0] if plan.options and plan.main.type == "code" else ""
        if dimension not in OF_ROWS:
            return plan
        column = self.table[plan.main.questions[0]]
        given = self.table.select(code=column).distinct().to_pyarrow()["code"].to_pylist()
        return replace(plan, options=tuple(o for o in plan.options if o[1] in set(given)))

    def _columns(self) -> Iterator[Column]:
        """Each figure once, per option or mark where it is a whole question; and the "don't know" behind it."""
        for k, plan in enumerate(self.plans):
            yield from (Column(k, d, c) for d, c in plan.options or (("", ""),))
            if len(plan.dont_know) == 1:
                yield Column(k, dont_know=True)

    def _read(self) -> tuple[pa.Table, Floats, Floats]:
        """The fields that rows are grouped by, and base and value of every column, in the order of the facts."""
        made = Projection(self.session, self.table, self.study, self.questions, self.plans)
        if problems := made.open_funnels(self.wave, GRAIN[self.source]):
            raise VigieError(problems)
        names = {"key": KEYS[self.source]} | {f"by {name}": name for name in self.fields}
        further = ("brand", "sector", "author", "part") if self.source == "reviews" else ()
        names |= {name: name for name in further}
        order = [KEYS[self.source], *(["brand"] if self.source == "reviews" else [])]
        return evaluated(made, self.columns, names, order)

    @cached_property
    def fields(self) -> list[str]:
        """The fields that some indicator of the source is broken by, in the order of the study."""
        listed = (b for i in self.study.indicators.values() if i.source == self.source for b in i.by)
        return [name for name in dict.fromkeys(listed) if name in self.questions]

    def _mentioned(self) -> tuple[list[Column], Floats, Floats]:
        """The columns without those of brands that no text names."""
        looking = {k for k, p in enumerate(self.plans) if looks_for_brands(p, self.questions)}
        said = self.v.sum(axis=0) > 0
        kept = [k for k, c in enumerate(self.columns) if c.plan not in looking or said[k]]
        return [self.columns[k] for k in kept], self.u[:, kept], self.v[:, kept]

    def grouping(self, field: str = "") -> Grouping:
        """The rows by a field, its codes in the order of the study or else of the alphabet; or all together."""
        n = self.read.num_rows
        codes: tuple[str, ...] = ("",)
        group = np.zeros(n, dtype=np.int64)
        if field:
            column = self.read[f"by {field}"].combine_chunks()
            codes = tuple(self.ordered(self.questions[field], column))
            group = encoded(column, codes)
            group = np.where(group == len(codes), -1, group)
        reviews = self.source == "reviews"
        weight = self.read["part"].to_numpy().astype(np.float64) if reviews and field not in OF_ROWS else np.ones(n)
        found = clustered(group, len(codes), self.authors if reviews else None, self.keys if reviews else None)
        return Grouping(field, codes, found, weight)

    def halves(self, grouping: Grouping) -> Iterator[Clusters]:
        """For each code of a field, its rows and the rows of all other codes, as two groups."""
        group = np.full(self.read.num_rows, -1)
        group[grouping.rows.row] = grouping.rows.group
        reviews = self.source == "reviews"
        for code in range(len(grouping.codes)):
            half = np.where(group < 0, -1, group != code)
            yield clustered(half, 2, self.authors if reviews else None, self.keys if reviews else None)

    def ordered(self, question: Question, column: pa.Array) -> list[str]:
        """The codes that occur."""
        seen = {c for c in column.unique().to_pylist() if c is not None}
        listed = [c for c in self.study.options(question) if c in seen and self.study.over(question) != "brand"]
        return [*listed, *sorted(seen - set(listed))]

    @cached_property
    def keys(self) -> Ints:
        """(n,) each row's review, as a number."""
        return numbered(self.read["key"])

    @cached_property
    def authors(self) -> Ints:
        """(n,) each row's author; whoever is not known stands alone with each review."""
        author, key = self.read["author"].cast(pa.string()), self.read["key"].cast(pa.string())
        alone = pc.binary_join_element_wise(pa.scalar("review"), key, "\n")
        return numbered(pc.coalesce(author, alone))

    def ratios(self, grouping: Grouping, columns: Sequence[int]) -> Ratios:
        """The figures of some columns in every group."""
        chosen = list(columns)
        return grouping.rows.ratios(grouping.weight, self.u[:, chosen], self.v[:, chosen])

    def estimates(self) -> Iterator[Estimate]:
        """One record per figure and group, in the order of the study."""
        found = {name: list(self._grouped(name)) for name in ("", *self.fields)}
        for k in range(len(self.plans)):
            for estimates in found.values():
                yield from (e for plan, e in estimates if plan == k)

    def _grouped(self, field: str) -> Iterator[tuple[int, Estimate]]:
        """The figures of all indicators that are broken by a field."""
        wanted = [k for k, c in enumerate(self.columns) if not field or field in self.plans[c.plan].indicator.by]
        if not wanted:
            return
        grouping = self.grouping(field)
        found = self.ratios(grouping, wanted)
        silent = {self.columns[k].plan: i for i, k in enumerate(wanted) if self.columns[k].dont_know}
        for i, k in enumerate(wanted):
            column, plan = self.columns[k], self.plans[self.columns[k].plan]
            own: Segment = (plan.part,) if plan.part else ()
            own += ((column.dimension, column.code),) if column.code else ()
            if column.dont_know or field in (*dict(own), *(plan.main.questions if plan.options else ())):
                continue
            low, high = self._limits(plan, found, i)
            told = lineage(
                self.edition, self.source, plan.indicator, plan.question, coder=coder_of(plan, self.questions)
            )
            for g, segment in enumerate(grouping.segments):
                record = self.record(plan, own + segment, told, found, (g, i))
                if record.flag != "hidden":
                    unknown = float(found.value[g, silent[column.plan]]) if column.plan in silent else 0.0
                    share = unknown if unknown > DONT_KNOW_SHOWN else None
                    record = replace(record, ci_low=finite(low[g]), ci_high=finite(high[g]), dont_know=share)
                yield column.plan, record

    def _limits(self, plan: Plan, found: Ratios, i: int) -> tuple[Floats, Floats]:
        """Interval limits of one column; a share of 0 or 1 stands on no more than its clusters."""
        base = np.minimum(found.n_effective[:, i], found.df[:, i] + 1)
        return interval(
            plan.unit, found.value[:, i], found.se[:, i], found.df[:, i],
            n_effective=base, level=self.edition.level, low=plan.low, high=plan.high,
        )  # fmt: skip

    def record(self, plan: Plan, segment: Segment, told: Lineage, found: Ratios, at: tuple[int, int]) -> Estimate:
        """A figure with its base; a hidden one has no value, and one without an error is flagged."""
        n, indicator = int(found.n[at]), plan.indicator
        flag = self.show.flag(n)
        if flag == "ok" and not np.isfinite(found.se[at]):
            flag = "fragile"
        shown = flag != "hidden"
        decimals = indicator.decimals if indicator.decimals is not None else (1 if plan.unit == "mean" else 0)
        effective = float(found.n_effective[at]) if n else None
        return Estimate(
            figure=figure_key(plan.identity.key, segment), identity=plan.identity.key, indicator=indicator.id,
            label=spread(indicator.label or {"": indicator.id}), source=self.source, grain=GRAIN[self.source],
            wave=self.wave.id, segment=segment, value=finite(found.value[at]) if shown else None, unit=plan.unit,
            decimals=decimals, se=finite(found.se[at]) if shown else None, ci_low=None, ci_high=None,
            level=self.edition.level, n=n, n_weighted=float(found.n_weighted[at]) if n else None, n_effective=effective,
            design_effect=n / effective if effective else None, flag=flag, lineage=told, out_of=plan.out_of,
            part=plan.part[0] if plan.part else segment[0][0] if plan.options else "",
            df=finite(found.df[at]) if shown else None,
        )  # fmt: skip
