"""The people of `columns_overlap.csv`, who used e-mail, telephone, or both, as a study: columns that share people."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from line import study_folder

REFERENCE = Path(__file__).parent / "reference"
HAPPY = {
    "scale": ("kind: scale, scale: {from: 0, to: 1, low: l, high: h}", "1"),
    "yes_no": ("kind: single, options: {y: Happy, n: Not}", "y"),
}
STUDY = """
study: overlap
title: Overlap
languages: [en]
channels: [LISTED]
questions:
  - {id: used, kind: multiple, label: Used, options: channels}
  - {id: happy, KIND, label: Happy, per: {channel: used}}
  - {id: overall, kind: scale, label: Overall, scale: {from: 0, to: 1, low: l, high: h}}
indicators:
  - {id: satisfied, share: happy == GOOD, by: channel}
  - {id: content, share: overall == 1}
banner: [used]
show: {level: LEVEL}
imports:
  people: {respondent: person, weight: w, columns: {used: "used_{option}", happy: "happy_{channel}"}}
waves: [{id: w, weights: as_given, files: {survey: {path: survey.csv, import: people}}}]
"""


def write_channels(
    folder: Path,
    level: float,
    *,
    happy: Literal["scale", "yes_no"] = "scale",
    listed: Sequence[str] = ("email", "phone"),
) -> Path:
    """A study of these people at a level of confidence.

    `happy` is asked per channel as a scale from 0 to 1 or as an answer; channels that are listed and that nobody used
    stand empty.
    """
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    with (REFERENCE / "columns_overlap.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows[row["id"]] |= {row["ch"]: row["s"], "w": row["w"]}
    said = {"0": "0", "1": "1"} if happy == "scale" else {"0": "n", "1": "y"}
    lines = [",".join(["person", "w", *(f"used_{c}" for c in listed), *(f"happy_{c}" for c in listed), "overall"])]
    for person, row in rows.items():
        used, marks = [str(int(c in row)) for c in listed], [said[row[c]] if c in row else "" for c in listed]
        lines.append(",".join([person, row["w"], *used, *marks, next(row[c] for c in listed if c in row)]))
    kind, good = HAPPY[happy]
    text = STUDY.replace("LISTED", ", ".join(listed)).replace("KIND", kind).replace("GOOD", good)
    text = text.replace("LEVEL", repr(level))
    return study_folder(folder, {"study.yaml": text, "survey.csv": "\n".join(lines) + "\n"})
