"""Real contact logs as studies: five thousand calls, and the events of a help desk and of an incident system.

The calls name the agent who took each of them; that column is never mapped. The events have numbers for their kinds and
no list of what these mean: the study assumes it, from how often each number comes first or last in a case.
"""

from __future__ import annotations

import csv
import json
import shutil
from calendar import monthrange
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "contacts"
CALLS = SHARED / "call_centre_2021.xlsx"
HELPDESK, INCIDENTS = SHARED / "helpdesk_events.csv", SHARED / "incidents_events.csv"
MISSING = not all(p.is_file() for p in (CALLS, HELPDESK, INCIDENTS))
CALL, AGENT, DAY, TIME, TOPIC, ANSWERED, RESOLVED, SPEED, TALK, MARK = range(10)  # columns of the first sheet
WITHIN = ("20 s", "60 s", "90 s", "120 s")
DAYS = ("1 d", "7 d", "30 d")
# what the numbers of events are assumed to be; the others are taken for messages
HELPDESK_KINDS = {"1": "opened", "6": "resolved"}
INCIDENT_KINDS = {"1": "message", "5": "resolved", "9": "closed"}


@cache
def table() -> tuple[list[str], list[list[Any]]]:
    """The headers and the calls of the workbook's first sheet."""
    header, *rows = CalamineWorkbook.from_path(CALLS).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [str(h) for h in header], rows


def agents() -> set[str]:
    _, rows = table()
    return {str(row[AGENT]).strip() for row in rows} - {""}


def moment(row: list[Any]) -> datetime:
    """When a call came in, on the desk's own clock."""
    return datetime.combine(datetime.fromisoformat(row[DAY]).date(), row[TIME])


def topics() -> dict[str, str]:
    """A code of ours for each topic."""
    _, rows = table()
    return {f"t{k}": name for k, name in enumerate(sorted({row[TOPIC] for row in rows}), start=1)}


def _indicator(name: str, **told: Any) -> dict[str, Any]:
    return {"id": name, "source": "log", "label": name.replace("_", " ").capitalize(), **told}


def months() -> dict[str, tuple[str, str]]:
    """The first and the last day of each month of the calls."""
    _, rows = table()
    found = sorted({row[DAY][:7] for row in rows})
    return {month: (f"{month}-01", f"{month}-{monthrange(*map(int, month.split('-')))[1]}") for month in found}


def calls(*, monthly: bool = False) -> dict[str, Any]:
    """The study of the calls, one row per call: as one wave, or as one for each month."""
    file = {"log": {"path": "log.xlsx", "import": "centre"}}
    waves: list[dict[str, Any]] = [{"id": "2021", "files": file}]
    if monthly:
        waves = [{"id": month, "field": list(days), "files": file} for month, days in months().items()]
    header, _ = table()
    return {
        "study": "calls", "title": {"en": "Calls", "fr": "Appels"}, "languages": ["en", "fr"], "channels": ["phone"],
        "population": {"en": "All calls", "fr": "Tous les appels"},
        "log": {
            "questions": [
                {"id": "topic", "kind": "single", "label": {"en": "Topic", "fr": "Sujet"}, "options": topics()},
                {"id": "mark", "kind": "scale", "label": {"en": "Satisfaction", "fr": "Satisfaction"},
                 "scale": {"from": 1, "to": 5, "low": "1", "high": "5"}},
            ]
        },
        "indicators": [
            _indicator("answered", share="answered == yes", by="topic", decimals=1, better="high"),
            _indicator("abandoned", share="abandoned == yes", by="topic", decimals=1, better="low"),
            _indicator("resolved", share="resolved == yes", by="topic", decimals=1, better="high"),
            _indicator("resolved_if_answered", share="resolved == yes", base="answered == yes", by="topic", decimals=1),
            _indicator("satisfaction", mean="mark", by="topic", decimals=2),
            _indicator("marks", share="mark"),
            _indicator("seconds_waited", mean="wait * 3600", by="topic", decimals=1),
            _indicator("seconds_handled", mean="handling * 3600", decimals=1),
            _indicator("waiting", time_to="wait", within=list(WITHIN), by="topic"),
        ],
        "imports": {
            "centre": {
                "case": header[CALL], "at": {"from": header[DAY], "order": "ymd"}, "time": header[TIME],
                "only_channel": "phone", "answered": header[ANSWERED], "resolved": header[RESOLVED],
                "wait": {"from": header[SPEED], "unit": "s"}, "handling": header[TALK],
                "columns": {"topic": {"from": header[TOPIC], "labels": True}, "mark": header[MARK]},
            }
        },
        "waves": waves,
    }  # fmt: skip


@dataclass(frozen=True)
class Event:
    case: str
    number: str  # of its kind
    at: datetime


@cache
def events(path: Path) -> dict[str, list[Event]]:
    """The events of each case in the order of time, and of the file where the time is one."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        _, *rows = list(csv.reader(file))
    found: dict[str, list[Event]] = defaultdict(list)
    for case, number, at in rows:
        found[case].append(Event(case, number, datetime.fromisoformat(at)))
    return {case: sorted(listed, key=lambda e: e.at) for case, listed in found.items()}


def ends(path: Path) -> tuple[Counter[str], Counter[str]]:
    """How often each number stands first in a case, and last."""
    cases = events(path).values()
    return Counter(c[0].number for c in cases), Counter(c[-1].number for c in cases)


def desk(name: str, path: Path, kinds: dict[str, str]) -> dict[str, Any]:
    """The study of a log of events: one row per event."""
    with path.open(encoding="utf-8-sig") as file:
        case, number, at = file.readline().strip().split(",")
    numbers = sorted({e.number for listed in events(path).values() for e in listed}, key=int)
    assumed = {n: kinds.get(n, "message") for n in numbers}
    told = "; ".join(f"{n} = {kind}" for n, kind in kinds.items())
    return {
        "study": name, "title": {"en": "Help desk", "fr": "Assistance"}, "languages": ["en", "fr"],
        "channels": {"desk": {"en": "Desk", "fr": "Guichet"}},
        "population": {
            "en": f"All cases. No list of codes is published. Assumed: {told}; the others are messages",
            "fr": f"Tous les dossiers. Sans liste de codes publiée. Supposé : {told} ; les autres sont des messages",
        },
        "indicators": [
            _indicator("contacts", mean="contacts", decimals=2),
            _indicator("one_contact", share="contacts <= 1"),
            _indicator("resolved", share="resolved == yes"),
            _indicator("resolution", time_to="resolved_at", within=list(DAYS)),
        ],
        "imports": {
            "desk": {
                "case": case, "kind": {"from": number, "codes": assumed}, "at": {"from": at, "order": "ymd"},
                "only_channel": "desk",
            }
        },
        "waves": [{"id": "all", "files": {"log": {"path": "log.csv", "import": "desk"}}}],
    }  # fmt: skip


def write(folder: Path, told: dict[str, Any], data: Path) -> Path:
    """The study's folder; JSON is YAML."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.yaml").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    shutil.copyfile(data, folder / f"log{data.suffix}")
    return folder
