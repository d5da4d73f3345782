"""One truth, and the studies that are drawn from it: each is written to files and goes down the whole line."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vigie.demo.folder import write_study, write_survey
from vigie.demo.missions import PLAIN, write_tests
from vigie.demo.planting import plant
from vigie.demo.population import MARGINS
from vigie.demo.truth import TESTED, Plan, Truth
from vigie.engine.on_duckdb import DuckDB
from vigie.engine.session import Session
from vigie.engine.wave import compute
from vigie.results.waves import WaveResults
from vigie.run import freeze, load
from vigie.study.indicators import Indicator
from vigie.study.model import Study
from vigie.study.waves import Wave

WAVES = ("2023", "2024")  # two waves by one mode, so that they compare
SECTORS, BRANDS = 4, 28
TESTS = (40, 24, 20, 14, 12, 10)  # of every other brand, by channel; the rest have half as many
CRITERIA = (3, 4, 3)


@dataclass(frozen=True)
class World:
    """What is true, and the study that asks for it."""

    truth: Truth
    study: Study


def build(people: int, seed: int) -> World:
    """A truth, and its study with the waves that are simulated and every margin in the banner."""
    plan = Plan(people, SECTORS, BRANDS, dict(zip(TESTED, TESTS, strict=True)), CRITERIA)
    truth = plant(plan, seed=seed)
    mystery = {wave: replace(planted, tests=planted.tests.copy()) for wave, planted in truth.mystery.items()}
    for planted in mystery.values():
        planted.tests[1::2] //= 2
    truth = replace(truth, mystery=mystery)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_study(folder, truth)
        for wave in truth.survey:  # the files that the study names must be there, whatever they hold
            (folder / "data" / wave).mkdir(parents=True)
            for file in ("survey.csv", "tests.csv", "reviews.csv", "log.csv"):
                (folder / "data" / wave / file).touch()
        study = load(folder)
    header = study.header.model_copy(update={"banner": list(MARGINS)})
    asked = {name: indicator for name, indicator in study.indicators.items() if _exact(indicator)}
    waves = {wave: _simulated(study.waves[wave]) for wave in WAVES}
    return World(truth, replace(study, header=header, indicators=asked, waves=waves))


def _exact(indicator: Indicator) -> bool:
    """Whether what an indicator estimates is known exactly: no share of texts that a reading finds negative."""
    kinds = indicator.source == "survey" and indicator.kind in ("share", "mean", "nps")
    return kinds and "polarity(" not in indicator.expression


def _simulated(wave: Wave) -> Wave:
    """The wave with the files that are simulated: the survey and the tests."""
    files = wave.files.model_copy(update={"reviews": None, "log": None}) if wave.files else None
    return wave.model_copy(update={"files": files})


def run_study(world: World, seed: int, number: int) -> dict[str, WaveResults]:
    """The results of one study, by wave: data drawn anew, written, read, frozen and computed; nothing stays on disk."""
    found: dict[str, WaveResults] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study = replace(world.study, folder=name)
        for place, wave in enumerate(WAVES):
            data = folder / "data" / wave
            data.mkdir(parents=True)
            survey, tests = (np.random.default_rng((seed, number, place, source)) for source in (1, 2))
            write_survey(data / "survey.csv", world.truth, wave, survey)
            write_tests(data / "tests.csv", world.truth, wave, PLAIN, tests)
            session = Session(freeze(study, study.waves[wave], folder / "out" / wave), DuckDB())
            earlier = list(found.values())
            found[wave] = compute(study, study.waves[wave], session, earlier, lambda _: None)
    return found
