"""The hash of a study: what a release depends on beside its files and the software."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from vigie.study.model import Margin, Study


def study_digest(study: Study) -> str:
    """The hash of everything that the study says, whatever its layout and comments."""
    return hashlib.sha256(
        json.dumps(_told(study), sort_keys=True, default=str, ensure_ascii=False).encode()
    ).hexdigest()


def _told(study: Study) -> dict[str, Any]:
    return {
        "header": study.header.model_dump(mode="json"),
        "questions": [q.model_dump(mode="json") for q in study.questions.values()],
        "indicators": [i.model_dump(mode="json") for i in study.indicators.values()],
        "drivers": [d.model_dump(mode="json") for d in study.drivers.values()],
        "imports": {k: v.model_dump(mode="json") for k, v in study.imports.items()},
        "waves": [w.model_dump(mode="json") for w in study.waves.values()],
        "brands": [asdict(b) for b in study.brands],
        "grids": {k: g.model_dump(mode="json") for k, g in study.grids.items()},
        "margins": {w: [_margin(m) for m in ms] for w, ms in study.margins.items()},
        "margins_among": {"/".join(k): [_margin(m) for m in ms] for k, ms in study.margins_among.items()},
        "wave_grids": {w: {k: g.model_dump(mode="json") for k, g in gs.items()} for w, gs in study.wave_grids.items()},
        "instruments": {w: [q.model_dump(mode="json") for q in qs.values()] for w, qs in study.instruments.items()},
    }


def _margin(margin: Margin) -> dict[str, Any]:
    """A margin without its place in the file."""
    return {name: value for name, value in asdict(margin).items() if name != "lines"}
