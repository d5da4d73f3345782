"""What `vigie run` wrote of a release, and how each file is called on a page."""

from __future__ import annotations

from vigie.language import N_, Words
from vigie.store.models import Release
from vigie.web.library import HOME

KINDS = {
    ".html": "text/html; charset=utf-8", ".json": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
CALLED = {
    "report.fr.html": N_("Report (in French)"), "report.en.html": N_("Report (in English)"),
    "report.fr.xlsx": N_("Tab book (XLSX, in French)"), "report.en.xlsx": N_("Tab book (XLSX, in English)"),
    "results.json": N_("Results as data (JSON)"),
}  # fmt: skip


def listed(release: Release) -> list[str]:
    """The names of a release's files."""
    folder = HOME.release(release)
    return sorted(p.name for p in folder.iterdir() if p.suffix in KINDS and p.name != "run.json")


def named(release: Release, words: Words) -> list[tuple[str, str]]:
    """The same in the order of a list on a page, each with what it is in words; its name alone where nobody knows."""
    order = list(CALLED)
    names = sorted(listed(release), key=lambda name: order.index(name) if name in CALLED else len(order))
    return [(name, words.gettext(CALLED[name]) if name in CALLED else name) for name in names]
