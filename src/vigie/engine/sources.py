"""The rows of tests, reviews and cases as the engine reads them, and what is told of every figure made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from vigie.engine.edition import Edition
from vigie.engine.marks import scored
from vigie.engine.session import TABLES, Session
from vigie.results.figures import Flag, Lineage, Source, flag_of
from vigie.study.indicators import EVERYONE, Indicator
from vigie.study.model import Study
from vigie.study.questions import Question
from vigie.study.sections import Mystery, Show, ShowCases, ShowReviews, ShowTests
from vigie.study.text import spread

SCORE = "score"  # of a test, as its own indicators may name it


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Reliability by the unweighted base of a source's figures."""

    hide: int
    fragile: int

    def flag(self, n: int) -> Flag:
        return flag_of(n, self.hide, self.fragile)


def thresholds(study: Study, source: Source) -> Thresholds:
    """What is hidden or flagged of a source."""
    shown: dict[Source, Show | ShowTests | ShowReviews | ShowCases] = {
        "survey": study.header.show, "mystery": (study.header.mystery or Mystery()).show,
        "reviews": study.reviews.show, "log": study.log.show,
    }  # fmt: skip
    return Thresholds(shown[source].hide, shown[source].fragile)


def rows(session: Session, edition: Edition, source: Source) -> tuple[Any, tuple[str, ...]]:
    """A source's facts, one row per test, review and brand, or case; and the derived tables that were joined.

    Tests have their `score` on the scale of the study, null where they are incomplete or have no grid.
    """
    table = session.table(TABLES[source])
    if source != "mystery":
        return table, ()
    rules = edition.study.header.mystery or Mystery()
    table = table.drop([c for c in (SCORE, f"{SCORE}:state") if c in table.columns])
    if edition.study.grids:
        found, key = scored(session, edition.study, rules)
        points = session.engine.held(pa.table({"_test": found["test"], SCORE: found["score"]}))
        joined = table.left_join(points, table["test"] == points["_test"]).drop("_test")
        joined = joined.mutate(**{SCORE: joined[SCORE] * rules.out_of})
    else:
        key, joined = "", table.mutate(**{SCORE: ibis.null("float64")})
    state = ibis.ifelse(joined[SCORE].notnull(), "answered", "skipped")
    return joined.mutate(**{f"{SCORE}:state": state}), (key,) if key else ()


def lineage(
    edition: Edition,
    source: Source,
    indicator: Indicator,
    question: Question | None = None,
    *,
    coder: str = "",
    note: str = "",
) -> Lineage:
    """Where a figure on tests, reviews or cases comes from; these are not weighted."""
    routing = question.ask_if if question else None
    return Lineage(
        question=edition.wording(question),
        expression=f"{indicator.kind}: {indicator.expression}",
        base=routing if indicator.base == EVERYONE and routing else indicator.base,
        filter=edition.kept(source), weighting="", test="t, Holm", inputs=edition.inputs, derived=edition.derived,
        base_label=spread(indicator.base_label) if indicator.base_label else {}, coder=coder, note=note,
    )  # fmt: skip
