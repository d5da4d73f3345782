"""The figures of a survey as records: one per figure and segment, with where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt

from vigie.engine.columns import BOX, NET
from vigie.engine.common_lists import LIST
from vigie.engine.edition import DONT_KNOW_SHOWN, Edition
from vigie.engine.fielded import Spot
from vigie.engine.garbage import uncollected
from vigie.engine.plan import Plan
from vigie.engine.surveyed import Surveyed
from vigie.engine.verbatims import coder_of, named_brands, readings
from vigie.results.figures import Estimate, Lineage, Place, Segment, Texts, figure_key, finite, flag_of
from vigie.stats.estimates import Figures
from vigie.stats.intervals import Measure, interval
from vigie.study.indicators import EVERYONE
from vigie.study.text import spread

Floats = npt.NDArray[np.float64]


class Told:
    """The records of a survey's figures, made once from arrays (S, C).

    `estimates` are told, in the order of the study; `common`, on the channels that another wave lists too, is kept for
    what later waves say of this one.
    """

    def __init__(
        self, surveyed: Surveyed, edition: Edition, figures: Figures, letters: list[list[str]], method: str
    ) -> None:
        self.surveyed, self.edition, self.figures, self.method = surveyed, edition, figures, method
        self.study = surveyed.study
        self.common: dict[Place, Estimate] = {}
        self._spots: list[tuple[Estimate, Spot]] = []
        self.low, self.high = self._limits()
        with uncollected():
            self.estimates = tuple(self._made(letters))

    @property
    def places(self) -> dict[Place, Spot]:
        """Where each figure stands in the arrays."""
        return {told.place: spot for told, spot in self._spots}

    def _made(self, letters: list[list[str]]) -> Iterator[Estimate]:
        columns = self.surveyed.columns
        silent = {(c.plan, c.code): k for k, c in enumerate(columns) if c.dont_know}
        for k, column in enumerate(columns):
            if column.dont_know:
                continue
            plan = self.surveyed.plan(k)
            own: Segment = (plan.part,) if plan.part else ()
            own += ((column.dimension, column.code),) if column.code else ()
            answers = plan.options or (plan.part and plan.part[0] in (NET, BOX))
            # the answers to a question by the answers to the same question say nothing
            skipped = {*dict(own), *(plan.main.questions if answers else ())}
            unknown = silent.get((column.plan, "" if plan.options else column.code))
            record = self._records(plan, k, unknown, letters[k])
            for s, segment in enumerate(self.surveyed.banner.segments):
                if segment and segment[0][0] in skipped:
                    continue
                told = record(s, own + segment)
                self._spots.append((told, (s, k)))
                if plan.part and plan.part[0] == LIST:
                    self.common[told.place] = told
                else:
                    yield told

    def _limits(self) -> tuple[Floats, Floats]:
        """Interval limits of all columns over all segments; those that have the same ends are made together."""
        alike: dict[tuple[Measure, float | None, float | None], list[int]] = {}
        for k in range(len(self.surveyed.columns)):
            plan = self.surveyed.plan(k)
            alike.setdefault((plan.unit, plan.low, plan.high), []).append(k)
        f = self.figures
        low, high = np.empty_like(f.value), np.empty_like(f.value)
        for (unit, least, most), ks in alike.items():
            low[:, ks], high[:, ks] = interval(
                unit, f.value[:, ks], f.se[:, ks], f.df[:, ks],
                n_effective=np.minimum(f.n_effective[:, ks], f.units[:, ks]), level=self.edition.level,
                low=least, high=most,
            )  # fmt: skip
        return low, high

    def _records(
        self, plan: Plan, k: int, unknown: int | None, letters: list[str]
    ) -> Callable[[int, Segment], Estimate]:
        """How the records of one column are made: what they share once, the rest from its place in the arrays."""
        f, show, indicator = self.figures, self.study.header.show, plan.indicator
        low, high = self.low[:, k].tolist(), self.high[:, k].tolist()
        values, errors, bases = f.value[:, k].tolist(), f.se[:, k].tolist(), f.n[:, k].tolist()
        weighted, effective = f.n_weighted[:, k].tolist(), f.n_effective[:, k].tolist()
        degrees = f.df[:, k].tolist()
        silent = f.value[:, unknown].tolist() if unknown is not None else [0.0] * len(values)
        decimals = indicator.decimals if indicator.decimals is not None else (1 if plan.unit == "mean" else 0)
        key, label, lineage = self._named[self.surveyed.columns[k].plan]
        grain, wave, level = plan.loop[0] if plan.loop else "person", self.surveyed.wave.id, self.edition.level
        part = plan.part[0] if plan.part else ""

        def record(s: int, segment: Segment) -> Estimate:
            n = bases[s]
            flag = flag_of(n, show.hide, show.fragile)
            shown = flag != "hidden"  # a hidden figure has no value
            return Estimate(
                figure=figure_key(key, segment), identity=key, indicator=indicator.id, label=label, source="survey",
                grain=grain, wave=wave, segment=segment, value=finite(values[s]) if shown else None, unit=plan.unit,
                decimals=decimals, se=finite(errors[s]) if shown else None, ci_low=finite(low[s]) if shown else None,
                ci_high=finite(high[s]) if shown else None, level=level, n=n, n_weighted=weighted[s] if n else None,
                n_effective=effective[s] if n else None, design_effect=n / effective[s] if n and effective[s] else None,
                flag=flag, lineage=lineage, out_of=plan.out_of,
                dont_know=silent[s] if shown and silent[s] > DONT_KNOW_SHOWN else None,
                part=part or (segment[0][0] if plan.options else ""), letters=letters[s],
                df=float(degrees[s]) if shown else None,
            )  # fmt: skip

        return record

    @cached_property
    def _named(self) -> dict[int, tuple[str, Texts, Lineage]]:
        """The identity, the words and the lineage that all figures of a plan share."""
        plans = {c.plan: self.surveyed.plans[c.plan] for c in self.surveyed.columns}
        return {
            of: (p.identity.key, spread(p.indicator.label or {"": p.indicator.id}), self._lineage(p))
            for of, p in plans.items()
        }

    def _lineage(self, plan: Plan) -> Lineage:
        coder = coder_of(plan, self.surveyed.questions)
        return Lineage(
            question=self.edition.wording(plan.question),
            expression=f"{plan.indicator.kind}: {plan.indicator.expression}",
            base=self._base(plan),
            filter=self.edition.kept("survey"),
            weighting=self.method,
            test=self.edition.test,
            inputs=self.edition.inputs,
            derived=(*self.edition.derived, *(self._readings if coder else ())),
            coder=coder,
            base_label=spread(plan.indicator.base_label) if plan.indicator.base_label else {},
        )

    @cached_property
    def _readings(self) -> tuple[str, ...]:
        """The derived tables of texts that figures of a coder stand on."""
        session, (read, named) = self.surveyed.session, self.surveyed.texts
        keys = [readings(session)[1]] if read else []
        return (*keys, *([named_brands(session, self.study, self.surveyed.wave)[1]] if named else ()))

    def _base(self, plan: Plan) -> str:
        """Who is in the base: as the indicator says, else whom its question was asked; of those who are weighted."""
        routing, among = plan.question.ask_if if plan.question else None, self.surveyed.among
        own = routing if plan.indicator.base == EVERYONE and routing else plan.indicator.base
        if not among or own == EVERYONE:
            return among or own
        return own if own == among else f"({among}) and ({own})"
