"""Which interviews count: complete ones, those that got far enough, or all but the screened out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.collect.answers import folded, translate
from vigie.collect.ledger import FEW, HOPELESS, Mask, mask, shorten
from vigie.collect.sheet import Sheet, reached, taken
from vigie.collect.source import SourceFile
from vigie.formats.values import codes
from vigie.study.imports import SurveyImport
from vigie.study.waves import Interviews, Wave

COMPLETE, PARTIAL, SCREENED_OUT = "complete", "partial", "screened_out"
STATUSES = (COMPLETE, PARTIAL, SCREENED_OUT)


def statuses(source: SourceFile, rules: SurveyImport) -> pa.Array:
    """Each row's status, by the import's codes or in the words of the study; all null where no column tells it."""
    placed = source.placed(rules.status) if rules.status is not None else None
    if placed is None or rules.status is None:
        return pa.nulls(len(source), pa.string())
    raw = codes(placed[1])
    words = pc.replace_substring_regex(folded(raw), "[ -]", "_")
    found = translate(words, {s: s for s in STATUSES})
    return pc.coalesce(translate(raw, rules.status.codes), found) if rules.status.codes else found


def counting(source: SourceFile, rules: SurveyImport, wave: Wave, status: pa.Array) -> Mask:
    """Which rows of a file may count by their status; the others are told in the ledger.

    Screened out people never count, partial interviews not where the wave takes complete ones only.
    """
    if rules.status is None:
        return np.ones(len(source), dtype=bool)
    unknown = ~mask(status.is_valid())
    _refuse_unknown(source, rules, unknown)
    screened = mask(pc.equal(status, SCREENED_OUT))
    source.ledger.refuse_filtered(source.shown, int(screened.sum()), SCREENED_OUT)
    left = unknown | screened
    if wave.interviews == "complete":
        partial = mask(pc.equal(status, PARTIAL))
        source.ledger.refuse_filtered(source.shown, int(partial.sum()), PARTIAL)
        left |= partial
    return ~left


def _refuse_unknown(source: SourceFile, rules: SurveyImport, unknown: Mask) -> None:
    placed = source.placed(rules.status) if rules.status is not None else None
    if placed is None or not unknown.any():
        return
    said = placed[1].filter(pa.array(unknown)).to_pylist()
    rows = source.numbers[unknown].tolist()
    source.ledger.refuse_rows("unknown-code", source.shown, rows, (f"{shorten(s)} is no status" for s in said))
    if len(said) >= FEW and len(said) > HOPELESS * len(source):
        message = f'{len(said):,} of {len(source):,} cells in column "{placed[0]}" are no status of an interview.'
        source.complain("unknown-code", message, f"Map its codes in the import to {', '.join(STATUSES)}.")


def far_enough(sheet: Sheet, wave: Wave, status: pa.Array, order: Iterable[str]) -> Sheet:
    """Without the interviews that stopped before the question that the wave names; complete ones stay."""
    if not isinstance(wave.interviews, Interviews):
        return sheet
    order = list(order)
    last = reached(sheet.answers, order, len(sheet.respondent))
    kept = mask(pc.equal(status, COMPLETE)) | (last >= order.index(wave.interviews.past))
    sheet.ledger.refuse_filtered(sheet.shown[0], int((~kept).sum()), PARTIAL)
    return taken(sheet, np.flatnonzero(kept))
