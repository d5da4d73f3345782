"""A real weighted survey as a study: columns are mapped here, labels are read from the file when it runs."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "surveys" / "hdv2003.csv"
MISSING = not DATA.is_file()
WEIGHT = "poids"
BANNER = "occupation"
SINGLES = {"sex": "sexe", "schooling": "nivetud", "occupation": "occup", "standing": "qualif", "work": "trav.satisf"}
LEISURE = ("hard.rock", "lecture.bd", "peche.chasse", "cuisine", "bricol", "cinema", "sport")
NUMBERS = {"age": "age", "siblings": "freres.soeurs", "television": "heures.tv"}

Row = dict[str, str]


def rows() -> list[Row]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def labels(data: Sequence[Row], column: str) -> dict[str, str]:
    """Codes of our own for the labels that a column holds."""
    return {f"o{k}": text for k, text in enumerate(sorted({r[column] for r in data if r[column]}), start=1)}


def definition(data: Sequence[Row]) -> dict[str, Any]:
    """The whole study: cells of single questions are labels, those of the leisure columns say yes or no."""
    singles = [
        {"id": name, "kind": "single", "label": column, "options": labels(data, column)}
        for name, column in SINGLES.items()
    ]
    leisure = {f"o{k}": column for k, column in enumerate(LEISURE, start=1)}
    numbers = [{"id": name, "kind": "numeric", "label": column} for name, column in NUMBERS.items()]
    multiple = {"id": "leisure", "kind": "multiple", "label": "Leisure", "options": leisure}
    shares = [{"id": f"share_{name}", "label": name, "share": name} for name in (*SINGLES, "leisure") if name != BANNER]
    means = [{"id": f"mean_{name}", "label": name, "mean": name, "decimals": 2} for name in NUMBERS]
    file = {"path": "survey.csv", "import": "file"}
    return {
        "study": "leisure",
        "title": "Leisure",
        "languages": ["fr"],
        "questions": [*singles, multiple, *numbers],
        "indicators": [*shares, *means, {"id": "mean_leisure", "mean": "count(leisure)", "base": "any(leisure)"}],
        "banner": [BANNER],
        "imports": {
            "file": {
                "respondent": "id",
                "weight": WEIGHT,
                "columns": {
                    **{name: {"from": column, "labels": True} for name, column in SINGLES.items()},
                    "leisure": {"from": "{option}", "options": {column: code for code, column in leisure.items()}},
                    **NUMBERS,
                },
            }
        },
        "waves": [{"id": "2003", "mode": "face_to_face", "files": {"survey": file}}],
    }


def write_study(folder: Path) -> None:
    """Write the study and its data into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps(definition(rows()), ensure_ascii=False, indent=1)
    (folder / "study.yaml").write_text(told + "\n", encoding="utf-8")  # JSON is YAML
    shutil.copyfile(DATA, folder / "survey.csv")
