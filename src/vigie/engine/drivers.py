"""Key drivers of a wave: one pass over the marks of the respondents, with their weights, to moments that are kept.

The bootstrap draws units of people (`driver_units.py`), so that the cost of its replicates does not depend on how many
answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import ibis
import numpy as np
import numpy.typing as npt

from vigie.engine.algebra import IbisAlgebra
from vigie.engine.driver_units import Marks, Units
from vigie.engine.edition import Edition
from vigie.engine.sampling import drawn_by, survey_imports
from vigie.engine.session import Session
from vigie.results.drivers import Driver, Drivers
from vigie.results.figures import Lineage, finite, flag_of
from vigie.snapshot.derived import standing
from vigie.stats.drivers import DriverFigures, drivers
from vigie.stats.moments import Moments, resampled
from vigie.stats.seeds import SEED
from vigie.study.driver_checks import is_mark
from vigie.study.drivers import KeyDrivers, attributes
from vigie.study.expressions import fold
from vigie.study.model import Study
from vigie.study.questions import Question, Scale
from vigie.study.resolution import resolve
from vigie.study.text import spread
from vigie.study.waves import Wave

REPLICATES = 1000
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def driver_figures(session: Session, edition: Edition, weighting: str) -> Iterator[Drivers]:
    """Every analysis whose questions the wave asked; `edition.derived` holds the key of the respondents' weights.

    None is made of people with negative weights: variances and R² mean nothing on a mass that is below zero somewhere.
    """
    study, wave = edition.study, edition.wave
    for rules in study.drivers.values():
        asked = _asked(study, wave, rules)
        if asked is not None:
            found = _Analysis(session, edition, rules, asked, weighting).figures()
            yield from () if found is None else (found,)


def unmade(study: Study, wave: Wave, made: Iterable[Drivers]) -> Iterator[str]:
    """Why a wave with a survey does not yield some analyses: marks that were not asked, or weights below zero."""
    known = {one.id for one in made}
    for name, rules in study.drivers.items() if "survey" in wave.by_source else ():
        if _asked(study, wave, rules) is None:
            yield f'"{name}" is not in this wave: one of its questions was not asked'
        elif name not in known:
            yield f'"{name}" is not in this wave: some of its people have negative weights, which drivers cannot have'


def _asked(study: Study, wave: Wave, rules: KeyDrivers) -> dict[str, Mapping[str, str]] | None:
    """The attributes with their words, where the wave asked for all of them and for the overall mark."""
    listed = attributes(rules, study.batteries, study.questions)
    questions = study.instrument(wave.id)
    if not all(is_mark(questions.get(name)) for name in (rules.of, *listed)):
        return None
    return listed


@dataclass
class _Analysis:
    """One analysis of one wave."""

    session: Session
    edition: Edition
    rules: KeyDrivers
    attributes: Mapping[str, Mapping[str, str]]
    weighting: str

    @property
    def questions(self) -> Mapping[str, Question]:
        return self.edition.study.instrument(self.edition.wave.id)

    def figures(self) -> Drivers | None:
        """The record of the analysis, without figures where too few people gave every mark; none of weights below 0."""
        people = self._people()
        counts = self._counts(people)
        n, show = int(counts["complete"].sum()), self.edition.study.header.show
        flag = flag_of(n, show.hide, show.fragile)
        level, left_out = show.level, int(counts["missing"].sum())
        if flag == "hidden":
            return self._record((), n, left_out, flag)
        if counts["below"].any():
            return None
        m, stratum, squares = self._moments(people, counts)
        found = drivers(m, method=self.rules.method, stratum=stratum, replicates=REPLICATES, level=level)
        entries = sorted(self._entries(found, _correlations(m)), key=lambda e: -(e.importance or 0.0))
        effective = float(m.w.sum()) ** 2 / squares if squares > 0 else None
        return self._record(tuple(entries), n, left_out, flag, found, effective)

    def _people(self) -> Any:
        """The people of the base: weight, how they were drawn, whether every mark is there, and the marks."""
        study = self.edition.study
        table = self.session.table("respondents")
        path = standing(self.session.snapshot, "weights", self.edition.derived)
        weights = self.session.engine.backend.read_parquet(str(path)).select(_respondent="respondent", _w="weight")
        joined = table.join(weights, table["respondent"] == weights["_respondent"])
        exclusive = study.standing_alone(self.questions)
        base = resolve(self.rules.base, study, self.questions, want=("truth",))
        inside = joined.filter(fold(base.tree, IbisAlgebra(joined, exclusive)).fill_null(False))
        marks = {f"x{k}": inside[name].cast("float64") for k, name in enumerate(self._names)}
        complete = ibis.and_(*(mark.notnull() for mark in marks.values()))
        drawn = {name: ibis.coalesce(inside[name], inside["respondent"]) for name in self.drawn}
        return inside.select(respondent="respondent", w="_w", complete=complete, **drawn, **marks)

    @property
    def drawn(self) -> list[str]:
        """The columns that tell how people were drawn: their stratum, and their cluster where there are any."""
        return drawn_by(survey_imports(self.edition.study, self.edition.wave))

    @property
    def _names(self) -> list[str]:
        return [self.rules.of, *self.attributes]

    def _counts(self, people: Any) -> dict[str, npt.NDArray[Any]]:
        """How many people gave every mark, in how many units and with weights below 0; who did not; by stratum."""
        complete, cluster = people["complete"], people[self.drawn[-1]]
        units = cluster.nunique(where=complete) if len(self.drawn) > 1 else complete.sum()
        below = (complete & (people["w"] < 0)).sum()
        by = people.group_by("stratum").aggregate(
            complete=complete.sum(), missing=(~complete).sum(), units=units, below=below
        )
        table = by.order_by("stratum").to_pyarrow()
        names = ("complete", "missing", "units", "below")
        counts = {name: table[name].to_numpy().astype(np.int64) for name in names}
        return {"stratum": table["stratum"].to_numpy()} | counts

    def _moments(self, people: Any, counts: Mapping[str, npt.NDArray[Any]]) -> tuple[Moments, Ints, float]:
        """The moments of every unit, its stratum, and Σw²; one pass over the marks."""
        units = Units.of(counts["units"])
        boxes = (self.rules.low, self.rules.high) if self.rules.method == "penalty_reward" else None
        clustered = len(self.drawn) > 1
        kernel = Marks(len(self.attributes), tuple(counts["stratum"]), units, boxes, clustered)
        wanted, order = people.filter(people["complete"]), [*(self.drawn if clustered else ()), "respondent"]
        total, squares = self.session.engine.fold(wanted, kernel, order=order, whole=True)
        return total, units.stratum, squares

    def _entries(self, found: DriverFigures, correlation: Floats) -> Iterator[Driver]:
        for k, (name, words) in enumerate(self.attributes.items()):
            question = self.questions[name]
            yield Driver(
                name, spread(words), finite(found.importance[k]), *_pair(found.importance_limits, k),
                float(found.performance[k]), *_pair(found.performance_limits, k), finite(correlation[k]),
                _scale(question), *_effects(found, k),
            )  # fmt: skip

    def _record(
        self, entries: tuple[Driver, ...], n: int, left_out: int, flag: Literal["ok", "fragile", "hidden"],
        found: DriverFigures | None = None, effective: float | None = None,
    ) -> Drivers:  # fmt: skip
        rules, question = self.rules, self.questions[self.rules.of]
        r2, (low, high) = (found.r2, found.r2_limits) if found else (np.nan, (np.nan, np.nan))
        return Drivers(
            id=rules.id, label=spread(rules.label or question.label), of=rules.of, source="survey",
            wave=self.edition.wave.id, method=rules.method, entries=entries, n=n, n_effective=effective,
            left_out=left_out, r2=finite(r2), r2_low=finite(low), r2_high=finite(high),
            level=self.edition.study.header.show.level, replicates=REPLICATES, seed=SEED, flag=flag,
            lineage=self._lineage(question), low=rules.low, high=rules.high,
        )  # fmt: skip

    def _lineage(self, question: Question) -> Lineage:
        rules = self.rules
        return Lineage(
            question=self.edition.wording(question),
            expression=f"{rules.method}: {rules.of} by {', '.join(self.attributes)}",
            base=rules.base,
            filter=self.edition.kept("survey"),
            weighting=self.weighting,
            test="bootstrap",
            inputs=self.edition.inputs,
            derived=self.edition.derived,
            base_label=spread(rules.base_label) if rules.base_label else {},
        )


def _correlations(m: Moments) -> Floats:
    """The correlation of each column with the overall mark; nan without variance."""
    cov = resampled(m, np.ones((1, len(m.w))))[1][0]
    size = np.sqrt(np.diag(cov) * cov[0, 0])
    return np.asarray(np.divide(cov[0], size, out=np.full(len(cov), np.nan), where=size > 0)[1:])


def _pair(limits: Floats, k: int) -> tuple[float | None, float | None]:
    return finite(limits[0, k]), finite(limits[1, k])


def _scale(question: Question) -> tuple[float, float] | None:
    return (float(question.scale.from_), float(question.scale.to)) if isinstance(question, Scale) else None


def _effects(found: DriverFigures, k: int) -> tuple[Any, ...]:
    """Penalty, reward, their limits, and what they say together; nothing for other methods."""
    if not len(found.penalty):
        return ()
    low, high = found.asymmetry_limits[:, k]
    kind = "basic" if high < 0 else "delight" if low > 0 else "linear"
    penalty, reward = finite(found.penalty[k]), finite(found.reward[k])
    return penalty, *_pair(found.penalty_limits, k), reward, *_pair(found.reward_limits, k), kind
