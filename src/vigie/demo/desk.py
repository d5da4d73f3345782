"""A service desk: cases, and what happened to each, as its tool writes it, one row per event."""

from __future__ import annotations

from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.demo.mistakes import Mistake
from vigie.demo.population import Floats, Ints
from vigie.demo.tables import lines, table
from vigie.demo.telling import Mask
from vigie.demo.truth import FIELD, DeskTruth, Truth

CHANNELS = ("phone", "web_form", "email", "chat")  # by which cases are opened
STORE = "face_to_face"
CODES = {"phone": "TEL", "web_form": "WEB", "email": "MAIL", "chat": "TCHAT", STORE: "MAG"}
KINDS = {"opened": "CREA", "first_response": "REP1", "message": "MSG", "transferred": "TRANSF", "resolved": "RESOLU",
         "reopened": "REOUV", "abandoned": "ABANDON", "closed": "CLOS", "note": "NOTE"}  # fmt: skip
TOPICS = {"order": "CDE", "return": "RET", "invoice": "FACT", "breakdown": "PANNE"}
_TOPIC_SHARE = np.array((0.38, 0.24, 0.20, 0.18))
_GOES_TO = np.array((1, 0, 0, 0))  # the channel that a case takes after its first: the phone, or the web
_THEN_STORE = 0.3  # of those that changed
_AGENTS = 14
Moments = npt.NDArray[np.datetime64]


def desk_truth(wave: str) -> DeskTruth:
    """What the desk does in a wave; in 2024 it lets fewer calls ring out and answers e-mails sooner."""
    late = wave == "2024"
    return DeskTruth(
        wave, share=np.array((0.40, 0.27, 0.21, 0.12)), abandoned=np.array((0.09 if late else 0.14, 0, 0, 0.06)),
        unanswered=np.array((0.0, 0.06, 0.08, 0.0)),
        minutes=np.array((3.0, 600.0, 540.0 if late else 900.0, 1.5)), spread=np.array((0.7, 0.9, 1.0, 0.6)),
        resolved=np.array((0.84, 0.72, 0.70, 0.76)), changed=np.array((0.10, 0.30, 0.24, 0.16)), reopened=0.07,
        transferred=0.15,
    )  # fmt: skip


def desk_values(truth: Truth, wave: str) -> dict[tuple[str, str], float]:
    """The true value of every indicator on the log."""
    planted = truth.desk[wave]
    answered = 1 - planted.abandoned - planted.unanswered
    share = planted.share
    reached = float(share @ answered)
    found = {
        ("case_answered", ""): reached, ("case_abandoned", ""): float(share @ planted.abandoned),
        ("case_resolved", ""): float(share @ (answered * planted.resolved)),
        ("case_changed", ""): float(share @ (answered * planted.changed)) / reached,
        ("case_reopened", ""): planted.reopened,
    }  # fmt: skip
    through_the_web = np.isin(np.arange(len(CHANNELS)), (CHANNELS.index("phone"), CHANNELS.index("web_form")))
    found["web_to_store", ""] = float(share @ (answered * planted.changed * through_the_web)) * _THEN_STORE / reached
    found |= {("case_topic", code): float(part) for code, part in zip(TOPICS, _TOPIC_SHARE, strict=True)}
    for place, channel in enumerate(CHANNELS):
        found["case_answered", channel] = float(answered[place])
        found["case_abandoned", channel] = float(planted.abandoned[place])
        found["case_resolved", channel] = float(answered[place] * planted.resolved[place])
        found["case_changed", channel] = float(planted.changed[place])
    within = {w: answered * _by(planted, h) for w, h in (("1 h", 1.0), ("24 h", 24.0), ("48 h", 48.0), ("7 d", 168.0))}
    for name, by_channel in within.items():
        stayed = 1 - planted.abandoned  # who gave up was not to be answered any more, and is not in the base
        found["first_response_time", f"within={name}"] = float(share @ by_channel / (share @ stayed))
        for place, channel in enumerate(CHANNELS):
            found["first_response_time", f"{channel}/within={name}"] = float(by_channel[place] / stayed[place])
    return found


def _by(planted: DeskTruth, hours: float) -> Floats:
    """The chance that an answer comes within so many hours, of the cases that get one."""
    away = (np.log(hours * 60) - np.log(planted.minutes)) / planted.spread
    return np.array([NormalDist().cdf(float(z)) for z in away])


def write_log(path: Path, truth: Truth, wave: str, rng: np.random.Generator) -> dict[str, Any]:
    """Draws and writes the log of a wave; says what the file holds."""
    cases = truth.plan.cases
    case, kind, at, channel, topic = draw_events(truth.desk[wave], cases, rng)
    kinds, codes = np.array(list(KINDS.values())), np.array(list(CODES.values()))
    agent = np.where(kind == _k("opened"), "", np.char.add("agent ", rng.integers(1, _AGENTS, len(case)).astype(str)))
    columns = {
        "ticket": [f"D{wave[2:]}-{number:06d}" for number in (case + 1).tolist()],
        "evenement": kinds[kind].tolist(),
        "horodatage": np.char.replace(np.datetime_as_string(at), "T", " ").tolist(),
        "canal": codes[channel].tolist(),
        "motif": np.array(list(TOPICS.values()))[topic].tolist(),
        "agent": agent.tolist(),
    }
    mistakes = _spoil(columns, kind, rng)
    table(path, lines(columns), delimiter=";")
    return {"rows": len(case), "cases": cases, "mistakes": [m.record() for m in mistakes]}


def _k(name: str) -> int:
    return list(KINDS).index(name)


def draw_events(planted: DeskTruth, cases: int, rng: np.random.Generator) -> tuple[Ints, Ints, Moments, Ints, Ints]:
    """Events in the order of time: case, kind (of `KINDS`), moment, channel (of `CODES`), topic of the case."""
    first = _pick(planted.share, cases, rng)
    opened = _opened(planted.wave, cases, rng)
    spot = rng.random(cases)
    abandoned = spot < planted.abandoned[first]
    answered = ~abandoned & (spot >= planted.abandoned[first] + planted.unanswered[first])
    delay = np.exp(rng.normal(np.log(planted.minutes[first]), planted.spread[first])) * 60
    wait = np.where(abandoned, rng.exponential(240, cases) + 20, delay)
    response = opened + _seconds(1 + wait)
    topic = _pick(_TOPIC_SHARE, cases, rng)
    events: list[tuple[Mask, str, Moments, Ints]] = [
        (np.ones(cases, dtype=bool), "opened", opened, first), (abandoned, "abandoned", response, first),
        (answered, "first_response", response, first),
    ]  # fmt: skip
    now, channel = response, first
    for name, chance in (("transferred", planted.transferred), ("message", 0.45), ("note", 0.25)):
        some = answered & (rng.random(cases) < chance)
        now = now + _later(some, 0.4, rng)
        events.append((some, name, now, channel))
    changed = answered & (rng.random(cases) < planted.changed[first])
    now, channel = now + _later(changed, 9.0, rng), np.where(changed, _GOES_TO[first], channel)
    events.append((changed, "message", now, channel))
    store = changed & (rng.random(cases) < _THEN_STORE)
    now, channel = now + _later(store, 30.0, rng), np.where(store, list(CODES).index(STORE), channel)
    events.append((store, "message", now, channel))
    resolved = answered & (rng.random(cases) < planted.resolved[first])
    now = now + _later(resolved, 4.0, rng)
    events.append((resolved, "resolved", now, channel))
    again = resolved & (rng.random(cases) < planted.reopened)
    now = now + _later(again, 30.0, rng)
    events.append((again, "reopened", now, channel))
    now = now + _later(again, 12.0, rng)
    events.append((again, "resolved", now, channel))
    closed = resolved | (answered & (rng.random(cases) < 0.5))
    events.append((closed, "closed", now + _later(closed, 60.0, rng), channel))
    case = np.concatenate([np.flatnonzero(some) for some, *_ in events])
    kind = np.repeat([_k(name) for _, name, *_ in events], [int(some.sum()) for some, *_ in events])
    at = np.concatenate([moment[some] for some, _, moment, _ in events])
    where = np.concatenate([channel[some] for some, _, _, channel in events])
    order = np.lexsort((np.arange(len(case)), at))
    return case[order], kind[order], at[order], where[order], topic[case[order]]


def _pick(chance: Floats, n: int, rng: np.random.Generator) -> Ints:
    return np.asarray(np.searchsorted(np.cumsum(chance)[:-1], rng.random(n), side="right"))


def _seconds(seconds: Floats) -> npt.NDArray[np.timedelta64]:
    return np.asarray(seconds.astype(np.int64).astype("timedelta64[s]"))


def _later(some: Mask, hours: float, rng: np.random.Generator) -> npt.NDArray[np.timedelta64]:
    """How much later something happens, around so many hours; no time passes where it does not happen."""
    taken = np.exp(rng.normal(np.log(hours), 0.8, size=len(some))) * 3600
    return _seconds(np.where(some, 1 + taken, 0.0))


def _opened(wave: str, cases: int, rng: np.random.Generator) -> Moments:
    first, last = (np.datetime64(day, "D") for day in FIELD[wave])
    day = first + rng.integers(0, (last - first).astype(int) + 1, size=cases).astype("timedelta64[D]")
    return np.sort(day.astype("datetime64[s]") + rng.integers(8 * 3600, 20 * 3600, cases).astype("timedelta64[s]"))


def _spoil(columns: dict[str, list[str]], kind: Ints, rng: np.random.Generator) -> list[Mistake]:
    """Spoils a few cells of notes in place, so that no case changes its course."""
    rows = rng.permutation(np.flatnonzero(kind == _k("note")))[:3].tolist()
    wrong = (("evenement", "???", "unknown-code"), ("horodatage", "2024-02-31 10:00:00", "bad-date"),
             ("ticket", "", "missing-id"))  # fmt: skip
    found = []
    for row, (column, cell, problem) in zip(rows, wrong, strict=True):
        found.append(Mistake(row + 2, columns["ticket"][row], column, cell, problem))
        columns[column][row] = cell
    return found
