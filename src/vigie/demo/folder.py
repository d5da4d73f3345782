"""Writing a demonstration study: a folder that an analyst could have made, and the truth that it was drawn from."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, Literal

import numpy as np

from vigie.demo import export
from vigie.demo.criteria import GridText, Item
from vigie.demo.missions import CAMPAIGN, PLAIN, write_tests
from vigie.demo.mistakes import spoil_survey
from vigie.demo.mystery import INVALID_RATE
from vigie.demo.planting import plant
from vigie.demo.population import MARGINS
from vigie.demo.survey import draw_survey
from vigie.demo.truth import MODES, SIZES, TESTED, THRESHOLD, WAVES, Truth
from vigie.demo.values import channel_scores, channel_weights, domains, true_ranks, true_scores, true_values
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
        rows[wave]["tests"] = write_tests(folder / "data" / wave / "tests.csv", truth, wave, dialect, rng)
    record = truth_record(truth, size, rows)
    _text(folder / "truth.json", json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    return folder


def write_study(folder: Path, truth: Truth) -> None:
    """The study without its data: what is asked, of whom, about whom."""
    templates = files("vigie.demo") / "templates"
    text = Template((templates / "study.yaml").read_text(encoding="utf-8"))
    _text(folder / "study.yaml", text.substitute(
        sectors=_labelled(truth, "  "), options=_labelled(truth, "      "),
        sector_codes=", ".join(f"{n}: {s.id}" for n, s in enumerate(truth.sectors, start=1)),
    ))  # fmt: skip
    for wave in ("2022", "2023"):
        _text(folder / "instruments" / f"{wave}.yaml", (templates / f"{wave}.yaml").read_text(encoding="utf-8"))
    for grid in truth.grid_texts:
        _text(folder / "grids" / f"{grid.id}.yaml", grid_yaml(grid))
    brands = [["brand", "name", "sector", "aliases", "from", "until", "succeeds"]]
    brands += [[r.id, r.name, r.sector, r.aliases, r.start, r.until, r.succeeds] for r in truth.brand_rows]
    _table(folder / "brands.csv", brands)
    shares = [[name, key, f"{part:.2f}"] for name, listed in MARGINS.items() for key, part in listed.items()]
    for wave in WAVES:
        _table(folder / "margins" / f"{wave}.csv", [["variable", "category", "share"], *shares])


def write_survey(path: Path, truth: Truth, wave: str, rng: np.random.Generator) -> dict[str, Any]:
    """Draws and writes the survey of a wave; says what the file holds."""
    complete = truth.plan.respondents
    unfinished = round(complete * UNFINISHED_RATE)
    status = np.full(complete + unfinished, export.COMPLETE)
    cut = rng.choice(len(status), size=unfinished, replace=False)
    status[cut] = rng.choice([export.PARTIAL, export.SCREENED_OUT], size=unfinished)
    drawn = export.interrupted(draw_survey(truth, wave, len(status), rng), status)
    about = export.paradata(wave, status, rng)
    by_telephone = MODES[wave] == "phone"
    table = export.telephone(wave, truth, drawn, about) if by_telephone else export.web_panel(wave, drawn, about)
    mistakes = spoil_survey(table, rng)
    lines = [list(table), *(list(row) for row in zip(*table.values(), strict=True))]
    _table(path, lines, **({"delimiter": ";", "encoding": "cp1252"} if by_telephone else {}))
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


def _labelled(truth: Truth, indent: str) -> str:
    return "\n".join(f'{indent}{s.id}: {{fr: "{s.fr}", en: "{s.en}"}}' for s in truth.sectors)


def truth_record(truth: Truth, size: str, rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What was planted and what the files hold, for comparison with what a run finds."""
    return {
        "seed": truth.seed, "size": size, "threshold": THRESHOLD, "sectors": truth.cases,
        "changes_2023_2024": {"up": [["usage", "messaging"], ["messaging_young", ""]],
                              "down": [["usage", "phone"], ["satisfied", "chatbot"]], "break": ["easy"]},
        "waves": {wave: {"survey": _survey_record(truth, wave) | rows[wave]["survey"],
                         "mystery": _mystery_record(truth, wave) | rows[wave]["tests"]} for wave in WAVES},
    }  # fmt: skip


def _survey_record(truth: Truth, wave: str) -> dict[str, Any]:
    parts = {f"{variable}={category}": _nested(truth, wave, (variable, category)) for variable, category in domains()}
    return {"values": _nested(truth, wave, None), "domains": parts}


def _nested(truth: Truth, wave: str, domain: tuple[str, str] | None) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for (indicator, segment), value in true_values(truth, wave, domain).items():
        found.setdefault(indicator, {})[segment] = value
    return found


def _mystery_record(truth: Truth, wave: str) -> dict[str, Any]:
    planted, scores, ranks = truth.mystery[wave], true_scores(truth, wave), true_ranks(truth, wave)
    by_channel = channel_scores(truth, wave)
    return {
        "channel_weights": dict(zip(TESTED, channel_weights(truth, wave).tolist(), strict=True)),
        "invalid_rate": INVALID_RATE,
        "brands": {
            brand.id: {
                "sector": brand.sector,
                "score": scores[brand.id],
                "rank": list(ranks[brand.id]) if brand.id in ranks else None,
                "tests": int(planted.tests[place].sum()),
                "channels": {
                    c: {"score": float(by_channel[place, j]), "reply": float(planted.reply[place, j])}
                    for j, c in enumerate(TESTED) if planted.tests[place, j]
                },
            }
            for place, brand in enumerate(planted.brands)
        },
    }  # fmt: skip


def _table(path: Path, rows: list[list[str]], *, delimiter: str = ",", encoding: str = "utf-8") -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    _text(path, text.getvalue(), encoding=encoding)


def _text(path: Path, text: str, *, encoding: str = "utf-8") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
