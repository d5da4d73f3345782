"""One small line over the waves: no text in it, broken where two waves cannot be compared, with its interval."""

from __future__ import annotations

from vigie.report.drawings import Figure, Multiples, Series
from vigie.report.svg import Canvas

WIDTH, HEIGHT, PAD = 240.0, 54.0, 6.0
LEAST = {"share": 0.12, "nps": 0.12}  # the span of values that a chart covers at least, so that noise stays flat


def spans(spec: Multiples) -> dict[str, float]:
    """How far up the charts of each unit reach: the same for all, so that slopes can be compared."""
    found: dict[str, float] = {}
    for cell in spec.cells:
        unit, (low, high) = _unit(cell.series), _reach(cell.series)
        if unit not in ("mean", "hours", "index"):
            found[unit] = max(found.get(unit, 0.0), high - low, LEAST.get(unit, 0.0))
    return found


def draw(series: Series, waves: int, shared: dict[str, float], line: float | None = None) -> str:
    """The drawing of one series; its numbers stand beside it and in the table. `line` is a level drawn across it."""
    canvas = Canvas(WIDTH)
    low, high = _reach(series)
    if line is not None:
        low, high = min(low, line), max(high, line)
    span = shared.get(_unit(series), high - low) or 1.0
    middle = (low + high) / 2
    bottom = min(max(middle - span / 2, 0.0), max(1.0 - span, 0.0)) if _unit(series) == "share" else middle - span / 2
    step = (WIDTH - 2 * PAD) / max(waves - 1, 1)

    def place(i: int, value: float) -> tuple[float, float]:
        return PAD + i * step, HEIGHT - PAD - (value - bottom) / span * (HEIGHT - 2 * PAD)

    canvas.line(0, HEIGHT - 0.5, WIDTH, HEIGHT - 0.5, "rule")
    if line is not None:
        canvas.line(0, place(0, line)[1], WIDTH, place(0, line)[1], "level")
    for i in series.breaks:
        x = PAD + (i - 0.5) * step
        canvas.line(x, 2, x, HEIGHT, "break")
    last = max((i for i, f in enumerate(series.figures) if f is not None and f.value is not None), default=-1)
    for run in _runs(series):
        if run[0][1].published:
            _printed(canvas, [place(i, f.value or 0) for i, f in run])
            continue
        limits = [(i, _limits(series, i, f)) for i, f in run]
        _band(canvas, [(place(i, found[0]), place(i, found[1])) for i, found in limits if found is not None])
        if len(run) > 1:
            canvas.polyline([place(i, f.value or 0) for i, f in run], "curve")
        means = [(i, m) for i, _ in run if i < len(series.rolling) and (m := series.rolling[i]) is not None]
        if len(means) > 1:
            canvas.polyline([place(i, m) for i, m in means], "curve rolling")
        for i, f in run:
            dim = " fragile" if f.flag == "fragile" else ""
            canvas.circle(*place(i, f.value or 0), 4 if i == last else 2.6, f"node{dim}")
    return canvas.render(HEIGHT, "", "spark")


def _limits(series: Series, i: int, figure: Figure) -> tuple[float, float] | None:
    """The band of the whole run, else the figure's own interval."""
    band = series.bands[i] if i < len(series.bands) else None
    own = (figure.low, figure.high) if figure.low is not None and figure.high is not None else None
    return band or own


def _printed(canvas: Canvas, places: list[tuple[float, float]]) -> None:
    """Figures that others printed: hollow squares on a dotted line."""
    if len(places) > 1:
        canvas.polyline(places, "curve printed")
    for x, y in places:
        canvas.box(x - 3.5, y - 3.5, 7, 7, "printed")


def _band(canvas: Canvas, ends: list[tuple[tuple[float, float], tuple[float, float]]]) -> None:
    """The intervals of a stretch; of a point alone a whisker."""
    if len(ends) > 1:
        canvas.polygon([high for _, high in ends] + [low for low, _ in reversed(ends)], "band")
    for low, high in ends if len(ends) == 1 else ():
        canvas.line(*low, *high, "whisker")


def _runs(series: Series) -> list[list[tuple[int, Figure]]]:
    """The stretches of a line without break or gap."""
    runs: list[list[tuple[int, Figure]]] = [[]]
    for i, figure in enumerate(series.figures):
        changed = bool(figure is not None and runs[-1] and runs[-1][-1][1].published != figure.published)
        if figure is None or figure.value is None or i in series.breaks or changed:
            runs.append([])
        if figure is not None and figure.value is not None:
            runs[-1].append((i, figure))
    return [run for run in runs if run]


def _reach(series: Series) -> tuple[float, float]:
    values = [v for f in series.figures if f is not None for v in (f.value, f.low, f.high) if v is not None]
    values += [v for band in series.bands if band is not None for v in band]
    return (min(values), max(values)) if values else (0.0, 1.0)


def _unit(series: Series) -> str:
    return next((f.unit for f in series.figures if f is not None), "share")
