"""The frozen records that the engine makes, `results.json` holds, and the report shows.

Shares are between 0 and 1, NPS between -1 and 1, means and scores in the unit of their scale; standard errors in the
same unit. A hidden figure has no value, no interval and no standard error, here as everywhere.
"""

from vigie.results.drivers import Driver, Drivers
from vigie.results.encoding import compared, plain, to_json
from vigie.results.figures import (
    BRANDS,
    COMMON,
    LINKED,
    REOPENED,
    Band,
    Change,
    Estimate,
    Flag,
    Lineage,
    Place,
    RankSet,
    Rolling,
    Segment,
    Source,
    Texts,
    Unit,
    Verdict,
    family,
    figure_key,
    finite,
    flag_of,
    pick,
)
from vigie.results.methods import (
    CoderError,
    Composition,
    Exclusion,
    Fieldwork,
    MarginLine,
    WeightingDiagnostics,
    Wording,
)
from vigie.results.rankings import CellScore, League, LeagueEntry, Unranked
from vigie.results.tables import Compare, Head, Independence, Line, Table
from vigie.results.trends import Difference, Linked, Mix, Severity, SharedPeople
from vigie.results.waves import Comparison, WaveResults

__all__ = [
    "BRANDS",
    "COMMON",
    "LINKED",
    "REOPENED",
    "Band",
    "CellScore",
    "Change",
    "CoderError",
    "Compare",
    "Comparison",
    "Composition",
    "Difference",
    "Driver",
    "Drivers",
    "Estimate",
    "Exclusion",
    "Fieldwork",
    "Flag",
    "Head",
    "Independence",
    "League",
    "LeagueEntry",
    "Line",
    "Lineage",
    "Linked",
    "MarginLine",
    "Mix",
    "Place",
    "RankSet",
    "Rolling",
    "Segment",
    "Severity",
    "SharedPeople",
    "Source",
    "Table",
    "Texts",
    "Unit",
    "Unranked",
    "Verdict",
    "WaveResults",
    "WeightingDiagnostics",
    "Wording",
    "compared",
    "family",
    "figure_key",
    "finite",
    "flag_of",
    "pick",
    "plain",
    "to_json",
]
