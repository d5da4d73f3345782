"""What a wave holds of one indicator: its figure on the whole, of its parts, of groups, and of parts in groups."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from vigie.results.figures import Estimate, Source, Unit

Kind = Literal["share", "mean", "nps", "gap", "funnel", "index", "mentions", "time_to", "score"]
Key = tuple[str, str]  # source and indicator: a survey and a mystery figure are never one series
GAP, STATE, WITHIN, STATISTIC = "gap", "state", "within", "statistic"  # the parts that no question gives
SCORE = "mystery_score"
_BY_PART: dict[str, Kind] = {GAP: "gap", STATE: "funnel", WITHIN: "time_to"}
_BY_UNIT: dict[Unit, Kind] = {"score": "score", "index": "index", "nps": "nps", "mean": "mean"}


@dataclass(frozen=True)
class Measure:
    """The figures of one indicator of one source, in the order of the results."""

    estimates: tuple[Estimate, ...]

    @property
    def first(self) -> Estimate:
        return self.estimates[0]

    @property
    def source(self) -> Source:
        return self.first.source

    @property
    def key(self) -> Key:
        return self.first.source, self.first.indicator

    @property
    def coded(self) -> bool:
        """Whether an automatic reading of texts made it."""
        return any(e.lineage.coder for e in self.estimates)

    @functools.cached_property
    def kind(self) -> Kind:
        """The kind of indicator, as its expression says, or else its parts and units."""
        written = re.match(r"(\w+): ", self.first.lineage.expression)
        if written and written[1] in get_args(Kind):
            return cast("Kind", written[1])
        parts = (_BY_PART[e.part] for e in self.estimates if e.part in _BY_PART)
        units = (_BY_UNIT[e.unit] for e in self.estimates if e.unit in _BY_UNIT)
        return next(iter((*parts, *units)), "share")

    @property
    def asked(self) -> str:
        """The question that it gives whole, an option or a mark each; nothing where it is a condition."""
        found = re.fullmatch(r"(?:\w+: )?([A-Za-z_]\w*)", self.first.lineage.expression)
        return found[1] if found else ""

    @functools.cached_property
    def whole(self) -> Estimate | None:
        """The figure on everything, where there is one without parts."""
        return next((e for e in self.estimates if not e.segment), None)

    @functools.cached_property
    def parts(self) -> Mapping[str, Mapping[str, Estimate]]:
        """The figures on everything, by what they are parts of, then by code."""
        found: dict[str, dict[str, Estimate]] = {}
        for e in self.estimates:
            if e.part and len(e.segment) == 1 and e.segment[0][0] == e.part:
                found.setdefault(e.part, {})[e.segment[0][1]] = e
        return found

    def part(self, name: str) -> Mapping[str, Estimate]:
        return self.parts.get(name, {})

    @property
    def answers(self) -> Mapping[str, Estimate]:
        """The parts that a reader is shown side by side: answers, states, brands, items."""
        return next((found for name, found in self.parts.items() if name != STATISTIC), {})

    @functools.cached_property
    def items(self) -> Mapping[str, Mapping[str, Estimate]]:
        """Of a grid asked whole, the answers to each item on everything: by item, then by option or mark."""
        found: dict[str, dict[str, Estimate]] = {}
        for e in self.estimates:
            if len(e.segment) == 2 and (code := marked(e)):
                found.setdefault(e.at(e.part) or "", {})[code] = e
        return found

    @functools.cached_property
    def groups(self) -> Mapping[str, Mapping[str, Estimate]]:
        """The figures without parts by one dimension: of each channel, brand, sector, platform."""
        found: dict[str, dict[str, Estimate]] = {}
        for e in self.estimates:
            if len(e.segment) == 1 and e.segment[0][0] != e.part:
                found.setdefault(e.segment[0][0], {})[e.segment[0][1]] = e
        return found

    @functools.cached_property
    def crossed(self) -> Mapping[str, Mapping[str, Mapping[tuple[str, str], Estimate]]]:
        """The parts in each group: by dimension, then by code, then by (part, code)."""
        found: dict[str, dict[str, dict[tuple[str, str], Estimate]]] = {}
        for e in self.estimates:
            if len(e.segment) != 2 or not e.part or e.at(e.part) is None or marked(e):
                continue
            dimension, code = next(((d, c) for d, c in e.segment if d != e.part), ("", ""))
            if dimension:
                found.setdefault(dimension, {}).setdefault(code, {})[e.part, e.at(e.part) or ""] = e
        return found


def marked(e: Estimate) -> str:
    """The option or mark of a figure on one item of a grid asked whole: its segment has the item and the answer."""
    return e.at(f"{e.part}_{e.at(e.part)}") or "" if e.part else ""


def gather(estimates: Iterable[Estimate]) -> dict[Key, Measure]:
    """The estimates of a wave by source and indicator."""
    found: dict[Key, list[Estimate]] = {}
    for e in estimates:
        found.setdefault((e.source, e.indicator), []).append(e)
    return {key: Measure(tuple(es)) for key, es in found.items()}
