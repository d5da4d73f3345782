"""Indicators over the waves, broken where two waves cannot be compared."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.report.blocks import Block, Chart, Section, Series, Trend
from vigie.report.captions import note, unit_line
from vigie.report.edition import CHANNEL, Edition
from vigie.report.edition import Key as Line
from vigie.results import Estimate, WaveResults

MOST_SERIES = 6
History = list[Estimate | None]  # one per wave


def trends(edition: Edition) -> Iterator[Block]:
    waves = [*edition.earlier, edition.results]
    if len(waves) < 2:
        return
    words = edition.words
    charts = [chart for key, codes in _lines(edition) if (chart := _chart(edition, waves, key, codes)) is not None]
    if charts:
        yield Section("trends", words.gettext("Trends"), words.gettext("Over the waves"))
        yield from charts


def _lines(edition: Edition) -> Iterator[tuple[Line, list[str | None]]]:
    """What is drawn: each indicator on the whole, then each by its most used channels."""
    for key in edition.whole():
        yield key, [None]
    for key, figures in edition.by(CHANNEL).items():
        shown = [c for c in edition.channels if c in figures and figures[c].flag != "hidden"]
        yield key, [*shown[:MOST_SERIES]]


def _chart(edition: Edition, waves: list[WaveResults], key: Line, codes: list[str | None]) -> Chart | None:
    histories = [(code, _history(waves, key, code)) for code in codes]
    histories = [(c, h) for c, h in histories if sum(e is not None and e.value is not None for e in h) > 1]
    current = [h[-1] for _, h in histories if h[-1] is not None]
    if not histories or not current:
        return None
    first = _first_seen([h for _, h in histories])
    trimmed = [(c, h[first:]) for c, h in histories]
    breaks = [_breaks(h) for _, h in trimmed]
    series = tuple(
        Series(
            edition.label(f"channel:{code}") if code else "",
            tuple(edition.figure(e) if e else None for e in history),
            tuple(found),
        )
        for (code, history), found in zip(trimmed, breaks, strict=True)
    )
    reasons = {i: reason for found in breaks for i, reason in found.items() if i}
    told = tuple((i, edition.words.reason(reason)) for i, reason in sorted(reasons.items()))
    names = tuple(w.wave for w in waves[first:])
    sub = unit_line(edition, current[0])
    sub += _by_wave(edition, len(codes), len(edition.by(CHANNEL).get(key, {})))
    spec = Trend(names, series, current[0].unit, current[0].decimals, told)
    return Chart(_title(edition, current, names, reasons), sub, spec, note(edition, current), half=True)


def _by_wave(edition: Edition, drawn: int, there: int) -> str:
    """Which of the channels are drawn, when not all."""
    words = edition.words
    if there > drawn > 1:
        return words.gettext(", by wave; the {n} most used channels", n=words.count(drawn))
    return words.gettext(", by wave")


def _history(waves: list[WaveResults], key: Line, channel: str | None) -> History:
    segment = ((CHANNEL, channel),) if channel else ()
    found: History = []
    for wave in waves:
        same = (e for e in wave.estimates if (e.source, e.indicator) == key and e.segment == segment)
        found.append(next(same, None))
    return found


def _first_seen(histories: list[History]) -> int:
    return min(next(i for i, e in enumerate(h) if e is not None and e.value is not None) for h in histories)


def _breaks(history: History) -> dict[int, str]:
    """Before which waves a line is broken, and why; without a verdict, a changed identity breaks it."""
    found, last = {}, None
    for i, estimate in enumerate(history):
        if estimate is None:
            continue
        change = estimate.change
        if change is not None and change.verdict == "break":
            found[i] = change.reason or "not_comparable"
        elif change is None and last is not None and last.identity != estimate.identity:
            found[i] = "not_comparable"
        last = estimate
    return found


def _title(edition: Edition, current: list[Estimate], waves: tuple[str, ...], reasons: dict[int, str]) -> str:
    words, name = edition.words, edition.indicator(current[0])
    moves = [e for e in current if edition.figure(e).moved and e.change and e.change.difference is not None]
    if moves:
        return words.gettext("{indicator}: {moves}", indicator=name, moves=_moves(edition, moves))
    if len(waves) - 1 in reasons:
        return words.gettext("{indicator}: a new series begins in {wave}", indicator=name, wave=waves[-1])
    tested = [e.change for e in current if e.change is not None and e.change.verdict == "none"]
    if tested:
        return words.gettext("{indicator}: no significant change since {wave}", indicator=name, wave=tested[0].wave)
    return words.gettext("{indicator}, {first} to {last}", indicator=name, first=waves[0], last=waves[-1])


def _moves(edition: Edition, moves: list[Estimate]) -> str:
    """`Messaging +7 points, Phone −7 points`, the widest first; the rest is counted."""
    words = edition.words
    widest = sorted(moves, key=lambda e: -abs(e.change.difference or 0) if e.change else 0)
    told = []
    for e in widest[:3]:
        difference = (e.change.difference or 0.0) if e.change else 0.0
        size = ("+" if difference > 0 else "−") + words.points(difference, e.unit, e.decimals)
        channel = e.at(CHANNEL)
        told.append(f"{edition.label(f'channel:{channel}')} {size}" if channel else size)
    if more := len(moves) - len(told):
        told.append(words.ngettext("{n} other change", "{n} other changes", more))
    if moves[0].at(CHANNEL) is None and moves[0].change:
        return words.gettext("{change} since {wave}", change=told[0], wave=moves[0].change.wave)
    return ", ".join(told)
