"""Texts of a wave that somebody looks for: by words, by where they were written, by how they read.

Cost: the texts are joined with what they are about once; then two passes over them, whatever is asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import pyarrow as pa

from vigie.engine.coding import WHERE
from vigie.engine.session import KEYS, TABLES, Session
from vigie.engine.verbatims import readings_at_hand
from vigie.results.figures import Source
from vigie.results.verbatims import Rule, Search, Verbatim, Verbatims
from vigie.study.questions import Question
from vigie.verbatim.concordance import Query, query
from vigie.verbatim.mentions import Names

MASK = "[…]"
DATES = {"reviews": "published_on", "mystery": "sent_at", "log": "opened_at"}
BESIDE = {"stars": "float64", "experienced": "date", "solicited": "string", "verified": "string", "replied": "string"}


@ibis.udf.scalar.builtin(name="strip_accents")  # type: ignore[untyped-decorator]
def _bare(text: str) -> str:  # type: ignore[empty-body]
    """The engine's own function: letters without their accents."""


class Texts:
    """The texts of a wave, made ready to be searched; as many as memory holds with ease are kept there."""

    def __init__(
        self, session: Session, questions: Mapping[str, Question], called: Mapping[str, Sequence[str]]
    ) -> None:
        """`questions` are the survey's; `called` are all names that each brand ever had."""
        self.session, self.called = session, called
        self.table: Any = None
        self.without: dict[tuple[str, ...], Any] = {}  # the texts about some brands, without the names of others
        if session.has("verbatims"):
            table = _with_readings(_rows(session, questions), session)
            group = table["channel"].fill_null("") + "|" + table["brands"].join(",")
            self.table = session.kept(table.mutate(folded=_folded(table["text"]), group=group), "verbatims")

    def find(self, search: Search, rule: Rule, *, offset: int = 0, limit: int = 25) -> Verbatims:
        """A page of the texts that a search finds among those that may be shown.

        Texts that are withheld are counted only where nothing in them is looked for: a count that answers to words
        would tell them.
        """
        if self.table is None or (rule.brands and search.brand not in ("", *rule.brands)):
            return Verbatims(0, 0, (), ())
        rows = self._of(rule)
        found = _narrowed(_with_people(rows) if rule.people else rows.mutate(people=0), search, query(search.words))
        tallies = found.group_by("polarity", held=found["people"] < rule.people).aggregate(n=found.count())
        counts = tallies.to_pyarrow().to_pylist()
        shown = found.filter(found["people"] >= rule.people)
        page = shown.order_by(_order(shown, search.order)).limit(limit, offset=offset).to_pyarrow()
        told = {row["polarity"] or "": row["n"] for row in counts if not row["held"]}
        within = search.words or search.polarity or search.intensity
        return Verbatims(
            sum(told.values()), 0 if within else sum(row["n"] for row in counts if row["held"]),
            tuple(sorted((k, n) for k, n in told.items() if k)), tuple(_told(row) for row in page.to_pylist()),
        )  # fmt: skip

    def _of(self, rule: Rule) -> Any:
        """The texts that a rule lets be looked through, with the names that it lets be read."""
        if not rule.brands:
            return self.table
        rows = self.table.filter(ibis.or_(*(self.table["brands"].contains(b) for b in rule.brands)))
        if not rule.masked:
            return rows
        if rule.brands not in self.without:
            held = rows.to_pyarrow()
            # as the names of one brand, so that none is left because several brands bear it
            others = Names({"others": [n for b, names in self.called.items() if b not in rule.brands for n in names]})
            texts = pa.array(masked(held["text"].to_pylist(), others), pa.string())
            own = pa.array([[b for b in of if b in rule.brands] for of in held["brands"].to_pylist()],
                           pa.list_(pa.string()))  # fmt: skip
            held = held.set_column(held.schema.get_field_index("text"), "text", texts)
            held = held.set_column(held.schema.get_field_index("brands"), "brands", own)
            table = self.session.engine.held(held)
            self.without[rule.brands] = table.mutate(folded=_folded(table["text"])).cache()
        return self.without[rule.brands]


def _folded(text: Any) -> Any:
    """Texts as words are looked for in them."""
    plain = text.replace("’", "'").replace("œ", "oe").replace("Œ", "OE")
    return _bare(plain.lower())


def masked(texts: Sequence[str], names: Names) -> list[str]:
    """The texts without these names."""
    found = list(texts)
    for one in sorted(names.find(texts), key=lambda m: m.start, reverse=True):
        found[one.text] = found[one.text][: one.start] + MASK + found[one.text][one.end :]
    return found


def _rows(session: Session, questions: Mapping[str, Question]) -> Any:
    """Every text with the channel and the brands that it is about, and what is known of its review."""
    texts = session.table("verbatims")
    texts = texts.filter(texts["text"].notnull())
    found = [_of_survey(texts, questions)]
    found += [_of_records(texts, session, s) for s in ("mystery", "reviews", "log") if session.has(TABLES[s])]
    return ibis.union(*found) if len(found) > 1 else found[0]


def _of_survey(texts: Any, questions: Mapping[str, Question]) -> Any:
    """A text of a loop is about the channel or the brand of the loop."""
    over: dict[str, list[str]] = {"channel": [], "brand": []}
    for name, question in questions.items():
        if question.per is not None:
            over[question.per.dimension].append(name)
    own = texts.filter(texts["source"] == "survey")
    value = ibis.ifelse(own["value"] == "", ibis.null("string"), own["value"])
    channel, brand = (
        ibis.ifelse(own["question"].isin(asked), value, ibis.null("string")) if asked else None
        for asked in (over["channel"], over["brand"])
    )
    empty = ibis.literal([], type="array<string>")
    return _uniform(
        own, channel=channel, at=None,
        brands=empty if brand is None else ibis.ifelse(brand.isnull(), empty, ibis.array([brand])),
    )  # fmt: skip


def _of_records(texts: Any, session: Session, source: Source) -> Any:
    """A text of a test, a review or a case is about its channel and brand; a review may be about several brands."""
    table, key = session.table(TABLES[source]), KEYS[source]
    beside = {name: table[name].max() for name in BESIDE if source == "reviews" and name in table.columns}
    records = table.group_by(key).aggregate(
        channel=table["channel"].max(), at=table[DATES[source]].max(),
        brands=table["brand"].collect(where=table["brand"].notnull(), distinct=True), **beside,
    )  # fmt: skip
    own = texts.filter(texts["source"] == source)
    joined = own.inner_join(records, own["origin"] == records[key])
    brands = joined["brands"].fill_null(ibis.literal([], type="array<string>")).sort()
    return _uniform(joined, channel=joined["channel"], at=joined["at"], brands=brands)


def _uniform(table: Any, *, channel: Any, at: Any, brands: Any) -> Any:
    told = {name: table[name].cast(kind) if name in table.columns else ibis.null(kind) for name, kind in BESIDE.items()}
    return table.select(
        *WHERE, "text", "language",
        channel=ibis.null("string") if channel is None else channel,
        at=(ibis.null("timestamp") if at is None else at).cast("timestamp"),
        brands=brands, **told,
    )  # fmt: skip


def _with_people(rows: Any) -> Any:
    """How many wrote in answer to the same question of the same channel and brands."""
    by = ["source", "question", "group"]
    return rows.inner_join(rows.group_by(by).aggregate(people=rows["origin"].nunique()), by)


def _with_readings(rows: Any, session: Session) -> Any:
    """Polarity, intensity and score of each text; null where no coder has read them."""
    table = readings_at_hand(session)
    if table is None:
        return rows.mutate(polarity=ibis.null("string"), intensity=ibis.null("float64"), score=ibis.null("float64"))
    found = session.engine.held(table)
    return rows.left_join(found, list(WHERE)).select(*rows.columns, "polarity", "intensity", "score")


def _narrowed(table: Any, search: Search, asked: Query) -> Any:
    met = [table[name] == value for name in ("source", "question", "channel", "polarity")
           if (value := getattr(search, name))]  # fmt: skip
    if search.brand:
        met.append(table["brands"].contains(search.brand))
    if search.intensity:
        met.append(table["intensity"] >= search.intensity)
    met += [table["folded"].re_search(pattern) for pattern in asked.wanted]
    met += [~table["folded"].re_search(pattern) for pattern in asked.unwanted]
    return table.filter(met) if met else table


def _order(table: Any, order: str) -> list[Any]:
    """The last first; or those that read worst or best first. What stands alike is in the order of the facts."""
    by = table["at" if order == "recent" else "score"]
    return [by.isnull(), by.asc() if order == "worst" else by.desc(), *WHERE]


def _told(row: dict[str, Any]) -> Verbatim:
    at = row["at"]
    return Verbatim(
        row["source"], row["question"], row["text"], row["language"] or "", row["channel"] or "",
        tuple(row["brands"]), row["polarity"] or "", row["intensity"], row["stars"],
        at.date() if isinstance(at, dt.datetime) and row["source"] == "reviews" else None, row["experienced"],
        row["solicited"] or "", row["verified"] or "", row["replied"] or "",
    )  # fmt: skip
