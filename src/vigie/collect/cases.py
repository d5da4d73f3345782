"""Files with one row per case or call, and the shape of `cases`, which files of events are folded into too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.ledger import Mask, mask
from vigie.collect.own import read_own, routed
from vigie.collect.records import FILE, ROW, Records
from vigie.collect.sheet import Sheet
from vigie.formats.values import codes
from vigie.study.fields import NO, YES
from vigie.study.model import Study
from vigie.study.waves import Wave

MOMENT = pa.timestamp("us")


def read_cases(records: Records) -> pa.Table | None:
    """The cases of a file that has one row for each; None where a column that is needed is missing."""
    placed = records.required("case")
    if placed is None:
        return None
    keys = codes(placed[1])
    records.drop("missing-id", ~mask(keys.is_valid()), keys, "is not a case")
    brand = _brands(records)
    at = _opened(records)
    keys, brand, at = records.settle(keys, brand, at)
    columns = {"brand": brand, "sector": records.sector(brand), **_told(records, at)}
    own = read_own(records, "log")
    return case_table(records.study, records.wave, keys, columns, own)


def case_table(study: Study, wave: Wave, keys: pa.Array, columns: Mapping[str, pa.Array], own: Sheet) -> pa.Table:
    """Cases with their fields, states and own questions, and with the file and the row where each stands."""
    states = routed(study, wave, "log", own, columns)
    places = {FILE: pa.array(own.shown, pa.string()).take(pa.array(own.files)), ROW: pa.array(own.numbers)}
    return pa.table({"case": keys, "wave": pa.repeat(wave.id, len(keys)), **columns, **states, **places})


def channels_taken(study: Study, taken: Mapping[str, Mask], known: Mask) -> dict[str, pa.Array]:
    """One column of truths per channel of the study, null for cases of which no channel is known."""
    none, nobody = pa.scalar(None, pa.bool_()), np.zeros(len(known), dtype=bool)
    return {
        f"channels.{c}": pc.if_else(pa.array(known), pa.array(taken.get(c, nobody)), none)
        for c in study.header.channels
    }


def _brands(records: Records) -> pa.Array:
    """The brand of each row; a row of another brand, or of none where the file has the column, is refused."""
    found, raw = records.brands_of_rows()
    if raw is not None:
        records.drop("unknown-brand", ~mask(found.is_valid()), raw, "is not a brand of this wave")
    return found


def _opened(records: Records) -> pa.Array:
    """When each case was opened; in a wave with `field:`, cases opened outside of it are left out."""
    found = records.joined_moment()
    if found is None:
        if records.wave.field is not None:
            said = "no moment of opening (`at:`): cases of every day count"
            records.source.ledger.notes.append(f"{records.source.shown}: {said}")
        return pa.nulls(len(records.source), MOMENT)
    shown, raw, values, failed = found
    records.source.refuse("bad-date", shown, raw, failed, "is not a possible date")
    records.outside(values.cast(pa.date32(), safe=False), raw, "is no moment of opening")
    return values


def _told(records: Records, opened: pa.Array) -> dict[str, pa.Array]:
    """What the row of a case tells: moments, durations in hours, and what came of it.

    A call that nobody answered was abandoned: its wait lasted until then, and nothing was dealt with or resolved.
    """
    n, channel = len(records.source), records.channel_cells()
    columns: dict[str, pa.Array] = {
        "answered": records.yes_no("answered"), "resolved": records.yes_no("resolved"),
        "wait": records.hours("wait"), "handling": records.hours("handling"),
        "resolved_at": records.moment("resolved_at"),
    }  # fmt: skip
    unanswered = mask(pc.equal(columns["answered"], NO))
    _contradictions(records, columns, opened, unanswered)
    gone, waited = pa.array(unanswered), pc.add(opened, _duration(columns["wait"]))
    answered = pc.if_else(columns["wait"].is_valid(), pc.fill_null(columns["answered"], YES), columns["answered"])
    known = np.asarray(mask(channel.is_valid()))
    taken = {c: mask(pc.equal(channel, c)) for c in records.study.header.channels}
    return {
        "channel": channel, **channels_taken(records.study, taken, known), "opened_at": opened,
        "first_response_at": _unless(gone, waited), "resolved_at": columns["resolved_at"],
        "abandoned_at": _unless(pc.invert(gone), waited), "closed_at": pa.nulls(n, MOMENT),
        "wait": _unless(gone, columns["wait"]), "handling": _unless(gone, columns["handling"]),
        "answered": answered, "resolved": _resolved(records, columns), "abandoned": _abandoned(columns["answered"]),
        "changed": pa.nulls(n, pa.string()), "reopened": pa.nulls(n, pa.string()),
        "contacts": pa.array(np.ones(n)), "transfers": pa.nulls(n, pa.float64()),
    }  # fmt: skip


def _contradictions(records: Records, columns: dict[str, pa.Array], opened: pa.Array, unanswered: Mask) -> None:
    """Take back what other cells of the row exclude."""
    checks: Sequence[tuple[str, Mask, str]] = (
        ("handling", unanswered & mask(pc.greater(columns["handling"], 0.0)), "though nobody answered"),
        ("resolved", unanswered & mask(pc.equal(columns["resolved"], YES)), "though nobody answered"),
        ("resolved_at", mask(pc.less(columns["resolved_at"], opened)), "is before the case was opened"),
    )
    for name, wrong, why in checks:
        records.contradict(name, columns, wrong, why)
    unsolved = mask(pc.equal(columns["resolved"], NO)) & mask(columns["resolved_at"].is_valid())
    records.contradict("resolved_at", columns, unsolved, "though the case was not resolved")


def _resolved(records: Records, columns: Mapping[str, pa.Array]) -> pa.Array:
    """Whether a case was resolved: as its cell says, else where it has a moment of resolution."""
    if not records.has("resolved_at"):
        return columns["resolved"]
    undated = pa.scalar(None, pa.string()) if records.has("resolved") else pa.scalar(NO)
    return pc.coalesce(columns["resolved"], pc.if_else(columns["resolved_at"].is_valid(), YES, undated))


def _abandoned(answered: pa.Array) -> pa.Array:
    """A case that nobody answered was abandoned."""
    said = pc.if_else(pc.equal(answered, NO), YES, NO)
    return pc.if_else(answered.is_valid(), said, pa.scalar(None, pa.string()))


def _duration(hours: pa.Array) -> pa.Array:
    return pc.round(pc.multiply(hours, 3600e6)).cast(pa.int64()).cast(pa.duration("us"))


def _unless(condition: pa.Array, values: pa.Array) -> pa.Array:
    return pc.if_else(condition, pa.scalar(None, values.type), values)
