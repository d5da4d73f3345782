"""The frozen records that the engine makes, `results.json` holds, and the report shows.

Shares are between 0 and 1, NPS between -1 and 1, means and scores in the unit of their scale; standard errors in the
same unit. A hidden figure has no value, no interval and no standard error, here as everywhere.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Flag = Literal["ok", "fragile", "hidden"]
Verdict = Literal["up", "down", "none", "break", "untested"]
Unit = Literal["share", "nps", "mean", "score", "hours", "index"]
Source = Literal["survey", "mystery", "reviews", "log"]
Texts = Mapping[str, str]  # language -> text
Compare = Literal["columns", "rest", "agency"]  # what the columns of a table are tested against, and how
Severity = Literal["harmless", "note", "break"]
Segment = tuple[tuple[str, str], ...]  # (("channel", "phone"), ("sex", "f")); empty for the whole


@dataclass(frozen=True, slots=True)
class Change:
    """The difference from the wave before, with its test; `verdict` is all that a headline may use."""

    wave: str
    difference: float | None
    se: float | None
    p: float | None  # two-sided, unadjusted
    p_adjusted: float | None  # Holm over the segments of the indicator
    verdict: Verdict
    reason: str = ""  # why a change is broken or untested: a key of language.REASONS
    notes: tuple[str, ...] = ()  # what is told beside it: keys of language.NOTES


@dataclass(frozen=True, slots=True)
class Rolling:
    """The mean of the last waves of one identity, each counted once, with the error of the whole."""

    waves: tuple[str, ...]
    value: float
    se: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True, slots=True)
class Band:
    """A point of a trend with the limits between which the whole unbroken run of waves lies, at the level at once."""

    wave: str
    low: float
    high: float
    of: int  # waves of the run


@dataclass(frozen=True, slots=True)
class RankSet:
    """The ranks that cannot be excluded at the confidence level, in a family of `of` brands."""

    low: int
    high: int
    of: int
    family: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a figure comes from."""

    question: Texts  # wording, by language of the fieldwork
    expression: str
    base: str  # who is in the base, as an expression: the indicator's, or else the routing of its question
    filter: str  # which rows of the files were valid
    weighting: str  # "raking", "base" (weights of the file), "base+raking", or nothing
    test: str
    inputs: tuple[str, ...]  # SHA-256 of the files read
    derived: tuple[str, ...] = ()  # keys of the derived tables used
    base_label: Texts = field(default_factory=dict)  # the base in the study's own words, where it gives them
    coder: str = ""  # name and version of the automatic coder that read the texts, where one did
    note: str = ""  # where a published figure was printed; of a time to an answer, how it was measured
    cutoff: str = ""  # of a time to an answer: after how long the study ends waiting, "7 d", where it does
    horizon: str = ""  # … by when the share answered and the mean wait are told: the cut-off, or the longest time asked
    observed: str = ""  # … until when the unanswered wait: "cutoff", "wave" (its end), "data" (the last moment in it)
    gave_up: int = 0  # … how many gave up: they wait until then too, and never count as answered


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure with its base, its uncertainty and its lineage."""

    figure: str
    identity: str
    indicator: str
    label: Texts
    source: Source
    grain: str
    wave: str
    segment: Segment
    value: float | None
    unit: Unit
    decimals: int
    se: float | None
    ci_low: float | None
    ci_high: float | None
    level: float
    n: int  # unweighted base
    n_weighted: float | None
    n_effective: float | None
    design_effect: float | None
    flag: Flag
    lineage: Lineage
    out_of: float | None = None  # upper end of a mark or score
    dont_know: float | None = None  # share of "don't know" among those asked, printed above 1 %
    change: Change | None = None
    rank: RankSet | None = None
    part: str = ""  # the dimension of the segment that is an answer (option, mark) of the indicator's own question
    letters: str = ""  # categories (A, B, … as listed) of the same variable significantly lower: A at 95 %, a at 90 %
    published: bool = False  # printed by somebody else: no interval, never tested
    rolling: Rolling | None = None
    bands: tuple[Band, ...] = ()  # of the whole and of channels: the figure's waves so far, this one last

    def at(self, dimension: str) -> str | None:
        """The segment's code on one dimension, e.g. `at("channel")`."""
        return dict(self.segment).get(dimension)


@dataclass(frozen=True, slots=True)
class LeagueEntry:
    """A ranked brand."""

    brand: str
    n: int
    score: float
    se: float
    ci_low: float
    ci_high: float
    flag: Flag
    rank: RankSet
    possible_first: bool
    reaches_threshold: Literal["yes", "no", "unsure"] | None  # interval above, below, or across the threshold
    absent_channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CellScore:
    """The mean score of a brand on one channel; none where it stands on too few tests."""

    brand: str
    channel: str
    n: int
    score: float | None
    se: float | None


@dataclass(frozen=True, slots=True)
class Composition:
    """How a wave's reviews are made up: a mean may move because brands come and go, and not because they change.

    `within` is the mean over brands, each of the same weight (brands that are not hidden); `constant` is the overall
    mean with the weights that the brands common to both waves had in the wave before.
    """

    indicator: str
    n: int
    brands: int
    overall: float
    within: float
    within_se: float
    within_brands: int
    largest: tuple[tuple[str, int], ...]  # the brands with most reviews, and how many
    two_largest: float  # their share of the reviews
    constant: float | None = None
    before: float | None = None  # the overall mean of the wave before, on the common brands


@dataclass(frozen=True, slots=True)
class Mix:
    """How much of a change comes from who is in the base (`mix`), and how much from what they answer (`within`).

    Kitagawa's symmetric decomposition over the categories of one dimension; the two parts sum to the difference.
    """

    source: Source
    indicator: str
    label: Texts
    unit: Unit
    decimals: int
    wave: str  # the earlier one
    dimension: str  # a banner question, channel, brand, …
    difference: float
    within: float
    within_se: float
    mix: float
    mix_se: float
    notable: bool  # a fifth of the change or more, and beyond its own error


@dataclass(frozen=True, slots=True)
class SharedPeople:
    """How many people answered in this wave's survey and in that of an earlier wave, and what was declared of them."""

    wave: str
    people: int
    of: int  # people of this wave
    declared: Literal["", "same", "fresh", "mixed"]


@dataclass(frozen=True, slots=True)
class Linked:
    """Two waves that ran side by side with two instruments, which links a series across the change."""

    wave: str
    to: str
    reason: Texts


@dataclass(frozen=True, slots=True)
class CoderError:
    """How often the automatic reading of texts agrees with what their authors said in numbers."""

    coder: str
    against: str  # what it was measured against: "stars", …
    n: int
    balanced_accuracy: float
    ci_low: float
    ci_high: float
    not_analysable: float  # share of the texts


@dataclass(frozen=True, slots=True)
class Driver:
    """One mark that may go together with the overall mark: how much it does, and how high it is.

    Of an analysis by penalties and rewards also what a low mark costs and a high one brings, in the unit of the overall
    mark, and what the two say together: `basic` (taken for granted: low marks cost more than high ones bring), `linear`
    (no difference is proved), or `delight` (high marks bring more than low ones cost).
    """

    attribute: str  # the question
    label: Texts
    importance: float | None  # share of what all of them explain together; they add up to 1
    importance_low: float | None
    importance_high: float | None
    performance: float  # weighted mean of the mark
    performance_low: float | None
    performance_high: float | None
    correlation: float | None  # with the overall mark; below 0, higher marks go with a lower overall mark
    scale: tuple[float, float] | None = None  # the ends of its scale; none of a number
    penalty: float | None = None
    penalty_low: float | None = None
    penalty_high: float | None = None
    reward: float | None = None
    reward_low: float | None = None
    reward_high: float | None = None
    kind: Literal["", "basic", "linear", "delight"] = ""


@dataclass(frozen=True, slots=True)
class Drivers:
    """Which marks go together with an overall mark, and how much each does: an association, not a cause.

    On the people of the base who gave every mark; hidden, and then without figures, where these are too few.
    """

    id: str
    label: Texts  # of the overall mark
    of: str  # its question
    source: Source
    wave: str
    method: Literal["shapley", "johnson", "penalty_reward"]
    entries: tuple[Driver, ...]  # the most important first
    n: int
    n_effective: float | None
    left_out: int  # people of the base without one of the marks
    r2: float | None  # share of the variance of the overall mark that all of them explain together
    r2_low: float | None
    r2_high: float | None
    level: float
    replicates: int  # of the bootstrap
    seed: int
    flag: Flag
    lineage: Lineage
    low: float | None = None  # marks up to this one were low, and from `high` on high (penalties and rewards)
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: a figure in the total and in every column."""

    label: Texts
    kind: Literal["option", "net", "box", "mean", "median", "base"]
    cells: tuple[Estimate | None, ...]  # one per column of the table, the total first


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a table: a category of a banner variable, with the letter by which others name it."""

    variable: str  # empty for the total
    code: str
    label: Texts
    letter: str
    n: int
    n_weighted: float
    n_effective: float


@dataclass(frozen=True, slots=True)
class Independence:
    """Whether the answers to a question go with a banner variable: the second-order Rao-Scott test of a whole table."""

    variable: str
    F: float
    ndf: float  # degrees of freedom of F: of the numerator
    ddf: float  # … and of the denominator
    p: float


@dataclass(frozen=True, slots=True)
class Table:
    """Rows × banner: shares, nets, boxes and means by column, compared within one banner variable.

    `compare` says what stands beside a figure: `columns`, the letters of the columns that are significantly lower;
    `rest`, + or - where a column is higher or lower than the rest of its variable, in brackets at the minor level;
    `agency`, letters of the test of tabulation programs, for shares alone.
    """

    title: Texts
    wave: str
    rows: str
    columns: tuple[Head, ...]
    lines: tuple[Line, ...]
    base: str
    filter: str
    adjust: Literal["holm", "bh", "none"]
    level: float
    minor: float
    variables: Mapping[str, Texts] = field(default_factory=dict)  # the words of what breaks the columns
    compare: Compare = "columns"
    independence: tuple[Independence, ...] = ()  # of a question of one answer from its banner variables of one answer


@dataclass(frozen=True, slots=True)
class Unranked:
    """A brand that is listed but not ranked, and why (a key of language.REASONS)."""

    brand: str
    n: int
    reason: str


@dataclass(frozen=True, slots=True)
class League:
    """Brands of one family in the order of their scores, each with its rank set.

    `sets` tells which statement the rank sets make: `simultaneous` about the whole league at once, `marginal` about
    one brand at a time. `verdict` is `first` (one winner, rank set {1} and threshold reached), `tied` (several possible
    firsts; `winners` lists them), or `none` (nobody is proved to reach the threshold).
    """

    family: str  # "sector:energy" or "all"
    sets: Literal["simultaneous", "marginal"]
    level: float
    draws: int
    seed: int
    out_of: float
    threshold: float | None
    entries: tuple[LeagueEntry, ...]
    unranked: tuple[Unranked, ...]
    verdict: Literal["first", "tied", "none"]
    winners: tuple[str, ...]
    identity: str = ""
    source: Source = "mystery"
    indicator: str = "mystery_score"
    of: Literal["brand", "sector", "channel"] = "brand"  # what is ranked; an entry's `brand` holds its code


@dataclass(frozen=True, slots=True)
class MarginLine:
    """One category of one margin, before and after weighting (shares of the weighted total).

    A number has one line with an empty category, and means in place of shares.
    """

    variable: str
    category: str
    n: int
    before: float
    target: float
    after: float


@dataclass(frozen=True, slots=True)
class WeightingDiagnostics:
    """How far the weights had to go, and what it cost.

    `populations` holds the same of each population that was weighted for itself; the whole then tells no margins.
    """

    method: str  # "raking", "linear", "logit", "truncated"; "base" for weights of the file, "base+raking", … for both
    margins: tuple[MarginLine, ...]
    n: int
    n_effective: float
    design_effect: float
    ratio_min: float
    ratio_max: float
    ratio_quantiles: tuple[float, ...]  # 1, 5, 25, 50, 75, 95, 99 %
    at_bounds_share: float
    iterations: int
    file: str
    name: str = "everyone"  # or the name of a weighting of some of the people
    base: str = ""  # who these are, as an expression
    population: str = ""  # the population's code, where several are weighted each for itself
    by: str = ""  # the question that tells them apart
    bounds: tuple[float, float] | None = None
    cap: float | None = None  # the largest weight / base weight that trimming left
    trimmed_share: float = 0.0  # the share of people whose weight was cut there
    histogram: tuple[tuple[float, float, int], ...] = ()  # from, to and people, of weight / base weight
    populations: tuple[WeightingDiagnostics, ...] = ()

    @property
    def efficiency(self) -> float:
        """The effective base as a share of the people."""
        return self.n_effective / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows (or single cells) that were left out, with the reason: a code of `errors.CODES` or `keep`."""

    source: Source
    reason: str
    rows: int
    cells: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """What a methodology sheet says of one source of one wave."""

    source: Source
    mode: str
    start: str  # ISO dates, empty if not known
    end: str
    read: int  # rows in the files
    kept: int
    by_channel: tuple[tuple[str, int], ...] = ()
    brands: int = 0
    published: str = ""  # the file of a wave that exists only as printed figures
    events: bool = False  # whether the rows read are events, several to a case


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two waves' instruments do not share, and what it means for trends.

    `harmless` changes nothing, a `note` is told beside trends, a `break` ends them; `broken` lists the indicators whose
    identity differs for it, which is what tests obey.
    """

    rule: str  # what differs: a key of study.instruments.RULES
    severity: Severity
    of: Literal["question", "wave", "grid", "indicator"]
    subject: str  # the id of the question, the grid's channel or the indicator
    before: str  # what it was, in short
    now: str
    indicators: tuple[str, ...]  # whose figures it touches
    broken: tuple[str, ...]  # of these, the ones that begin anew
    sentence: Texts
    declared: Literal["", "same_as"] = ""  # whether a person declared it harmless
    reason: Texts = field(default_factory=dict)  # … and why


@dataclass(frozen=True, slots=True)
class Wording:
    """A question as it was fielded, for the methodology sheet."""

    id: str
    kind: str
    label: Texts
    options: tuple[tuple[str, Texts], ...]
    base: str
    changed: bool  # reworded or recoded since the wave before


@dataclass(frozen=True, slots=True)
class WaveResults:
    """All that is known of one wave; `results.json` is this record."""

    study: str
    title: Texts
    wave: str
    previous: str | None
    version: str
    languages: tuple[str, ...]  # of the reports
    population: Texts
    hide: int
    fragile: int
    estimates: tuple[Estimate, ...]
    leagues: tuple[League, ...]
    weighting: WeightingDiagnostics | None
    exclusions: tuple[Exclusion, ...]
    fieldwork: tuple[Fieldwork, ...]
    questionnaire: tuple[Wording, ...]
    banner: tuple[str, ...]  # the questions that break the tables, in order
    channel_weights: tuple[tuple[str, float, float], ...]  # channel, weight, standard error (mystery score)
    labels: Mapping[
        str, Texts
    ]  # "channel:phone", "sex", "sex:f", "brand:ondine", "sector:energy", "indicator:satisfied"
    snapshot: str  # hash of the facts
    notes: tuple[str, ...] = field(default=())
    weightings: tuple[WeightingDiagnostics, ...] = ()  # of some of the people, beside that of everyone
    hide_tests: int = 5  # tests; of mystery figures
    fragile_tests: int = 30
    cells: tuple[CellScore, ...] = ()  # mystery scores by brand and channel
    compositions: tuple[Composition, ...] = ()  # of the reviews
    coders: tuple[CoderError, ...] = ()
    hide_reviews: int = 10
    fragile_reviews: int = 50
    hide_cases: int = 30  # of the contact log
    fragile_cases: int = 100
    drivers: tuple[Drivers, ...] = ()
    mixes: tuple[Mix, ...] = ()  # changes since the wave before, taken apart
    shared: SharedPeople | None = None  # with the wave before
    differences: tuple[Difference, ...] = ()  # of the instrument, since the wave before
    linked: tuple[Linked, ...] = ()  # parallel runs up to this wave

    def label(self, key: str, language: str) -> str:
        """The text of a label in a language, else in the first language that has it, else the bare code."""
        return pick(self.labels.get(key, {}), language) or key.partition(":")[2] or key


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two waves beside each other: `now` holds its changes since `before`, and how the instrument differs."""

    before: WaveResults
    now: WaveResults

    def was(self) -> dict[tuple[str, str, Segment], Estimate]:
        """The figures of the earlier wave, by source, indicator and segment."""
        return {(e.source, e.indicator, tuple(sorted(e.segment))): e for e in self.before.estimates}


def compared(comparison: Comparison) -> dict[str, Any]:
    """A comparison as what JSON can hold: the instrument, the trends that break or go on, and every change."""
    now, was = comparison.now, comparison.was()
    changes = []
    for e in now.estimates:
        then = was.get((e.source, e.indicator, tuple(sorted(e.segment))))
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


def family(estimate: Estimate) -> list[str]:
    """The changes that are adjusted together (Holm): one indicator over its segments of one kind."""
    return [estimate.source, estimate.indicator, *(d for d, _ in sorted(estimate.segment))]


def pick(texts: Texts, language: str) -> str:
    """The text in the language asked for, or in the first one there is, or nothing."""
    return texts.get(language) or next((t for t in texts.values() if t), "")


def figure_key(identity: str, segment: Segment) -> str:
    """A figure's name, stable across waves: its identity and its segment."""
    return hashlib.sha256(json.dumps([identity, sorted(segment)]).encode()).hexdigest()[:12]


def plain(record: Any) -> Any:
    """Records, tuples and mappings as what JSON can hold; a segment becomes an object."""
    return _plain(record, {})


def _plain(record: Any, lineages: dict[int, Any]) -> Any:
    """`lineages` holds what was made already: many figures share one lineage."""
    if record is None or isinstance(record, (str, int, float)):
        return record
    if isinstance(record, Lineage) and id(record) in lineages:
        return lineages[id(record)]
    if dataclasses.is_dataclass(record):
        made = {name: _plain(getattr(record, name), lineages) for name in record.__dataclass_fields__}
        if isinstance(record, Estimate):
            made["segment"] = dict(record.segment)
        elif isinstance(record, Lineage):
            lineages[id(record)] = made
        return made
    if isinstance(record, Mapping):
        return {str(k): _plain(v, lineages) for k, v in record.items()}
    return [_plain(v, lineages) for v in record]


def to_json(results: WaveResults) -> str:
    """`results.json`: one record per estimate, the leagues, the weighting, the exclusions; no clock time inside.

    Each record of a list stands on a line of its own, so that two releases can be compared line by line.
    """
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_shallow).encode

    def listed(value: Any) -> str:
        several = isinstance(value, (list, tuple)) and any(not isinstance(v, (str, int, float)) for v in value)
        return "[\n" + ",\n".join(map(encode, value)) + "\n]" if several else encode(value)

    return "{\n" + ",\n".join(f"{encode(k)}: {listed(v)}" for k, v in _shallow(results).items()) + "\n}\n"


def _shallow(record: Any) -> dict[str, Any]:
    """One record as a mapping; the encoder asks again for the records inside."""
    if isinstance(record, Mapping):
        return dict(record)
    made = {name: getattr(record, name) for name in record.__dataclass_fields__}
    if isinstance(record, Estimate):
        made["segment"] = dict(record.segment)
    return made
