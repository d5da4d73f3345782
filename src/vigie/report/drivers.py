"""What goes together with an overall mark: importance against performance, as a drawing and as figures."""

from __future__ import annotations

import math
from collections.abc import Iterator

from vigie.language import N_
from vigie.report.bases import base_words
from vigie.report.blocks import Block, Chart, Column, Note, Row, Section, Table, Text
from vigie.report.captions import source
from vigie.report.drawings import Dot, Figure, Panel, Quadrant
from vigie.report.edition import Edition
from vigie.report.names import isolated, without_loop
from vigie.report.scales import nice_step
from vigie.results.drivers import Driver, Drivers
from vigie.results.figures import Texts, pick

METHODS = {
    "shapley": N_("Importance: the share of each mark in what all of them explain together (Shapley shares of R²)."),
    "johnson": N_(
        "Importance: the share of each mark in what all of them explain together (Johnson’s relative weights)."
    ),
    "penalty_reward": N_(
        "Penalty: what a low mark (up to {low}) goes with; reward: what a high one (from {high} on) goes with, in the "
        "unit of the overall mark, against marks in between. Importance: the share of each in the sum of their "
        "distances."
    ),
}
KINDS = {"basic": N_("taken for granted"), "linear": N_("both ways alike"), "delight": N_("delights")}
LONGEST = 60  # characters of a name


def drivers(edition: Edition) -> Iterator[Block]:
    words, found = edition.words, edition.results.drivers
    if not found:
        return
    yield Section("drivers", words.gettext("Drivers"), words.gettext("What goes together with the overall mark"))
    yield Text((caution(edition),))
    for one in found:
        yield _analysis(edition, one)


def caution(edition: Edition) -> str:
    """What importance does not say."""
    return edition.words.gettext(
        "Importance tells how closely marks go together, not what causes what: to raise a mark does not by itself "
        "raise the overall mark."
    )


def name(edition: Edition, texts: Texts) -> str:
    """The study's words, cut where they are a long question."""
    words = edition.words
    return edition.cut(isolated(words.bind(words.typeset(without_loop(pick(texts, words.code))))), LONGEST)


def heading(edition: Edition, one: Drivers) -> str:
    """The finding, where the intervals allow one: a first that stands clear of all others."""
    words, of = edition.words, name(edition, one.label)
    first, *others = one.entries or (None,)
    if one.flag != "ok" or first is None or first.importance_low is None:
        return words.gettext("{mark}: what goes with it", mark=of)
    if all(e.importance_high is not None and e.importance_high < first.importance_low for e in others):
        return words.gettext(
            "{mark}: the strongest link is with “{driver}”", mark=of, driver=name(edition, first.label)
        )
    return words.gettext("{mark}: no link is clearly the strongest", mark=of)


def _analysis(edition: Edition, one: Drivers) -> Block:
    words = edition.words
    title, level = heading(edition, one), words.percent(one.level)
    if one.flag == "hidden":
        least = words.count(edition.results.hide)
        of, why = name(edition, one.label), words.gettext("base < {n}", n=least)
        return Text((words.gettext("{indicator}: {part}", indicator=of, part=why) + ".",), "small")
    sub = words.gettext("Importance and mean marks, {level} intervals", level=level)
    spec = _quadrant(edition, one)
    if spec is not None:
        return Chart(title, sub, spec, _note(edition, one))
    head, *columns = (words.gettext("Mark"), *_heads(edition, one))
    listed = (Column(head), *(Column(c, numeric=True) for c in columns))
    rows = tuple(Row((name(edition, e.label), *cells(edition, one, e))) for e in one.entries)
    return Table(title, listed, rows, sub, _note(edition, one), intervals=True)


def _heads(edition: Edition, one: Drivers) -> tuple[str, ...]:
    words = edition.words
    heads = [words.gettext("Importance"), words.gettext("Mean mark")]
    if one.method == "penalty_reward":
        heads += [words.gettext("Penalty"), words.gettext("Reward"), words.gettext("Kind")]
    return tuple(heads)


def cells(edition: Edition, one: Drivers, e: Driver) -> tuple[Figure | str, ...]:
    """The figures of one mark, in the order of the heads."""
    found: tuple[Figure | str, ...] = (importance(one, e), performance(one, e))
    if one.method == "penalty_reward":
        penalty = Figure(e.penalty, "mean", 1, one.flag, e.penalty_low, e.penalty_high)
        reward = Figure(e.reward, "mean", 1, one.flag, e.reward_low, e.reward_high)
        found += (penalty, reward, kind(edition, e))
    return found


def kind(edition: Edition, e: Driver) -> str:
    return edition.words.gettext(KINDS[e.kind]) if e.kind else ""


def importance(one: Drivers, e: Driver) -> Figure:
    return Figure(e.importance, "share", 0, one.flag, e.importance_low, e.importance_high)


def performance(one: Drivers, e: Driver) -> Figure:
    return Figure(e.performance, "mean", 1, one.flag, e.performance_low, e.performance_high)


def _quadrant(edition: Edition, one: Drivers) -> Quadrant | None:
    """The drawing; none where importance is not known, or a mark has no scale to stand on."""
    words, scales = edition.words, {e.scale for e in one.entries}
    if any(e.importance is None or e.scale is None for e in one.entries):
        return None
    placed = [(e, _placed(one, e, alike=len(scales) == 1)) for e in one.entries]
    x = _across(edition, one, [figure for _, figure in placed], alike=len(scales) == 1)
    highs = [e.importance_high or e.importance or 0.0 for e in one.entries]
    y = Panel(words.gettext("Importance, {sign}", sign="%"), "", *_ends([0.0, 0.2, *highs], (0.0, 1.0)), "share", 0)
    middle = (sum(f.value or 0.0 for _, f in placed) / len(placed), 1 / len(placed))
    dots = tuple(
        Dot(name(edition, e.label), figure, importance(one, e), cells(edition, one, e)) for e, figure in placed
    )
    corners = (words.gettext("To look at first"), words.gettext("To keep up"))
    return Quadrant(dots, x, y, middle, corners, words.gettext("Mark"), _heads(edition, one))


def _placed(one: Drivers, e: Driver, *, alike: bool) -> Figure:
    """Performance as it is drawn: the mark itself, or, where scales differ, how far up its scale it stands."""
    if alike or e.scale is None:
        return performance(one, e)
    low, high = e.scale
    value, first, last = (
        None if v is None else (v - low) / (high - low) for v in (e.performance, e.performance_low, e.performance_high)
    )
    return Figure(value, "share", 0, one.flag, first, last)


def _across(edition: Edition, one: Drivers, figures: list[Figure], *, alike: bool) -> Panel:
    words = edition.words
    values = [v for f in figures for v in (f.low, f.value, f.high) if v is not None]
    scale = one.entries[0].scale
    if not alike or scale is None:
        low, high = _ends(values, (0.0, 1.0))
        return Panel(words.gettext("Mean mark, {sign} of its scale", sign="%"), "", low, high, "share", 0)
    low, high = _ends(values, scale)
    said = words.gettext("Mean mark, out of {n}", n=words.number(scale[1]))
    return Panel(said, "", low, high, "mean", 1)


def _ends(values: list[float], within: tuple[float, float]) -> tuple[float, float]:
    """Round ends about the values, a fifth of the scale apart at least, whose middle is round too."""
    least = (within[1] - within[0]) / 5
    low, high = min(values), max(values)
    room, step = max(least - (high - low), 0.0) / 2, nice_step(max(high - low, least) / 6)
    first, last = math.floor((low - room) / step + 1e-9), math.ceil((high + room) / step - 1e-9)
    if (last - first) % 2:
        last += 1 if (last + 1) * step <= within[1] + 1e-9 else 0
        first -= (last - first) % 2
    return max(first * step, within[0]), min(last * step, within[1])


def _note(edition: Edition, one: Drivers) -> Note:
    words = edition.words
    said = pick(one.lineage.base_label, words.code) or base_words(edition, one.lineage.base)
    lines = [words.gettext("Base: {bases}.", bases=f"{words.typeset(said)} ({words.base(one.n)})")]
    if one.left_out:
        lines.append(words.ngettext("{n} person who did not give every mark is left out.",
                                    "{n} people who did not give every mark are left out.", one.left_out))  # fmt: skip
    if one.r2 is not None and one.r2_low is not None and one.r2_high is not None:
        span = words.interval(one.r2_low, one.r2_high, "share")
        lines.append(words.gettext(
            "Together the marks explain {share} of the differences in the overall mark ({interval}).",
            share=words.percent(one.r2), interval=span,
        ))  # fmt: skip
    lines.append(method(edition, one))
    lines.append(bootstrap(edition, one))
    if turned := [name(edition, e.label) for e in one.entries if (e.correlation or 0.0) < 0]:
        lines.append(words.gettext("Higher marks go with a lower overall mark: {names}.", names=words.listing(turned)))
    if asked := _asked(edition, one):
        said = words.gettext("“{text}”", text=words.typeset(without_loop(asked)))
        lines.append(words.ngettext("Question: {questions}", "Questions: {questions}", 1, questions=said))
    return Note(tuple(filter(None, [*lines, source(edition, one.source)])))


def _asked(edition: Edition, one: Drivers) -> str:
    """The wording of the overall mark, in the reader's language where there is one."""
    asked = next((w.label for w in edition.results.questionnaire if w.id == one.of), one.lineage.question)
    return pick(asked, edition.words.code)


def method(edition: Edition, one: Drivers) -> str:
    boxes = {k: edition.words.number(v, 0 if v == round(v) else 1) for k, v in
             (("low", one.low), ("high", one.high)) if v is not None}  # fmt: skip
    return edition.words.gettext(METHODS[one.method], **boxes)


def bootstrap(edition: Edition, one: Drivers) -> str:
    """How the intervals were found; the seed as it is to be typed."""
    return edition.words.gettext(
        "Intervals from {n} bootstrap samples (seed {seed}).", n=edition.words.count(one.replicates), seed=str(one.seed)
    )
