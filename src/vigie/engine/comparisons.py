"""Any two waves beside each other: what was measured otherwise, and what changed where that may be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vigie.engine.changes import Before, with_changes
from vigie.engine.indices import rescaled
from vigie.engine.mixes import mixes
from vigie.engine.overlap import Surveys
from vigie.engine.shared_people import shared_people
from vigie.results.waves import Comparison, WaveResults
from vigie.study.instruments import differences, notes_of
from vigie.study.model import Study
from vigie.verbatim.polarity import CODER


def compared(
    study: Study, one: WaveResults, two: WaveResults, known: Sequence[WaveResults], panel: Surveys
) -> Comparison:
    """Wave `two` with its changes since wave `one`; `known` are all waves before `two`, which may link the two.

    The same rules and tests as between neighbouring waves.
    """
    before, now = study.waves[one.wave], study.waves[two.wave]
    found = differences(study, before, now, (CODER, CODER))
    since = Before(known, panel, notes_of(found), one.wave, one.wave)
    plain = [replace(e, change=None) for e in two.estimates if e.unit != "index"]
    changed = with_changes(study, now, since, plain, (*two.cells, *two.thin))
    changed += rescaled(changed, [e for e in two.estimates if e.unit == "index"])
    made = mixes(study, now, changed, known, panel)
    return Comparison(one, replace(
        two, previous=one.wave, estimates=tuple(changed), differences=found, mixes=tuple(made),
        shared=shared_people(panel, before, now),
    ))  # fmt: skip
