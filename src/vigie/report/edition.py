"""One wave as a report reads it: its results, the waves before it, and the words of one language."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from vigie.language import Words
from vigie.report.blocks import Figure
from vigie.results import Estimate, League, WaveResults, pick

CHANNEL, BRAND, SECTOR = "channel", "brand", "sector"
Key = tuple[str, str]  # source and indicator: a survey and a mystery figure are never one series


@dataclass(frozen=True)
class Edition:
    results: WaveResults
    earlier: tuple[WaveResults, ...]  # oldest first
    words: Words

    def label(self, key: str) -> str:
        text = self.words.typeset(self.results.label(key, self.words.code))
        # a name written from right to left keeps to itself, and does not turn its neighbours round
        return f"\u2068{text}\u2069" if any(unicodedata.bidirectional(c) in ("R", "AL") for c in text) else text

    def labels(self, prefix: str, codes: Iterable[str]) -> list[str]:
        return [self.label(f"{prefix}:{code}") for code in codes]

    def indicator(self, estimate: Estimate) -> str:
        """The indicator's name, from the study's labels or from the estimate itself."""
        key = f"indicator:{estimate.indicator}"
        if key in self.results.labels:
            return self.label(key)
        return self.words.typeset(pick(estimate.label, self.words.code) or estimate.indicator)

    @functools.cached_property
    def shapes(self) -> dict[tuple[str, ...], list[Estimate]]:
        """The estimates by the dimensions of their segment, in the order of the results."""
        found: dict[tuple[str, ...], list[Estimate]] = {}
        for estimate in self.results.estimates:
            found.setdefault(tuple(sorted(name for name, _ in estimate.segment)), []).append(estimate)
        return found

    def whole(self) -> dict[Key, Estimate]:
        """The figures on everybody."""
        return {(e.source, e.indicator): e for e in self.shapes.get((), ())}

    def by(self, dimension: str) -> dict[Key, dict[str, Estimate]]:
        """Per indicator, the figures of one dimension alone, by code."""
        found: dict[Key, dict[str, Estimate]] = {}
        for e in self.shapes.get((dimension,), ()):
            found.setdefault((e.source, e.indicator), {})[e.at(dimension) or ""] = e
        return found

    def figure(self, estimate: Estimate, *, with_base: bool = False) -> Figure:
        """A number for the reader: hidden without a trace, changed only as far as it was tested."""
        n = estimate.n if with_base else None
        if estimate.flag == "hidden" or estimate.value is None:
            return Figure(None, estimate.unit, estimate.decimals, "hidden", n=n, why=self.why_hidden(estimate))
        change, before = estimate.change, None
        verdict = change.verdict if change else "untested"
        if change and change.difference is not None and verdict in ("up", "down", "none"):
            before = estimate.value - change.difference
        return Figure(
            estimate.value,
            estimate.unit,
            estimate.decimals,
            estimate.flag,
            estimate.ci_low,
            estimate.ci_high,
            n,
            before,
            verdict,
        )

    def why_hidden(self, estimate: Estimate) -> str:
        if estimate.n == 0:
            return self.words.gettext("nobody asked") if estimate.source == "survey" else self.words.gettext("no test")
        if estimate.source == "survey":
            return self.words.gettext("base < {n}", n=self.words.count(self.results.hide))
        return self.words.gettext("too few tests")

    @functools.cached_property
    def usage(self) -> Key | None:
        """The share of people that every channel reaches: the same base for all channels, printed first."""
        for key, figures in self.by(CHANNEL).items():
            same = len({e.n for e in figures.values()}) == 1
            people = not any(looped(e) for e in figures.values())
            if key[0] == "survey" and same and people and all(e.unit == "share" for e in figures.values()):
                return key
        return None

    @functools.cached_property
    def channels(self) -> list[str]:
        """Channels from the most to the least used, or asked about, or tested."""
        tables = self.by(CHANNEL)
        codes = list(dict.fromkeys(code for figures in tables.values() for code in figures))
        use = tables.get(self.usage, {}) if self.usage else {}

        def weight(code: str) -> tuple[float, int]:
            share = use[code].value if code in use else None
            return (share or 0.0), max(
                (t[code].n for k, t in tables.items() if code in t and k != self.usage), default=0
            )

        return sorted(codes, key=weight, reverse=True)

    def moves(self) -> list[Estimate]:
        """The changes that may be told: tested, significant, on a base that is neither hidden nor fragile."""
        told = [*self.shapes.get((), ()), *self.shapes.get((CHANNEL,), ())]
        return [e for e in told if self.figure(e).moved and e.change is not None and e.change.difference is not None]

    def tested(self) -> list[Estimate]:
        """The figures of the whole and of the channels whose change was tested."""
        told = [*self.shapes.get((), ()), *self.shapes.get((CHANNEL,), ())]
        return [e for e in told if e.change is not None and e.change.verdict in ("up", "down", "none")]

    def sectors(self) -> list[League]:
        return [league for league in self.results.leagues if league.family != "all"]

    def family(self, league: League) -> str:
        """The name of a league's family."""
        return self.words.gettext("All sectors") if league.family == "all" else self.label(league.family)


def looped(estimate: Estimate) -> bool:
    """Whether a figure stands on evaluations, several to a person, rather than on people."""
    return estimate.source == "survey" and estimate.grain not in ("", "person", "people", "respondent", "respondents")
