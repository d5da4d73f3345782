"""Planting a truth: the survey's population, the brands, their levels wave after wave."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np

from vigie.demo.answers import survey_truth
from vigie.demo.criteria import GRID_OF, GRIDS, GridText, shortened
from vigie.demo.desk import desk_truth
from vigie.demo.names import SECTORS, Sector, brand_id, brand_name, plain
from vigie.demo.notes import NAMED, WARMTH
from vigie.demo.population import Floats, people
from vigie.demo.reviews import review_truth
from vigie.demo.truth import (
    FIELD,
    TESTED,
    WAVES,
    BrandRow,
    GridTruth,
    MysteryTruth,
    Plan,
    PlantedBrand,
    ReviewTruth,
    Truth,
)

MERGED_ON = "2023-07-01"
MOVED_ON = "2024-01-01"
_DAY_BEFORE = {MERGED_ON: "2023-06-30", MOVED_ON: "2023-12-31"}
CASES = ("winner", "ties", "below", "plain")  # what sectors show, in turn
FEW_TESTS = 4  # fewer than a ranking takes

Roles = dict[str, tuple[str, int]]  # by brand: its sector and its place there

_CHANNEL_SHIFT = np.array((0.10, 0.0, -0.05, 0.10, -0.10, 0.05))  # on the logit of the level, by tested channel
_DIMENSION_SHIFT = np.array((-0.10, 0.0, 0.25))
_REPLY = np.array((0.96, 0.75, 0.77, 0.93, 0.82, 1.0))
IMPROVED = 0.12  # what one brand of each plain sector gains in 2024


def plant(plan: Plan, *, seed: int = 2024) -> Truth:
    """The truth of a demonstration of a size. The same plan and seed give the same truth."""
    population, sectors = people(), SECTORS[: plan.sectors]
    texts = tuple(shortened(grid, plan.criteria) for grid in GRIDS)
    cases = {s.id: CASES[i % len(CASES)] for i, s in enumerate(sectors)}
    rows, roles = _brands(plan, sectors)
    levels = _levels(roles, cases, np.random.default_rng((seed, 1)))
    by_id = {text.id: grid_truth(text) for text in texts}
    return Truth(
        seed=seed, plan=plan, population=population, sectors=sectors, cases=cases,
        brand_rows=tuple(rows), grid_texts=texts, grids={c: by_id[GRID_OF[c]] for c in TESTED},
        survey={w: survey_truth(w, population, sectors, standing(rows, FIELD[w][0])) for w in WAVES},
        mystery={wave: _mystery(plan, wave, rows, levels, roles) for wave in WAVES},
        reviews=_reviews(plan, rows, seed), desk={wave: desk_truth(wave) for wave in WAVES},
    )  # fmt: skip


def grid_truth(text: GridText) -> GridTruth:
    """A grid as arrays, with hardnesses of mean zero over the criteria that always apply."""
    items = [item for d in text.dimensions for item in d.items]
    dimension = np.repeat(np.arange(len(text.dimensions)), [len(d.items) for d in text.dimensions])
    weight = np.array([float(item.weight) for item in items])
    leaves = np.array([item.may_not_apply for item in items])
    hardness = np.where(leaves, 0.0, 0.3 * np.cos(1.7 * np.arange(len(items))))
    for d in range(len(text.dimensions)):
        own = (dimension == d) & ~leaves
        hardness[own] -= np.average(hardness[own], weights=weight[own])
    shares = np.array([float(d.weight) for d in text.dimensions])
    return GridTruth(
        ids=tuple(item.id for item in items), dimension=dimension, out_of=np.array([item.out_of for item in items]),
        weight=weight, needs_reply=np.array([item.needs_reply for item in items]), may_not_apply=leaves,
        hardness=hardness, dimension_weight=shares / shares.sum(),
    )  # fmt: skip


def _brands(plan: Plan, sectors: tuple[Sector, ...]) -> tuple[list[BrandRow], Roles]:
    """The list of brands in time, and for each brand its sector and its place there."""
    roles: Roles = {}
    rows: list[BrandRow] = []
    sizes = [plan.brands // len(sectors) + (i < plan.brands % len(sectors)) for i in range(len(sectors))]
    places = [(s, k) for s, size in zip(sectors, sizes, strict=True) for k in range(size)]
    for number, (sector, place) in enumerate(places):
        name = brand_name(number)
        roles[brand_id(name)] = (sector.id, place)
        rows.append(BrandRow(brand_id(name), name, sector.id, aliases=plain(name) if place % 3 == 0 else ""))
    below = sectors[2 % len(sectors)].id
    merged = next(r for r in rows if roles[r.id] == (below, 1))
    moved = next(r for r in rows if roles[r.id] == (below, 2))
    gone = brand_name(plan.brands)
    roles[brand_id(gone)] = (below, 3)
    return sorted(
        itertools.chain(
            (r for r in rows if r not in (merged, moved)),
            [BrandRow(brand_id(gone), gone, below, until=_DAY_BEFORE[MERGED_ON])],
            _two_periods(merged, MERGED_ON, below, succeeds=brand_id(gone)),
            _two_periods(moved, MOVED_ON, sectors[0].id),
        ),
        key=lambda row: (row.id, row.start),
    ), roles


def _two_periods(row: BrandRow, day: str, sector_before: str, succeeds: str = "") -> list[BrandRow]:
    return [
        BrandRow(row.id, row.name, sector_before, row.aliases, until=_DAY_BEFORE[day]),
        BrandRow(row.id, row.name, row.sector, row.aliases, start=day, succeeds=succeeds),
    ]


def _levels(
    roles: Roles, cases: dict[str, str], rng: np.random.Generator
) -> dict[str, dict[str, tuple[Floats, Floats]]]:
    """By wave and brand: the level by channel × dimension, and the chance of a reply by channel."""
    found: dict[str, dict[str, tuple[Floats, Floats]]] = {wave: {} for wave in WAVES}
    for brand, (sector, place) in roles.items():
        case = cases[sector]
        tied = case == "ties" and place < 3
        own = rng.normal(0, 0.12, size=(len(TESTED), 3)) * (not tied)
        reply = np.clip(_REPLY + rng.uniform(-0.05, 0.05, len(TESTED)) * (not tied), None, 1.0)
        drifts = rng.normal(0, 0.01, len(WAVES)) * (not tied)
        skill = _skill(case, place, rng.uniform())
        for wave, drift in zip(WAVES, drifts, strict=True):
            gain = IMPROVED if wave == "2024" and case == "plain" and place == 3 else 0.0
            logit = np.log((skill + drift + gain) / (1 - skill - drift - gain))
            moved = logit + _CHANNEL_SHIFT[:, None] + _DIMENSION_SHIFT + own
            found[wave][brand] = (1 / (1 + np.exp(-moved)), reply)
    return found


def _skill(case: str, place: int, luck: float) -> float:
    """The level of a brand around which its channels and dimensions turn."""
    if case == "winner":
        return 0.90 if place == 0 else 0.62 + 0.12 * luck
    if case == "ties":
        return 0.82 if place < 3 else 0.55 + 0.15 * luck
    return (0.42 + 0.14 * luck) if case == "below" else (0.58 + 0.22 * luck)


def _mystery(
    plan: Plan, wave: str, rows: list[BrandRow], levels: dict[str, dict[str, tuple[Floats, Floats]]], roles: Roles
) -> MysteryTruth:
    brands = standing(rows, FIELD[wave][0])
    tests = np.tile(np.array([plan.tests[c] for c in TESTED]), (len(brands), 1))
    first, second = SECTORS[0].id, SECTORS[min(1, plan.sectors - 1)].id
    for place, brand in enumerate(brands):
        if roles[brand.id] == (first, 3):
            tests[place, TESTED.index("chat")] = 0
        if roles[brand.id] == (second, 5):
            tests[place] = (FEW_TESTS // 2, FEW_TESTS // 2, 0, 0, 0, 0)
    level, reply = (np.stack([levels[wave][b.id][part] for b in brands]) for part in (0, 1))
    return MysteryTruth(wave, brands, level, reply, tests, NAMED, WARMTH)


def _reviews(plan: Plan, rows: list[BrandRow], seed: int) -> dict[str, ReviewTruth]:
    """The reviews of every wave: brands keep their place among the most reviewed."""
    by_wave = {wave: standing(rows, FIELD[wave][0]) for wave in WAVES}
    lasting = sorted(set.intersection(*({b.id for b in brands} for brands in by_wave.values())))
    order = tuple(np.random.default_rng((seed, 4)).permutation(lasting).tolist())
    return {w: review_truth(w, total, by_wave[w], order, seed) for w, total in zip(WAVES, plan.reviews, strict=True)}


def standing(rows: list[BrandRow], day: date) -> tuple[PlantedBrand, ...]:
    """The brands of a day."""
    text = day.isoformat()
    return tuple(
        PlantedBrand(r.id, r.name, r.sector) for r in rows
        if (not r.start or r.start <= text) and (not r.until or text <= r.until)
    )  # fmt: skip
