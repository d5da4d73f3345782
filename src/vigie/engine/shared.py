"""The people whom two waves share: their answers in both, read again, and how the figures covary for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.engine.columns import Column
from vigie.engine.fielded import Fielded
from vigie.engine.kernel import CODE, LOOP_WEIGHT, PERSON, WEIGHT
from vigie.engine.projection import Projection
from vigie.engine.rows import evaluated, inside
from vigie.results.figures import Place
from vigie.stats.panels import centred, contributions, factors, stratum_variance, wave_covariance

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Names = npt.NDArray[np.str_]
AT_ONCE = 1 << 23  # answers that are held together


@dataclass(frozen=True)
class Shared:
    """What two waves share: how many people, and by figure the covariance, with each wave's variance beside it."""

    people: int
    cov: Mapping[Place, float] = field(default_factory=dict)
    variance: tuple[Mapping[Place, float], Mapping[Place, float]] = field(default_factory=lambda: ({}, {}))
    clusters: int = 0  # that both waves drew: where there are any, figures covary by them


def shared(one: Fielded, other: Fielded) -> Shared:
    """Look for the respondents of one wave in the other; where there are any, read what they answered in both.

    Where the later wave declares that its people are fresh, equal keys are no equal people, and nothing covaries.
    """
    keys = _keys(one, other)
    if other.wave.people == "fresh":
        return Shared(len(keys))
    both = [key for key in one.places if key in other.places]
    if one.clusters or other.clusters:
        return _by_clusters(one, other, both, len(keys))
    if not len(keys):
        return Shared(0)
    answered = (_Answers(one, keys), _Answers(other, keys))
    people = _People(one, other, answered)
    cov: dict[Place, float] = {}
    for pair, some in _portions(one, other, both, max(1, AT_ONCE // len(keys))):
        cov |= dict(zip(some, _covariances(some, pair, (one, other), answered, people).tolist(), strict=True))
    of = [{k: _variance(w, k, m) for k in both} for w, m in zip((one, other), people.of, strict=True)]
    return Shared(len(keys), cov, (of[0], of[1]))


def _portions(
    one: Fielded, other: Fielded, both: Sequence[Place], size: int
) -> Iterator[tuple[tuple[int, int], list[Place]]]:
    """The figures of both waves column by column, so that answers are read once: of one segment at a time."""
    columns = list(dict.fromkeys((one.places[k][1], other.places[k][1]) for k in both))
    for start in range(0, len(columns), size):
        some = set(columns[start : start + size])
        own = [k for k in both if (one.places[k][1], other.places[k][1]) in some]
        for pair in dict.fromkeys((one.places[k][0], other.places[k][0]) for k in own):
            yield pair, [k for k in own if (one.places[k][0], other.places[k][0]) == pair]


def _covariances(
    keys: Sequence[Place], segments: tuple[int, int], waves: tuple[Fielded, Fielded],
    answered: tuple[_Answers, _Answers], people: _People,
) -> Floats:  # fmt: skip
    """The covariances of some figures of one segment."""
    made, totals, weight = [], [], np.ones(len(answered[0].d))
    for wave, s, said, m, place in zip(waves, segments, answered, people.of, people.places, strict=True):
        columns = [wave.places[k][1] for k in keys]
        u, v = said.values(columns)
        made.append(contributions(wave.influence, s, columns, said.pair, said.d, said.member(wave.segments[s]), u, v))
        # somebody may have moved to another stratum
        weight *= np.sqrt((factors(m) * wave.influence.left)[said.stratum])
        total = np.zeros((len(people.counts), len(columns)))
        total[place] = wave.influence.total[:, s, columns]
        totals.append(total)
    return wave_covariance(made[0], made[1], weight, centred(totals[0], totals[1], people.counts, people.left))


def _variance(wave: Fielded, key: Place, people: Floats) -> float:
    s, k = wave.places[key]
    own = wave.influence
    return float(stratum_variance(own.square[:, s, k, None], own.total[:, s, k, None], people, own.left)[0])


def _by_clusters(one: Fielded, other: Fielded, both: Sequence[Place], people: int) -> Shared:
    """What two waves share whose sampling units are clusters: these covary, whether or not their people are the same.

    Nothing where only one of the waves drew clusters: its units are not those of the other.
    """
    here = {name: u for u, name in enumerate(other.clusters)}
    common = [(u, here[name]) for u, name in enumerate(one.clusters) if name in here]
    if not common:
        return Shared(people)
    at = [np.array(side, dtype=np.int64) for side in zip(*common, strict=True)]
    strata = _Clusters(one, other, at)
    scale = (factors(strata.counts) * strata.root)[strata.of[0][at[0]]]
    cov: dict[Place, float] = {}
    variance: tuple[dict[Place, float], dict[Place, float]] = ({}, {})
    size = max(1, AT_ONCE // max(len(one.clusters), len(other.clusters)))
    for some in (both[start : start + size] for start in range(0, len(both), size)):
        added = [_added(wave, some) for wave in (one, other)]
        totals = [strata.totals(w, t) for w, t in enumerate(added)]
        centre = centred(totals[0], totals[1], strata.counts, strata.root)
        found = wave_covariance(added[0][at[0]], added[1][at[1]], scale, centre)
        cov |= dict(zip(some, found.tolist(), strict=True))
        for w, (t, told) in enumerate(zip(added, variance, strict=True)):
            own = stratum_variance(strata.totals(w, t**2), totals[w], strata.counts, strata.left[w])
            told |= dict(zip(some, own.tolist(), strict=True))
    return Shared(people, cov, variance, len(common))


def _added(wave: Fielded, keys: Sequence[Place]) -> Floats:
    """What each cluster of a wave adds to these figures (U, P)."""
    units = wave.influence.units
    assert units is not None  # noqa: S101 - for the reader: it has clusters
    segments, columns = np.array([wave.places[key] for key in keys], dtype=np.int64).reshape(-1, 2).T
    return np.asarray(units[:, segments, columns])


class _Clusters:
    """The clusters of either wave by stratum; strata of one name are one, and so are clusters."""

    def __init__(self, one: Fielded, other: Fielded, at: Sequence[Ints]) -> None:
        names = list(dict.fromkeys([*one.strata, *other.strata]))
        self.counts = np.zeros(len(names))
        self.of = [np.array([names.index(s) for s, _ in w.clusters], dtype=np.int64) for w in (one, other)]
        for of in self.of:
            np.add.at(self.counts, of, 1)
        np.add.at(self.counts, self.of[0][at[0]], -1)
        self.left = [np.ones(len(names)), np.ones(len(names))]
        for left, wave in zip(self.left, (one, other), strict=True):
            left[[names.index(s) for s in wave.strata]] = wave.influence.left
        self.root = np.sqrt(self.left[0] * self.left[1])

    def totals(self, wave: int, values: Floats) -> Floats:
        """Values (U, P) of a wave's clusters added up by stratum (H, P)."""
        found = np.zeros((len(self.counts), values.shape[1]))
        np.add.at(found, self.of[wave], values)
        return found


class _Answers:
    """The shared people of a wave, in the order of their keys: pair, weight, categories, and what they answered."""

    def __init__(self, wave: Fielded, keys: Names) -> None:
        self.wave, self.keys = wave, keys
        self.made = _only(wave.made, keys)
        table = self.made.table
        selected = {"respondent": table["respondent"], WEIGHT: table["base_weight"].cast("float64")}
        rows = table.select(**selected, **wave.blocks.columns(table)).to_pyarrow()
        self.rows = rows.take(self._order(rows["respondent"])).combine_chunks().to_batches()[0]
        self.d = np.asarray(self.rows.column(WEIGHT), dtype=np.float64)
        self.pair = wave.pair[wave.blocks.coarse.of(self.rows)]
        self.stratum = wave.influence.stratum[self.pair]
        self.kept: dict[int, tuple[Floats, Floats]] = {}

    def _order(self, names: Any) -> Any:
        """The rows of a table of these people in the order of their keys."""
        return pa.array(np.argsort(np.asarray(names.to_numpy(), dtype=np.str_)))

    def member(self, segment: tuple[str, str] | None) -> npt.NDArray[np.bool_]:
        """Who is in a segment."""
        if segment is None:
            return np.ones(len(self.d), dtype=bool)
        name, category = segment
        blocks = self.wave.blocks
        coded = next(v for keys in blocks.keys for v in keys.variables if v.column == blocks.aliases[name])
        levels = blocks.variables[name].levels
        place = levels.index(category) + 1 if category in levels else -1
        return np.asarray(coded.of(self.rows) == place)

    def values(self, columns: Sequence[int]) -> tuple[Floats, Floats]:
        """Base and value (n, C); what was read for one segment serves the next."""
        if missing := [k for k in dict.fromkeys(columns) if k not in self.kept]:
            self.kept = {k: v for k, v in self.kept.items() if k in set(columns)}
            self.kept |= self._read(missing)
        u, v = (np.column_stack([self.kept[k][part] for k in columns]) for part in (0, 1))
        return u, v

    def _read(self, columns: Sequence[int]) -> dict[int, tuple[Floats, Floats]]:
        listed = {k: self.wave.columns[k] for k in columns}
        once = [k for k, c in listed.items() if self.made.plans[c.plan].loop is None]
        found: dict[int, tuple[Floats, Floats]] = {}
        if once:
            table, u, v = evaluated(self.made, [listed[k] for k in once], {"key": "respondent"}, ["respondent"])
            order = self._order(table["key"]).to_numpy()
            found = {k: (u[order, i], v[order, i]) for i, k in enumerate(once)}
        for loop in dict.fromkeys(self.made.plans[c.plan].loop for c in listed.values()):
            if loop is not None:
                own = [k for k, c in listed.items() if self.made.plans[c.plan].loop == loop]
                found |= dict(zip(own, self._evaluations(loop, [listed[k] for k in own]), strict=True))
        return found

    def _evaluations(self, loop: tuple[str, str], columns: Sequence[Column]) -> Iterator[tuple[Floats, Floats]]:
        """Sums over each person's evaluations, with their loop weights."""
        table, values = self.made.evaluations(loop, columns)
        found = table.order_by([PERSON, CODE]).to_pyarrow()
        at = np.searchsorted(self.keys, np.asarray(found[PERSON].to_numpy(), dtype=np.str_))
        weight = found[LOOP_WEIGHT].to_numpy()
        for column in columns:
            base, value = inside(found[values[column.of_all]])
            here = np.ones(len(at)) if not column.code else _is(found[CODE], column.code)
            factor = weight * here
            yield _by_person(at, factor * base, len(self.d)), _by_person(at, factor * value, len(self.d))


def _is(codes: Any, code: str) -> Floats:
    return np.asarray(pc.fill_null(pc.equal(codes, code), False).to_numpy(), dtype=np.float64)


def _by_person(at: Ints, values: Floats, people: int) -> Floats:
    return np.bincount(at, weights=values, minlength=people).astype(np.float64)


def _keys(one: Fielded, other: Fielded) -> Names:
    """The respondents of both waves who can be weighted in both, in order; nobody else's key is read."""
    found = [_among(mine.made, theirs.made) for mine, theirs in ((one, other), (other, one))]
    return np.intersect1d(found[0], found[1], assume_unique=True)


def _among(mine: Projection, theirs: Projection) -> Names:
    """The respondents of one wave whom the facts of the other hold too."""
    facts = mine.session.engine.backend.read_parquet(str(theirs.session.snapshot.path("respondents")))
    names = mine.table.semi_join(facts, "respondent").select("respondent").to_pyarrow()["respondent"]
    return np.asarray(names.to_numpy(), dtype=np.str_)


def _only(made: Projection, keys: Names) -> Projection:
    """The figures of a wave on these people only."""
    some = copy(made)
    wanted = made.session.engine.held(pa.table({"respondent": pa.array(keys.tolist(), pa.string())}))
    some.table = made.table.semi_join(wanted, "respondent")
    return some


class _People:
    """The people of either wave by stratum; strata of one name are one."""

    def __init__(self, one: Fielded, other: Fielded, answered: tuple[_Answers, _Answers]) -> None:
        names = list(dict.fromkeys([*one.strata, *other.strata]))
        self.counts, self.left = np.zeros(len(names)), np.ones(len(names))
        self.places = [np.array([names.index(s) for s in w.strata], dtype=np.int64) for w in (one, other)]
        for wave, place in zip((one, other), self.places, strict=True):
            np.add.at(self.counts, place, wave.influence.n)
            self.left[place] *= np.sqrt(wave.influence.left)
        at, to = (place[said.stratum] for place, said in zip(self.places, answered, strict=True))
        np.add.at(self.counts, at[at == to], -1)

    @property
    def of(self) -> list[Floats]:
        """In the order of each wave's strata."""
        return [self.counts[place] for place in self.places]
