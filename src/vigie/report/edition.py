"""One wave as a report reads it: its results, the waves before it, and the words of one language."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf

from vigie.language import Words
from vigie.report.drawings import Figure
from vigie.report.measures import SCORE, STATE, STATISTIC, Key, Measure, gather
from vigie.report.names import Parted, cut, isolated, parted, without_loop
from vigie.report.outcomes import statistic
from vigie.report.parts import named
from vigie.results.figures import Estimate, Segment, Source, pick
from vigie.results.methods import Composition, Wording
from vigie.results.rankings import League
from vigie.results.waves import WaveResults
from vigie.stats.intervals import t_quantile

CHANNEL, BRAND, SECTOR = "channel", "brand", "sector"
Place = tuple[str, str, str, Segment]  # where a figure stands in any wave: source, indicator, part, segment
HALF = 0.5  # of the reviews, from which two brands make the mean of all
HEADING, COLUMN = 80, 44  # the most characters of a name in a heading, and above a column


@dataclass(frozen=True)
class Edition:
    results: WaveResults
    earlier: tuple[WaveResults, ...]  # oldest first
    words: Words

    # names

    def label(self, key: str) -> str:
        """What the study calls a question, an option, a brand; what Vigie calls a part that no question gives."""
        said = "" if key in self.results.labels else named(key, self.words)
        return isolated(self.words.bind(self.words.typeset(said or self.results.label(key, self.words.code))))

    def labels(self, prefix: str, codes: Iterable[str]) -> list[str]:
        return [self.label(f"{prefix}:{code}") for code in codes]

    def part(self, estimate: Estimate, dimension: str = "", code: str = "") -> str:
        """The words of a part of an indicator, of the estimate's own unless another is given.

        Two funnels may have states of one code, so these are called by their indicator.
        """
        dimension, code = (dimension, code) if dimension else (estimate.part, estimate.at(estimate.part) or "")
        if dimension == STATISTIC:
            return statistic(estimate, code, self.words)
        return self.label(f"{dimension}:{estimate.indicator}.{code}" if dimension == STATE else f"{dimension}:{code}")

    def indicator(self, estimate: Estimate) -> str:
        """The indicator's name, from the study's labels or the estimate; without any, the question's wording."""
        code, raw = self.words.code, estimate.indicator
        asked = self.question(estimate)
        wording = pick(asked.label if asked else estimate.lineage.question, code)
        names = (pick(self.results.labels.get(f"indicator:{raw}", {}), code), pick(estimate.label, code))
        if said := next((name for name in names if name and name != raw), without_loop(wording)):
            return isolated(self.words.bind(self.words.typeset(said)))
        return raw

    def indicator_named(self, code: str) -> str:
        """The name of an indicator that is known by its id alone."""
        first = next((e for e in self.results.estimates if e.indicator == code), None)
        return self.short(first, COLUMN) if first is not None else self.label(f"indicator:{code}")

    def short(self, estimate: Estimate, most: int = HEADING) -> str:
        """The name for a heading: of the items of a battery their own part, cut at a word."""
        return self.cut(self.indicator(estimate), most)

    def cut(self, name: str, most: int = HEADING) -> str:
        """A name of at most so many characters.

        Of a battery the item alone, where no other name has the same item; else as much of the stem as there is room
        for, so that two items are never headed by the same words.
        """
        return cut(name, most, self._parted)

    @functools.cached_property
    def _parted(self) -> Parted:
        first = {(e.source, e.indicator): e for e in self.results.estimates}
        return parted({self.indicator(e) for e in first.values()})

    @functools.cached_property
    def _asked(self) -> dict[str, Wording]:
        return {w.id: w for w in self.results.questionnaire}

    def question(self, estimate: Estimate) -> Wording | None:
        """The question that a figure is made of: the first of the questionnaire that its expression names."""
        if estimate.source != "survey":
            return None
        named = re.findall(r"[A-Za-z_]\w*\b(?!:)", estimate.lineage.expression)
        return next((self._asked[name] for name in named if name in self._asked), None)

    def topic(self, estimate: Estimate) -> str:
        """What makes two indicators the same subject: their question; of tests the indicator; else the source."""
        if estimate.source in ("reviews", "log"):
            return estimate.source
        asked = self.question(estimate)
        return asked.id if asked else pick(estimate.lineage.question, self.words.code) or estimate.indicator

    # figures

    @property
    def level(self) -> float:
        """The level of the wave's intervals and tests."""
        return next((e.level for e in self.results.estimates), 0.95)

    def half(self, error: float) -> float:
        """Half an interval at the wave's level, of a figure with this standard error that is taken for normal."""
        return float(t_quantile(inf, self.level)) * error

    @functools.cached_property
    def surveyed(self) -> bool:
        """Whether people were asked in this wave: a survey of which only printed figures are left is none."""
        asked = any(w.source == "survey" and not w.published for w in self.results.fieldwork)
        return asked or any(e.source == "survey" and not e.published for e in self.results.estimates)

    @functools.cached_property
    def measures(self) -> dict[Key, Measure]:
        """The figures by source and indicator."""
        return gather(self.results.estimates)

    def of(self, source: Source) -> list[Measure]:
        return [m for m in self.measures.values() if m.source == source]

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
        """Per indicator, the figures of one dimension alone, by code: of each channel, or of a banner's categories.

        What customers report and the mystery score; the other sources have sections of their own.
        """
        found: dict[Key, dict[str, Estimate]] = {}
        for e in self.shapes.get((dimension,), ()):
            told = e.source == "survey" or (e.source == "mystery" and e.indicator == SCORE)
            told = told and self.measures[e.source, e.indicator].kind != "gap"
            if told and (e.part != dimension or dimension == CHANNEL):
                found.setdefault((e.source, e.indicator), {})[e.at(dimension) or ""] = e
        return found

    def parts(self) -> dict[Key, list[Estimate]]:
        """Per indicator of the survey, the answers to its own question; not those to which channels were used."""
        asked = (m for m in self.of("survey") if m.kind == "share" and not self.itemised(m))
        return {m.key: list(m.answers.values()) for m in asked if m.answers and CHANNEL not in m.parts}

    def itemised(self, measure: Measure) -> bool:
        """Whether its parts are the items of a grid or of a ranking, which are not shares of one whole."""
        if measure.kind not in ("share", "mean", "nps") or not measure.answers:
            return False
        return self.ranked(measure) or measure.kind != "share" or not measure.asked

    def ranked(self, measure: Measure) -> bool:
        """Whether it gives the options of a ranking."""
        asked = self._asked.get(measure.asked)
        return asked is not None and asked.kind == "ranking"

    @functools.cached_property
    def _waves(self) -> list[dict[Place, Estimate]]:
        return [{_place(e): e for e in wave.estimates} for wave in (*self.earlier, self.results)]

    def history(self, estimate: Estimate) -> list[Estimate | None]:
        """The same figure in every wave, oldest first; None where there is none."""
        return [wave.get(_place(estimate)) for wave in self._waves]

    def figure(self, estimate: Estimate, *, with_base: bool = False, lettered: bool = False) -> Figure:
        """A number for the reader: hidden without a trace, changed only as far as it was tested."""
        n = estimate.n if with_base else None
        if estimate.flag == "hidden" or estimate.value is None:
            return Figure(None, estimate.unit, estimate.decimals, "hidden", n=n, why=self.why_hidden(estimate))
        change, before = estimate.change, None
        verdict = change.verdict if change and not self.mixed(estimate) else "untested"
        if change and change.difference is not None and verdict != "untested" and change.tested and not change.reopened:
            before = estimate.value - change.difference
        return Figure(
            estimate.value, estimate.unit, estimate.decimals, estimate.flag, estimate.ci_low, estimate.ci_high, n,
            before, verdict, published=estimate.published, letters=estimate.letters if lettered else "",
            of=self.unit(estimate),
        )  # fmt: skip

    def unit(self, estimate: Estimate) -> str:
        """What a mean is a number of, as the study says: `minutes`."""
        texts = self.results.labels.get(f"unit:{estimate.indicator}", {}) if estimate.unit == "mean" else {}
        return self.words.typeset(pick(texts, self.words.code))

    def why_hidden(self, estimate: Estimate) -> str:
        """Why a dash stands where a number might: nothing was observed, too little, or the half was never reached."""
        words, results = self.words, self.results
        if estimate.n == 0:
            return self.why_nothing(estimate.source)
        if estimate.flag != "hidden" and estimate.at(STATISTIC) == "median":
            return words.gettext("not reached")
        if estimate.source == "mystery":
            return words.gettext("too few tests")
        least = {"survey": results.hide, "reviews": results.hide_reviews, "log": results.hide_cases}[estimate.source]
        return words.gettext("base < {n}", n=words.count(least))

    def why_nothing(self, source: Source) -> str:
        """What a source did not observe."""
        words = self.words
        return {
            "survey": words.gettext("nobody asked"),
            "mystery": words.gettext("no test"),
            "reviews": words.gettext("no review"),
            "log": words.gettext("no case"),
        }[source]

    def thresholds(self, source: Source) -> tuple[int, int]:
        """Below how many people, tests, reviews or cases a figure is hidden, and below how many it is fragile."""
        r = self.results
        return {
            "survey": (r.hide, r.fragile), "mystery": (r.hide_tests, r.fragile_tests),
            "reviews": (r.hide_reviews, r.fragile_reviews), "log": (r.hide_cases, r.fragile_cases),
        }[source]  # fmt: skip

    # channels, changes, leagues

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

        # a channel that only tests, reviews or the log know comes last
        seen = dict.fromkeys(c for e in self.results.estimates if (c := e.at(CHANNEL)) is not None)
        return [*sorted(codes, key=weight, reverse=True), *(c for c in seen if c not in codes)]

    @functools.cached_property
    def shown_brands(self) -> list[str]:
        """The brands of which some figure is shown."""
        return sorted({code for e in self.results.estimates if e.value is not None and (code := e.at(BRAND))})

    @functools.cached_property
    def shown_channels(self) -> list[str]:
        """The channels of which some figure is shown, in their order."""
        shown = {e.at(CHANNEL) for e in self.results.estimates if e.value is not None}
        return [code for code in self.channels if code in shown]

    def main_of_channels(self) -> list[Key]:
        """One indicator per question: the use of channels first, what tests measure last."""
        tables = self.by(CHANNEL)
        ordered = sorted(tables, key=lambda key: (key != self.usage, key[0] == "mystery"))
        first: dict[tuple[str, str], Key] = {}
        for key in ordered:
            first.setdefault((key[0], self.topic(next(iter(tables[key].values())))), key)
        return list(first.values())

    def _told(self) -> Iterator[Estimate]:
        yield from self.shapes.get((), ())
        yield from self.shapes.get((CHANNEL,), ())

    def moves(self) -> list[Estimate]:
        """The changes that may be told: tested, significant, on a base that is neither hidden nor fragile.

        A mean of reviews that moved because other brands make them up is no news, nor a figure of all reviews where
        two brands bring most of them, nor what a machine read in texts.
        """
        moved = (e for e in self._told() if self.figure(e).moved and e.change and e.change.difference is not None)
        lopsided = any(c.two_largest >= HALF for c in self.results.compositions)
        return [
            e for e in moved
            if not e.lineage.coder and not self.mixed(e) and not (lopsided and e.source == "reviews")
        ]  # fmt: skip

    def mixed(self, estimate: Estimate) -> bool:
        """Whether a figure of all reviews moved, but not, or nobody knows whether, among the brands of both waves."""
        change = estimate.change
        if estimate.source != "reviews" or estimate.at(BRAND) is not None or change is None or not change.difference:
            return False
        found = self.composition(estimate.indicator)
        if found is None or found.constant is None or found.before is None:
            return self._no_brand_in_both(estimate)
        alone = found.constant - found.before
        return alone * change.difference <= 0 or abs(alone) < self.half(change.se or 0.0)

    def _no_brand_in_both(self, estimate: Estimate) -> bool:
        """Whether no brand has a figure of this indicator in both waves, or of any, where it is not told by brand."""
        told = [e for e in self.results.estimates if e.source == "reviews" and e.at(BRAND) is not None]
        told = [e for e in told if e.indicator == estimate.indicator] or told
        return bool(told) and all(e.change is None or e.change.difference is None for e in told)

    def composition(self, indicator: str) -> Composition | None:
        return next((c for c in self.results.compositions if c.indicator == indicator), None)

    def tested(self) -> list[Estimate]:
        """The figures of the whole and of the channels whose change was tested, and is not one of brands that came."""
        return [e for e in self._told() if e.change is not None and e.change.tested and not self.mixed(e)]

    def leagues(self, source: Source = "mystery", of: str = "brand") -> list[League]:
        return [league for league in self.results.leagues if league.source == source and league.of == of]

    def sectors(self, source: Source = "mystery") -> list[League]:
        """The leagues of brands within their sectors."""
        return [league for league in self.leagues(source) if league.family != "all"]

    def family(self, league: League) -> str:
        """The name of a league's family."""
        if league.family in (f"{league.of}s", league.of):
            return self.words.gettext("Sectors") if league.of == "sector" else self.words.gettext("Channels")
        return self.words.gettext("All sectors") if league.family == "all" else self.label(league.family)


def looped(estimate: Estimate) -> bool:
    """Whether a figure stands on evaluations, several to a person, rather than on people."""
    return estimate.source == "survey" and estimate.grain not in ("", "person", "people", "respondent", "respondents")


def _place(e: Estimate) -> Place:
    return e.source, e.indicator, e.part, e.segment
