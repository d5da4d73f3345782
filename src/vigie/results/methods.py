"""What a methodology sheet tells of a wave: fieldwork, wording, weights, and what was left out or is uncertain."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.results.figures import Source, Texts


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
    cap: float | None = None  # the largest weight / base weight that trimming left, where it cut any
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
class Wording:
    """A question as it was fielded, for the methodology sheet."""

    id: str
    kind: str
    label: Texts
    options: tuple[tuple[str, Texts], ...]
    base: str
    changed: bool  # reworded or recoded since the wave before


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
class CoderError:
    """How often the automatic reading of texts agrees with what their authors said in numbers."""

    coder: str
    against: str  # what it was measured against: "stars", …
    n: int
    balanced_accuracy: float
    ci_low: float
    ci_high: float
    not_analysable: float  # share of the texts
