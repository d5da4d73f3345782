"""A league: ranks that cannot be excluded, scores with their intervals and the threshold, and the ranks as bars."""

from __future__ import annotations

import math
from dataclasses import dataclass

from vigie.language import Words
from vigie.report.blocks import Ranking
from vigie.report.scales import nice_step
from vigie.report.svg import NARROW, WIDE, Canvas, measure
from vigie.results import League, LeagueEntry

ROW, TALL = 38, 54
HEAD = 52


@dataclass(frozen=True, slots=True)
class _Axes:
    """Where scores and ranks lie, each in its own stretch of the drawing."""

    low: float
    high: float
    of: int
    score_x: float
    score_width: float
    rank_x: float
    rank_width: float

    def score(self, value: float) -> float:
        return self.score_x + (value - self.low) / (self.high - self.low) * self.score_width

    def rank(self, value: float) -> float:
        return self.rank_x + (value - 1) / max(self.of - 1, 1) * self.rank_width


def wide(spec: Ranking, words: Words, label: str) -> str:
    league, canvas = spec.league, Canvas(WIDE)
    axes = _axes(league, 384, 260, 716, 310)
    bottom = HEAD + ROW * len(league.entries)
    canvas.text(0, 14, words.gettext("Rank"), "s")
    canvas.text(64, 14, words.gettext("Brand"), "s")
    level, out_of = words.percent(league.level), words.number(league.out_of)
    canvas.text(384, 14, words.gettext("Score out of {out_of}, {level} interval", out_of=out_of, level=level), "s")
    canvas.text(716, 14, _ranks_head(spec, words), "s")
    _threshold(canvas, league, axes, words, bottom)
    for i, (entry, name, remark) in enumerate(zip(league.entries, spec.names, spec.remarks, strict=True)):
        y, bold = HEAD + 8 + i * ROW, "h" if entry.possible_first else ""
        canvas.line(0, y + 19, WIDE, y + 19, "rule")
        canvas.text(0, y + 5, words.rank(entry.rank.low, entry.rank.high), bold)
        canvas.label(64, y + 5, name + (" *" if remark else ""), 262, bold)
        canvas.text(360, y + 5, words.number(entry.score, 1), "m" if entry.flag == "fragile" else "h", "end")
        _marks(canvas, entry, axes, i + 1, y)
    return canvas.render(bottom + 8, label, "wide")


def narrow(spec: Ranking, words: Words, label: str) -> str:
    """Two lines to a brand: its rank, name and score; then its interval and its possible ranks."""
    league, canvas = spec.league, Canvas(NARROW)
    axes = _axes(league, 48, 130, 208, 124)
    bottom = HEAD + TALL * len(league.entries)
    canvas.text(0, 14, words.gettext("Rank"), "s")
    canvas.text(48, 14, words.gettext("Score out of {out_of}", out_of=words.number(league.out_of)), "s")
    canvas.text(204, 14, words.gettext("Possible ranks, of {n}", n=_of(league)), "s")
    _threshold(canvas, league, axes, words, bottom)
    for i, (entry, name, remark) in enumerate(zip(league.entries, spec.names, spec.remarks, strict=True)):
        y, bold = HEAD + 10 + i * TALL, "h" if entry.possible_first else ""
        canvas.box(44, y - 13, NARROW - 44, 19, "paper")
        canvas.text(0, y + 2, words.rank(entry.rank.low, entry.rank.high), bold)
        canvas.label(48, y + 2, name + (" *" if remark else ""), 230, bold)
        canvas.text(NARROW, y + 2, words.number(entry.score, 1), "m" if entry.flag == "fragile" else "h", "end")
        _marks(canvas, entry, axes, i + 1, y + 20)
        canvas.line(0, y + 35, NARROW, y + 35, "rule")
    return canvas.render(bottom + 6, label, "narrow")


def _of(league: League) -> int:
    return max([len(league.entries), *(entry.rank.of for entry in league.entries)])


def _ranks_head(spec: Ranking, words: Words) -> str:
    n = _of(spec.league)
    level = words.percent(spec.league.level)
    return words.ngettext(
        "Possible ranks at {level}, of {n} brand", "Possible ranks at {level}, of {n} brands", n, level=level
    )


def _axes(league: League, score_x: float, score_width: float, rank_x: float, rank_width: float) -> _Axes:
    values = [v for e in league.entries for v in (e.ci_low, e.ci_high)]
    # the threshold keeps clear of the edge, where its label has room
    margin = 0.05 * league.out_of / 2
    values += [league.threshold - margin, league.threshold + margin] if league.threshold is not None else []
    low, high = (min(values), max(values)) if values else (0.0, league.out_of)
    step = nice_step(max((high - low) / 6, 0.1))
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    return _Axes(low, high if high > low else low + 1, _of(league), score_x, score_width, rank_x, rank_width)


def _threshold(canvas: Canvas, league: League, axes: _Axes, words: Words, bottom: float) -> None:
    if league.threshold is None:
        return
    x, top = axes.score(league.threshold), 24
    canvas.line(x, top, x, bottom, "threshold")
    decimals = 0 if league.threshold == round(league.threshold) else 1
    body = words.gettext("threshold {value}", value=words.number(league.threshold, decimals))
    before = x + 6 + measure(body, 12) > axes.score_x + axes.score_width + 40
    canvas.text(x - 5 if before else x + 5, top + 10, body, "s", "end" if before else "start")


def _marks(canvas: Canvas, entry: LeagueEntry, axes: _Axes, position: int, y: float) -> None:
    dim = " fragile" if entry.flag == "fragile" else ""
    canvas.line(axes.score(entry.ci_low), y, axes.score(entry.ci_high), y, f"ci{dim}")
    canvas.circle(axes.score(entry.score), y, 5, f"dot{dim}")
    low, high = axes.rank(entry.rank.low), axes.rank(entry.rank.high)
    canvas.box(low - 7, y - 7, high - low + 14, 14, "ranks", round_=7)
    canvas.circle(axes.rank(min(max(position, entry.rank.low), entry.rank.high)), y, 4, "dot")
