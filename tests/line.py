"""Studies of a few lines for tests: a folder from texts, and the results of its waves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vigie import run


def study_folder(folder: Path, files: Mapping[str, str]) -> Path:
    """A study folder with these files, by name."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def results(folder: Path) -> dict[str, dict[str, Any]]:
    """`results.json` of every wave."""
    published = run.run(folder, formats=["html"])
    return {p.wave: json.loads((p.folder / "results.json").read_text(encoding="utf-8")) for p in published}


def figure(found: Mapping[str, Any], indicator: str, **segment: str) -> dict[str, Any]:
    """The one figure of an indicator and a segment."""
    (one,) = (e for e in found["estimates"] if e["indicator"] == indicator and e["segment"] == segment)
    return dict(one)


def league(found: Mapping[str, Any], family: str) -> dict[str, Any]:
    (one,) = (item for item in found["leagues"] if item["family"] == family)
    return dict(one)
