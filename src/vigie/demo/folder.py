"""Writing a demonstration study: a folder that an analyst could have made, and the truth that it was drawn from."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, Literal

import numpy as np

from vigie.demo import export
from vigie.demo.criteria import GridText, Item
from vigie.demo.desk import write_log
from vigie.demo.experience import draw_experience
from vigie.demo.missions import CAMPAIGN, PLAIN, write_tests
from vigie.demo.mistakes import spoil_survey
from vigie.demo.planting import plant
from vigie.demo.population import MARGINS
from vigie.demo.record import truth_record
from vigie.demo.review_files import write_reviews
from vigie.demo.survey import draw_survey
from vigie.demo.tables import lines, table, write
from vigie.demo.truth import MODES, PUBLISHED, SIZES, WAVES, Truth
from vigie.demo.values import MEDIATED_SECTORS
from vigie.errors import failure

Progress = Callable[[str], None]
UNFINISHED_RATE = 0.04


def write_demo(
    folder: Path, *, size: Literal["small", "full"] = "full", seed: int = 2024, progress: Progress | None = None
) -> Path:
    """Writes a demonstration study into a folder and returns it. The same size and seed give the same bytes."""
    if size not in SIZES:
        raise failure("usage", f'There is no demonstration of size "{size}".', f"There are: {', '.join(SIZES)}.")
    say = progress or (lambda _: None)
    say("planting the truth")
    truth = plant(SIZES[size], seed=seed)
    try:
        return _write(folder, truth, size, say)
    except OSError as error:
        raise failure("cannot-write", f"The study cannot be written: {error.strerror}.", file=str(folder)) from error


def _write(folder: Path, truth: Truth, size: str, say: Progress) -> Path:
    say("writing the study")
    write_study(folder, truth)
    rows: dict[str, dict[str, Any]] = {}
    for number, wave in enumerate(WAVES):
        (folder / "data" / wave).mkdir(parents=True, exist_ok=True)
        say(f"drawing the survey of {wave}")
        rng = np.random.default_rng((truth.seed, 2, number))
        rows[wave] = {"survey": write_survey(folder / "data" / wave / "survey.csv", truth, wave, rng)}
        say(f"drawing the mystery tests of {wave}")
        rng = np.random.default_rng((truth.seed, 3, number))
        dialect = CAMPAIGN if wave == "2022" else PLAIN
        rows[wave]["mystery"] = write_tests(folder / "data" / wave / "tests.csv", truth, wave, dialect, rng)
        say(f"drawing the reviews and the contact log of {wave}")
        rng = np.random.default_rng((truth.seed, 6, number))
        rows[wave]["reviews"] = write_reviews(folder / "data" / wave / "reviews.csv", truth, wave, rng)
        rng = np.random.default_rng((truth.seed, 7, number))
        rows[wave]["log"] = write_log(folder / "data" / wave / "log.csv", truth, wave, rng)
    record = truth_record(truth, size, rows)
    write(folder / "truth.json", json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    return folder


def write_study(folder: Path, truth: Truth) -> None:
    """The study without its data: what is asked, of whom, about whom."""
    templates = files("vigie.demo") / "templates"
    text = Template((templates / "study.yaml").read_text(encoding="utf-8"))
    write(folder / "study.yaml", text.substitute(
        sectors=_labelled(truth, "  "), options=_labelled(truth, "      "),
        sector_codes=", ".join(f"{n}: {s.id}" for n, s in enumerate(truth.sectors, start=1)),
        mediation=_mediation(truth),
    ))  # fmt: skip
    write(folder / "data" / PUBLISHED / "figures.csv", (templates / "figures.csv").read_text(encoding="utf-8"))
    for wave in ("2022", "2023"):
        write(folder / "instruments" / f"{wave}.yaml", (templates / f"{wave}.yaml").read_text(encoding="utf-8"))
    for grid in truth.grid_texts:
        write(folder / "grids" / f"{grid.id}.yaml", grid_yaml(grid))
    brands = [["brand", "name", "sector", "aliases", "from", "until", "succeeds"]]
    brands += [[r.id, r.name, r.sector, r.aliases, r.start, r.until, r.succeeds] for r in truth.brand_rows]
    table(folder / "brands.csv", brands)
    shares = [[name, key, f"{part:.2f}"] for name, listed in MARGINS.items() for key, part in listed.items()]
    for wave in WAVES:
        table(folder / "margins" / f"{wave}.csv", [["variable", "category", "share"], *shares])


def write_survey(path: Path, truth: Truth, wave: str, rng: np.random.Generator) -> dict[str, Any]:
    """Draws and writes the survey of a wave; says what the file holds."""
    complete = truth.plan.respondents
    unfinished = round(complete * UNFINISHED_RATE)
    status = np.full(complete + unfinished, export.COMPLETE)
    cut = rng.choice(len(status), size=unfinished, replace=False)
    status[cut] = rng.choice([export.PARTIAL, export.SCREENED_OUT], size=unfinished)
    drawn = draw_survey(truth, wave, len(status), rng)
    if MODES[wave] != "phone":  # these questions are asked on the web
        own = np.random.default_rng((truth.seed, 8, WAVES.index(wave)))
        drawn |= draw_experience(drawn["used.none"] == 0, own)
    drawn = export.interrupted(drawn, status)
    about = export.paradata(wave, status, rng)
    by_telephone = MODES[wave] == "phone"
    cells = export.telephone(wave, truth, drawn, about) if by_telephone else export.web_panel(wave, drawn, about)
    mistakes = spoil_survey(cells, rng)
    table(path, lines(cells), **({"delimiter": ";", "encoding": "cp1252"} if by_telephone else {}))
    return {"rows": len(status), "kept": complete, "mistakes": [m.record() for m in mistakes]}


def grid_yaml(grid: GridText) -> str:
    """A grid as an analyst writes it."""
    lines = [
        "# A dimension is the mean of its criteria (mark / out_of); a test is the weighted mean of its dimensions.",
        f"grid: {grid.id}",
        'version: "1"',
        f'label: {{fr: "{grid.fr}", en: "{grid.en}"}}',
        "dimensions:",
    ]
    for d in grid.dimensions:
        lines += [f"  - id: {d.id}", f'    label: {{fr: "{d.fr}", en: "{d.en}"}}', f"    weight: {d.weight}"]
        lines.append("    criteria:")
        lines += [f"      - {{{_item(item)}}}" for item in d.items]
    return "\n".join(lines) + "\n"


def _item(item: Item) -> str:
    parts = [f"id: {item.id}", f'label: {{fr: "{item.fr}", en: "{item.en}"}}', f"out_of: {item.out_of}"]
    parts += [f"weight: {item.weight}"] if item.weight != 1 else []
    return ", ".join(parts + ([] if item.needs_reply else ["needs_reply: false"]))


def _mediation(truth: Truth) -> str:
    """An indicator on the use of mediators for each sector of which it is told."""
    return "\n".join(
        f'  - {{id: mediation_{s.id}, share: "mediator == yes", base: "last_sector == {s.id}", '
        f'base_label: {{fr: "dernier contact : {s.fr}", en: "last contact: {s.en}"}}, '
        f'label: {{fr: "Ont saisi un médiateur : {s.fr}", en: "Went to a mediator: {s.en}"}}}}'
        for s in truth.sectors if s.id in MEDIATED_SECTORS
    )  # fmt: skip


def _labelled(truth: Truth, indent: str) -> str:
    return "\n".join(f'{indent}{s.id}: {{fr: "{s.fr}", en: "{s.en}"}}' for s in truth.sectors)
