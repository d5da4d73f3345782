"""What an automatic coder reads in texts: their polarity and the brands they name, as derived tables and columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.engine.coding import WHERE, Coder, Mentions, Polarity
from vigie.engine.plan import Plan
from vigie.engine.session import KEYS, Session
from vigie.results.figures import Source
from vigie.snapshot.derived import derived, derived_key, standing
from vigie.study.brands import on_day
from vigie.study.expressions import Call, Tree, names
from vigie.study.model import Study
from vigie.study.questions import Open, Question
from vigie.study.resolution import READ
from vigie.study.waves import Wave
from vigie.verbatim import polarity

FEW = 20_000  # texts that are read while somebody waits
NO_TEXT: dict[str, pa.DataType] = {"polarity": pa.string(), "intensity": pa.float64()}


def read_questions(plans: Iterable[Plan], questions: Mapping[str, Question]) -> tuple[list[str], list[str]]:
    """The open questions whose polarity or intensity the plans need, and those in which they look for brands."""
    listed = list(plans)
    read = [name for p in listed for tree in (p.main.tree, p.base) for name in read_in(tree)]
    named = [p.main.questions[0] for p in listed if looks_for_brands(p, questions)]
    return list(dict.fromkeys(read)), list(dict.fromkeys(named))


def read_in(tree: Tree) -> list[str]:
    """The open questions whose polarity or intensity an expression asks for."""
    return [leaf.name for leaf in names(tree) if isinstance(leaf, Call) and leaf.function in READ]


def looks_for_brands(plan: Plan, questions: Mapping[str, Question]) -> bool:
    """Whether a plan counts the brands that texts name."""
    return plan.indicator.kind == "mentions" and isinstance(questions.get(plan.main.questions[0]), Open)


def coder_of(plan: Plan, questions: Mapping[str, Question]) -> str:
    """The coder that read the texts behind a plan's figures, or nothing."""
    read, named = read_questions([plan], questions)
    return polarity.CODER if read or named else ""


def readings(session: Session) -> tuple[pa.Table, str]:
    """The derived table of polarity: one row per text of the wave, and its key; empty where there is no text."""
    key = derived_key(session.snapshot, ["polarity", polarity.CODER])
    return derived(session.snapshot, "polarity", key, lambda: coded(session, Polarity())), key


def at_hand(session: Session) -> bool:
    """Whether the texts of the wave are read already, or so few that they are read at once."""
    if not session.has("verbatims") or session.rows("verbatims") <= FEW:
        return True
    try:
        standing(session.snapshot, "polarity", [derived_key(session.snapshot, ["polarity", polarity.CODER])])
    except LookupError:
        return False
    return True


def readings_at_hand(session: Session) -> pa.Table | None:
    """The derived table of polarity where it is at hand."""
    return readings(session)[0] if at_hand(session) else None


def coded(session: Session, coder: Coder) -> pa.Table:
    """What a coder finds in the wave's redacted texts, in the order of the facts."""
    if not session.has("verbatims"):
        return coder.schema.empty_table()
    table = session.table("verbatims")
    texts = table.filter(table["text"].notnull()).order_by(list(WHERE)).select(*WHERE, "text", "language")
    return session.engine.coded(texts, coder).sort_by([(name, "ascending") for name in coder.schema.names])


def with_readings(
    table: Any, session: Session, source: Source, questions: Sequence[str], *, value: str | None = None
) -> Any:
    """The rows of a source with the columns `question:polarity` and `question:intensity`, null where there is no text.

    `value` is the column that tells which of a loop's texts a row has; of questions asked once it is not given. Rows of
    evaluations are found by their `person`.
    """
    if not questions:
        return table
    read, _ = readings(session)
    key = KEYS[source] if value is None else "person"
    for question in questions:
        own = read.filter(pc.and_(pc.equal(read["source"], source), pc.equal(read["question"], question)))
        columns = {"_origin": own["origin"], "_value": own["value"]}
        found = session.engine.held(pa.table(columns | {f"{question}:{name}": own[name] for name in NO_TEXT}))
        met = [table[key] == found["_origin"]]
        if value is not None:
            met.append(table[value] == found["_value"])
        table = table.left_join(found, met).drop("_origin", "_value")
    return table


def names_of_brands(study: Study, wave: Wave) -> dict[str, tuple[str, ...]]:
    """By what names texts may call each brand that exists at the wave."""
    day = wave.field[0] if wave.field else None
    return {b.brand: (b.name, *b.aliases) for b in on_day(study.brands, day).values()}


def named_brands(session: Session, study: Study, wave: Wave) -> tuple[pa.Table, str]:
    """The derived table of mentions: one row per text and brand that it names; and its key."""
    called = names_of_brands(study, wave)
    key = derived_key(session.snapshot, ["mentions", polarity.CODER, called])
    return derived(session.snapshot, "mentions", key, lambda: coded(session, Mentions(called))), key


def with_mentions(
    table: Any, session: Session, study: Study, wave: Wave, source: Source, questions: Sequence[str]
) -> Any:
    """The rows of a source with a column `question.brand` for each brand: whether the text names it; null without text.

    Brands that no text names have a column too.
    """
    if not questions:
        return table
    found, _ = named_brands(session, study, wave)
    texts = _origins(session)
    for question in questions:
        own, there = (
            t.filter(pc.and_(pc.equal(t["source"], source), pc.equal(t["question"], question))) for t in (found, texts)
        )
        origin = there["origin"].unique()
        at = pc.index_in(own["origin"].combine_chunks(), origin).to_numpy(zero_copy_only=False).astype(np.int64)
        columns: dict[str, Any] = {"_origin": origin}
        seen = own["brand"].unique().to_pylist()
        for brand in seen:
            hit = np.zeros(len(origin), dtype=bool)
            hit[at[pc.equal(own["brand"], brand).to_numpy()]] = True
            columns[f"{question}.{brand}"] = pa.array(hit)
        texted = session.engine.held(pa.table(columns))
        joined = table.left_join(texted, table[KEYS[source]] == texted["_origin"])
        none = ibis.ifelse(joined["_origin"].notnull(), ibis.literal(False), ibis.null("boolean"))
        rest = [b for b in names_of_brands(study, wave) if b not in set(seen)]
        table = joined.mutate(**{f"{question}.{b}": none for b in rest}).drop("_origin")
    return table


def _origins(session: Session) -> pa.Table:
    """Where the wave's texts come from: the source, the row, and the question of each."""
    columns = ["source", "origin", "question"]
    if not session.has("verbatims"):
        return pa.schema([(name, pa.string()) for name in columns]).empty_table()
    table = session.table("verbatims")
    return table.filter(table["text"].notnull()).order_by(columns).select(*columns).to_pyarrow()
