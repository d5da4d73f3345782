"""Where the respondents of a wave come from: the panels of its files, as a question that nobody had to be asked."""

from __future__ import annotations

from collections.abc import Iterable

from vigie.study.questions import Single
from vigie.study.waves import Wave

PANEL = "panel"


class Panel(Single):
    """The panel of each respondent: a single question for margins, banners and expressions, filled by intake."""


def panels(wave: Wave) -> tuple[str, ...]:
    """The panels that a wave blends, in the order of its files; none where no file names one."""
    files = wave.by_source.get("survey", [])
    return tuple(dict.fromkeys(f.panel or wave.panel for f in files)) if any(f.panel for f in files) else ()


def panel_question(waves: Iterable[Wave]) -> Panel | None:
    """The question of the panels of all waves; None where no file of a survey names one."""
    listed = list(waves)
    if not any(panels(w) for w in listed):
        return None
    names = dict.fromkeys(p for w in listed for p in (panels(w) or (w.panel,)) if p)
    label = {"fr": "Panel de provenance", "en": "Panel"}
    return Panel.model_validate({"id": PANEL, "kind": "single", "label": label, "options": {n: n for n in names}})
