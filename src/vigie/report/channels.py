"""The panorama: channel by channel, what customers report and what tests measure."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.report.blocks import Block, Chart, Panel, Panorama, PanoramaRow, Section
from vigie.report.captions import keys, note, unit_line
from vigie.report.edition import CHANNEL, Edition, looped
from vigie.report.edition import Key as Line
from vigie.report.scales import bounds
from vigie.results import Estimate

MOST_PANELS = 5
Lines = list[tuple[Line, dict[str, Estimate]]]


def panorama(edition: Edition) -> Iterator[Block]:
    lines: Lines = sorted(
        edition.by(CHANNEL).items(), key=lambda item: (item[0] != edition.usage, item[0][0] == "mystery")
    )
    if not lines:
        return
    words = edition.words
    yield Section("channels", words.gettext("Channels"), words.gettext("Channel by channel"))
    charts = -(-len(lines) // MOST_PANELS)
    size = -(-len(lines) // charts)  # as even as can be: six indicators are three and three
    for start in range(0, len(lines), size):
        yield _chart(edition, lines[start : start + size])


def _chart(edition: Edition, lines: Lines) -> Chart:
    words = edition.words
    shown = [e for _, figures in lines for e in figures.values()]
    names = [edition.indicator(next(iter(figures.values()))) for _, figures in lines]
    channels = [c for c in edition.channels if any(c in figures for _, figures in lines)]
    rows = tuple(_row(edition, channel, lines) for channel in channels)
    panels = tuple(_panel(edition, figures) for _, figures in lines)
    both = len({key[0] for key, _ in lines}) == 2
    sub = words.ngettext(
        "{n} channel, from the most to the least used", "{n} channels, from the most to the least used", len(rows)
    )
    if both:
        sub += words.gettext("; what customers report beside what tests measure")
    return Chart(
        _title(edition, names, shown),
        sub,
        Panorama(panels, rows),
        note(edition, shown),
        keys(edition, shown, "dot", "ring", "move", "fragile"),
    )


def _title(edition: Edition, names: list[str], shown: list[Estimate]) -> str:
    """What moved; else what is shown, for channels are not tested against each other."""
    words = edition.words
    moves = [e for e in edition.moves() if e in shown]
    if not moves:
        return words.gettext(
            "{indicators}, by channel", indicators=words.listing(names, most=4 if len("".join(names)) < 70 else 2)
        )
    up = list(dict.fromkeys(edition.label(f"channel:{e.at(CHANNEL)}") for e in moves if _rose(e)))
    down = list(dict.fromkeys(edition.label(f"channel:{e.at(CHANNEL)}") for e in moves if not _rose(e)))
    channels = len({e.at(CHANNEL) for e in moves})
    indicators = list(dict.fromkeys(edition.indicator(e) for e in moves))
    if channels > 3 or len(indicators) > 2 or set(up) & set(down):
        of = words.count(len({e.at(CHANNEL) for e in shown}))
        return words.ngettext(
            "Something changed significantly in {n} channel of {of}",
            "Something changed significantly in {n} channels of {of}", channels, of=of,
        )  # fmt: skip
    parts = [words.gettext("rise for {channels}", channels=words.listing(up))] if up else []
    parts += [words.gettext("fall for {channels}", channels=words.listing(down))] if down else []
    return words.gettext("{indicator}: {moves}", indicator=words.listing(indicators), moves=", ".join(parts))


def _rose(estimate: Estimate) -> bool:
    return estimate.change is not None and estimate.change.verdict == "up"


def _row(edition: Edition, channel: str, lines: Lines) -> PanoramaRow:
    figures = tuple(edition.figure(by[channel]) if channel in by else None for _, by in lines)
    return PanoramaRow(edition.label(f"channel:{channel}"), _base(edition, channel), figures)


def _base(edition: Edition, channel: str) -> str:
    """How many people spoke of a channel; where nobody was asked, how many tests there were."""
    words = edition.words
    found = {key: by[channel] for key, by in edition.by(CHANNEL).items() if channel in by}
    people = [e.n for e in found.values() if looped(e)]
    if people:
        n = max(people)
        return words.gettext("< 5 respondents") if 0 < n < 5 else words.ngettext("{n} respondent", "{n} respondents", n)
    tests = [e.n for e in found.values() if e.source == "mystery"]
    return words.ngettext("{n} test", "{n} tests", max(tests)) if tests else ""


def _panel(edition: Edition, figures: dict[str, Estimate]) -> Panel:
    first = next(iter(figures.values()))
    drawn = [edition.figure(e) for e in figures.values()]
    values = [v for f in drawn for v in (f.value, f.low, f.high, f.before) if v is not None]
    share, nps = first.unit == "share", first.unit == "nps"
    within = (0.0, 1.0) if share else (-1.0, 1.0) if nps else None
    low, high = bounds(values, least=0.1 if share or nps else 0.5, within=within)
    unit = unit_line(edition, first)
    return Panel(edition.indicator(first), unit, low, high, first.unit, first.decimals)
