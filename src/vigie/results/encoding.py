"""Records as JSON: `results.json` of a wave, and a comparison of two."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from vigie.results.figures import Estimate, Lineage, family
from vigie.results.waves import Comparison, WaveResults


def to_json(results: WaveResults) -> str:
    """`results.json`: one record per estimate, the leagues, the weighting, the exclusions; no clock time inside.

    Each record of a list stands on a line of its own, so that two releases can be compared line by line.
    """
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_shallow).encode

    def listed(value: Any) -> str:
        several = isinstance(value, (list, tuple)) and any(not isinstance(v, (str, int, float)) for v in value)
        return "[\n" + ",\n".join(map(encode, value)) + "\n]" if several else encode(value)

    return "{\n" + ",\n".join(f"{encode(k)}: {listed(v)}" for k, v in _shallow(results).items()) + "\n}\n"


def plain(record: Any) -> Any:
    """Records, tuples and mappings as what JSON can hold; a segment becomes an object."""
    return _plain(record, {})


def compared(comparison: Comparison) -> dict[str, Any]:
    """A comparison as what JSON can hold: the instrument, the trends that break or go on, and every change."""
    now, was = comparison.now, comparison.was()
    changes = []
    for e in now.estimates:
        then = was.get(e.place)
        if e.change is not None and then is not None:
            told = {n: getattr(e, n) for n in ("source", "indicator", "unit", "n", "flag")}
            values = {"label": plain(e.label), "segment": dict(e.segment), "before": then.value, "now": e.value}
            changes.append(told | values | {"n_before": then.n, "family": family(e), "change": plain(e.change)})
    broken = {
        (c["source"], c["indicator"], c["change"]["reason"]) for c in changes if c["change"]["verdict"] == "break"
    }
    return {
        "study": now.study, "before": comparison.before.wave, "now": now.wave, "version": now.version,
        "differences": plain(now.differences), "shared": plain(now.shared), "linked": plain(now.linked),
        "broken": [{"source": s, "indicator": i, "reason": r} for s, i, r in sorted(broken)],
        "changes": changes, "mixes": plain(now.mixes),
    }  # fmt: skip


def _plain(record: Any, lineages: dict[int, Any]) -> Any:
    """`lineages` holds what was made already: many figures share one lineage."""
    if record is None or isinstance(record, (str, int, float)):
        return record
    if isinstance(record, Lineage) and id(record) in lineages:
        return lineages[id(record)]
    if isinstance(record, Mapping) or dataclasses.is_dataclass(record):
        made = {str(k): _plain(v, lineages) for k, v in _shallow(record).items()}
        if isinstance(record, Lineage):
            lineages[id(record)] = made
        return made
    return [_plain(v, lineages) for v in record]


def _shallow(record: Any) -> dict[str, Any]:
    """One record as a mapping, the records inside as they are; a segment becomes an object."""
    if isinstance(record, Mapping):
        return dict(record)
    made = {name: getattr(record, name) for name in _told(record.__class__)}
    if isinstance(record, Estimate):
        made["segment"] = dict(record.segment)
    return made


@cache
def _told(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a record that may be written."""
    return tuple(f.name for f in dataclasses.fields(kind) if not f.metadata.get("untold"))
