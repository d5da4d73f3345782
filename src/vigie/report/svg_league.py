"""A league: ranks that cannot be excluded, scores with their intervals and the threshold, and the ranks as bars."""

from __future__ import annotations

import math
from dataclasses import dataclass

from vigie.language import Words
from vigie.report.blocks import Ranking
from vigie.report.league_words import heads
from vigie.report.scales import nice_step
from vigie.report.svg import HALF, NARROW, WIDE, Canvas, measure, wrap
from vigie.results.rankings import League, LeagueEntry

ROW, SLIM = 30, 28
HEAD = 48


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


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the columns of a league stand."""

    width: float
    name: float
    value: float  # right edge of the scores
    score: tuple[float, float]  # start and width of the scores' axis
    rank: tuple[float, float]


PAGE = _Layout(WIDE, 64, 360, (384, 260), (716, 310))
COLUMN = _Layout(HALF, 48, 262, (278, 106), (408, 84))
PHONE = _Layout(NARROW, 44, 206, (218, 52), (284, 48))


def wide(spec: Ranking, words: Words, label: str) -> str:
    """One line to a brand, across the page or in one of two columns."""
    place = COLUMN if spec.half else PAGE
    canvas = Canvas(place.width)
    return _draw(canvas, spec, place, words, label, "wide")


def _heads(canvas: Canvas, spec: Ranking, place: _Layout, words: Words) -> None:
    """What the columns are; shorter where there is little room."""
    level, out_of = words.percent(spec.league.level), words.number(spec.league.out_of)
    canvas.text(0, 12, words.gettext("Rank"), "s")
    canvas.text(place.name, 12, heads(spec.league, words)[0], "s")
    if place is not PAGE:
        canvas.text(place.value, 12, words.gettext("Score"), "s", "end")
        said = words.gettext("Ranks, of {n}", n=_of(spec.league))
        start = place.rank[0] - 7
        fits = start + measure(said, 12) <= place.width
        canvas.text(start if fits else place.width, 12, said, "s", "start" if fits else "end")
        return
    said = words.gettext("Score out of {out_of}, {level} interval", out_of=out_of, level=level)
    if spec.league.source == "reviews":
        said = words.gettext("Mean of stars out of {out_of}, {level} interval", out_of=out_of, level=level)
    canvas.text(place.score[0], 12, said, "s")
    canvas.text(place.rank[0], 12, _ranks_head(spec, words), "s")


def narrow(spec: Ranking, words: Words, label: str) -> str:
    return _draw(Canvas(NARROW), spec, PHONE, words, label, "narrow")


def _draw(canvas: Canvas, spec: Ranking, place: _Layout, words: Words, label: str, css: str) -> str:
    """A line to a brand, taller where its name runs on."""
    league, room = spec.league, place.value - 36 - place.name
    axes = _axes(league, *place.score, *place.rank)
    starred = [name + ("\u00a0*" if remark else "") for name, remark in zip(spec.names, spec.remarks, strict=True)]
    names = [wrap(n, room, bold=e.possible_first) for n, e in zip(starred, league.entries, strict=True)]
    least = SLIM if place is PHONE else ROW
    heights = [least + 14 * (len(lines) - 1) for lines in names]
    _heads(canvas, spec, place, words)
    _threshold(canvas, league, axes, words, place, HEAD - ROW / 2 + sum(heights))
    top = HEAD - ROW / 2
    for i, (entry, lines, height) in enumerate(zip(league.entries, names, heights, strict=True)):
        y, bold = top + height / 2, "h" if entry.possible_first else ""
        canvas.line(0, top + height, place.width, top + height, "rule")
        canvas.text(0, y + 5, words.rank(entry.rank.low, entry.rank.high), bold)
        for k, line in enumerate(lines):
            canvas.text(place.name, y + 5 + 15 * (k - (len(lines) - 1) / 2), line, bold, whole=starred[i])
        canvas.text(
            place.value, y + 5, words.number(entry.score, spec.decimals), "m" if entry.flag == "fragile" else "h", "end"
        )
        _marks(canvas, entry, axes, i + 1, y)
        top += height
    return canvas.render(top + 8, label, css)


def _of(league: League) -> int:
    return max([len(league.entries), *(entry.rank.of for entry in league.entries)])


def _ranks_head(spec: Ranking, words: Words) -> str:
    n = _of(spec.league)
    level = words.percent(spec.league.level)
    if spec.league.of != "brand":
        return words.gettext("Possible ranks at {level}, of {n}", level=level, n=words.count(n))
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


def _threshold(canvas: Canvas, league: League, axes: _Axes, words: Words, place: _Layout, bottom: float) -> None:
    """A line down the scores, its value beside its head where that touches nothing."""
    if league.threshold is None:
        return
    x, top = axes.score(league.threshold), 20
    canvas.line(x, top, x, bottom, "threshold")
    decimals = 0 if league.threshold == round(league.threshold) else 1
    body = words.gettext("threshold {value}", value=words.number(league.threshold, decimals))
    before = x + 6 + measure(body, 12) > place.rank[0] - 4
    canvas.text(x - 5 if before else x + 5, top + 10, body, "s", "end" if before else "start")


def _marks(canvas: Canvas, entry: LeagueEntry, axes: _Axes, position: int, y: float) -> None:
    dim = " fragile" if entry.flag == "fragile" else ""
    canvas.line(axes.score(entry.ci_low), y, axes.score(entry.ci_high), y, f"ci{dim}")
    canvas.circle(axes.score(entry.score), y, 5, f"dot{dim}")
    low, high = axes.rank(entry.rank.low), axes.rank(entry.rank.high)
    canvas.box(low - 6, y - 6, high - low + 12, 12, "ranks", round_=6)
    canvas.circle(axes.rank(min(max(position, entry.rank.low), entry.rank.high)), y, 4, "dot")
