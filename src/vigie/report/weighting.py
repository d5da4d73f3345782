"""How far weights had to go and what that cost: in words, in two charts, and in figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from vigie.language import N_
from vigie.report.bases import phrase
from vigie.report.blocks import Block, Cell, Chart, Column, Note, Row, Table, Text
from vigie.report.drawings import Bin, Figure, Histogram, Key, ShiftRow, Shifts
from vigie.report.edition import Edition
from vigie.results.methods import MarginLine, WeightingDiagnostics

MOST_LINES = 40  # categories beneath each other
MOST_PANELS = 4  # populations side by side
METHODS = {
    "raking": N_("raking"),
    "linear": N_("linear calibration"),
    "truncated": N_("linear calibration within bounds"),
    "logit": N_("logit calibration"),
    "base": N_("weights of the file"),
    "base+raking": N_("weights of the file, then raking"),
    "base+linear": N_("weights of the file, then linear calibration"),
    "base+truncated": N_("weights of the file, then linear calibration within bounds"),
    "base+logit": N_("weights of the file, then logit calibration"),
    "usage": N_("use of the channels"),
}


def weightings(edition: Edition) -> Iterator[Block]:
    """Each weighting of the wave, that of everyone first."""
    for weights in (edition.results.weighting, *edition.results.weightings):
        if weights is not None:
            yield from _weighting(edition, weights)


def method_of(edition: Edition, method: str) -> str:
    return edition.words.gettext(METHODS[method]) if method in METHODS else method


def _weighting(edition: Edition, weights: WeightingDiagnostics) -> Iterator[Block]:
    parts = weights.populations or (weights,)
    yield Text((_told(edition, weights),))
    if len(weights.histogram) > 1:
        yield _histogram(edition, weights)
    if chart := _margins_chart(edition, weights, parts):
        yield chart
    yield _table(edition, weights)
    if any(p.margins for p in parts):
        yield _margins(edition, parts)


def _told(edition: Edition, weights: WeightingDiagnostics) -> str:
    """What was done, what is left, and from which file."""
    words = edition.words
    values = {
        "method": method_of(edition, weights.method), "n": words.count(weights.n),
        "effective": words.count(weights.n_effective), "efficiency": words.percent(weights.efficiency),
        "deff": words.number(weights.design_effect, 2),
    }  # fmt: skip
    if weights.base:
        said = words.gettext(
            "Weighting “{name}” ({base}): {method}. {n} respondents are worth {effective} (efficiency "
            "{efficiency}, design effect {deff}).", name=weights.name, base=_who(edition, weights), **values,
        )  # fmt: skip
    else:
        said = words.gettext(
            "Weighting: {method}. {n} respondents are worth {effective} (efficiency {efficiency}, design effect "
            "{deff}).", **values,
        )  # fmt: skip
    parts = [said]
    span = {"low": words.number(weights.ratio_min, 2), "high": words.number(weights.ratio_max, 2)}
    if weights.method == "base":
        return " ".join([*parts, words.gettext("The weights lie between {low} and {high} times their mean.", **span)])
    if weights.file:
        parts.append(words.gettext("Margins from {file}.", file=weights.file))
    if weights.populations:
        n, by = len(weights.populations), edition.label(weights.by)
        told = words.ngettext(
            "{n} population, by “{by}”.", "{n} populations, by “{by}”, each weighted for itself.", n, by=by
        )
        parts.append(told)
    if weights.bounds is not None or weights.at_bounds_share > 0:
        parts.append(words.gettext(
            "The weights lie between {low} and {high} times the starting weight; {bounds} of them stand at a bound.",
            bounds=words.percent(weights.at_bounds_share, 1), **span,
        ))  # fmt: skip
    else:
        parts.append(words.gettext("The weights lie between {low} and {high} times the starting weight.", **span))
    if weights.cap is not None:
        parts.append(words.gettext(
            "Weights above {cap} times the starting weight were cut there ({share} of them), and the excess given to "
            "others within the margins.",
            cap=words.number(weights.cap, 2), share=words.percent(weights.trimmed_share, 1),
        ))  # fmt: skip
    parts.append(words.ngettext("{n} iteration.", "{n} iterations.", weights.iterations))
    return " ".join(parts)


def _who(edition: Edition, weights: WeightingDiagnostics) -> str:
    return phrase(edition, weights.base) or weights.base


# charts


def _histogram(edition: Edition, weights: WeightingDiagnostics) -> Chart:
    """How many people have which weight, with the bounds that held them."""
    words = edition.words
    low, high = weights.ratio_quantiles[2], weights.ratio_quantiles[4]
    given = weights.method == "base"
    unit = words.gettext("weight / mean weight") if given else words.gettext("weight / starting weight")
    title = words.gettext(
        "Half of the weights lie between {low} and {high}", low=words.number(low, 2), high=words.number(high, 2)
    )
    lines = [(1.0, "")]
    if weights.bounds is not None:
        lines += [(b, words.gettext("bound {value}", value=words.number(b, 2))) for b in weights.bounds]
    if weights.cap is not None:
        lines.append((weights.cap, words.gettext("trimmed at {value}", value=words.number(weights.cap, 2))))
    bins = tuple(Bin(*one) for one in weights.histogram)
    sub = words.ngettext("{n} respondent", "{n} respondents", weights.n)
    note = words.gettext(
        "Effective base {effective}, efficiency {efficiency}.",
        effective=words.count(weights.n_effective), efficiency=words.percent(weights.efficiency),
    )  # fmt: skip
    return Chart(title, sub, Histogram(bins, unit, tuple(lines)), Note((note,)))


def _margins_chart(
    edition: Edition, weights: WeightingDiagnostics, parts: Sequence[WeightingDiagnostics]
) -> Chart | None:
    """Every category before and after, on one scale; a panel to each of a few populations."""
    words = edition.words
    listed = [(m.variable, m.category) for m in parts[0].margins if m.category]
    found = [{(m.variable, m.category): m for m in p.margins if m.category} for p in parts]
    same = all(set(listed) == set(own) for own in found)
    if not listed or not same or len(listed) > MOST_LINES or len(parts) > MOST_PANELS:
        return None
    shares = [v for own in found for m in own.values() for v in (m.before, m.after)]
    rows: list[ShiftRow] = []
    for variable in dict.fromkeys(v for v, _ in listed):
        rows.append(ShiftRow(edition.label(variable)))
        own = [k for k in listed if k[0] == variable]
        rows += [
            ShiftRow(edition.label(f"{v}:{c}"), tuple((p[v, c].before, p[v, c].after) for p in found)) for v, c in own
        ]
    spec = Shifts(
        tuple(_population(edition, p) for p in parts), tuple(rows),
        ceil(max(shares) * 10 - 1e-9) / 10, words.gettext("Category"),
    )  # fmt: skip
    title = _largest(edition, [(p, m) for p, own in zip(parts, found, strict=True) for m in own.values()])
    legend = (Key("ring", words.gettext("before weighting")), Key("dot", words.gettext("after weighting")))
    note = Note((words.gettext("Margins from {file}.", file=weights.file),))
    return Chart(title, words.gettext("Each category before and after weighting"), spec, note, legend)


def _population(edition: Edition, part: WeightingDiagnostics) -> str:
    return edition.label(f"{part.by}:{part.population}") if part.population else ""


def _largest(edition: Edition, lines: Sequence[tuple[WeightingDiagnostics, MarginLine]]) -> str:
    """The category that weighting moved most."""
    words = edition.words
    part, most = max(lines, key=lambda line: abs(line[1].after - line[1].before))
    name = edition.label(f"{most.variable}:{most.category}")
    where = _population(edition, part)
    return words.gettext(
        "The largest correction: {category}, from {before} to {after}",
        category=f"{name} ({where})" if where else name, before=words.percent(most.before, 1),
        after=words.percent(most.after, 1),
    )  # fmt: skip


# figures


def _table(edition: Edition, weights: WeightingDiagnostics) -> Table:
    """What weighting cost the whole, and each population; columns that say nothing are left out."""
    words, lines = edition.words, [*weights.populations, weights]
    whole = weights.name if weights.base and not weights.populations else words.gettext("All")
    names: list[Cell] = [*(_population(edition, p) for p in weights.populations), whole]
    ratios = [(w.ratio_min, *w.ratio_quantiles[1:6:2], w.ratio_max) for w in lines]
    told: dict[Column, list[Cell]] = {
        Column(words.gettext("Population")): names,
        Column("n", numeric=True): [w.n for w in lines],
        Column(words.gettext("Effective base"), numeric=True): [round(w.n_effective) for w in lines],
        Column(words.gettext("Efficiency"), numeric=True): [Figure(w.efficiency, "share", 0) for w in lines],
        Column(words.gettext("Design effect of the weights"), numeric=True): _means(w.design_effect for w in lines),
        Column(words.gettext("Smallest"), numeric=True): _means(r[0] for r in ratios),
        Column(words.percent(0.05), numeric=True, minor=True): _means(r[1] for r in ratios),
        Column(words.gettext("Median"), numeric=True): _means(r[2] for r in ratios),
        Column(words.percent(0.95), numeric=True, minor=True): _means(r[3] for r in ratios),
        Column(words.gettext("Largest"), numeric=True): _means(r[4] for r in ratios),
    }
    if any(w.at_bounds_share for w in lines):
        told[Column(words.gettext("At a bound"), numeric=True)] = _shares(w.at_bounds_share for w in lines)
    if any(w.trimmed_share for w in lines):
        told[Column(words.gettext("Trimmed"), numeric=True)] = _shares(w.trimmed_share for w in lines)
    rows = tuple(Row(cells) for cells in zip(*told.values(), strict=True))
    sub = (
        words.gettext("Smallest to largest: weight / mean weight, and its percentiles over people")
        if weights.method == "base"
        else words.gettext("Smallest to largest: weight / starting weight, and its percentiles over people")
    )
    return Table(words.gettext("What weighting costs"), tuple(told), rows, sub, stacked=True)


def _means(values: Iterable[float]) -> list[Cell]:
    return [Figure(v, "mean", 2) for v in values]


def _shares(values: Iterable[float]) -> list[Cell]:
    return [Figure(v, "share", 1) for v in values]


def _margins(edition: Edition, parts: Sequence[WeightingDiagnostics]) -> Table:
    words = edition.words
    columns = (
        Column(words.gettext("Category")),
        Column("n", numeric=True),
        Column(words.gettext("Before"), numeric=True),
        Column(words.gettext("Target"), numeric=True),
        Column(words.gettext("After"), numeric=True),
    )
    rows: list[Row] = []
    for part in parts:
        for variable in dict.fromkeys(line.variable for line in part.margins):
            names = [n for n in (_population(edition, part), edition.label(variable)) if n]
            rows.append(Row((" · ".join(names),), heading=True))
            rows += [_margin(edition, line) for line in part.margins if line.variable == variable]
    title = words.gettext("The sample before and after weighting")
    unfold = words.ngettext("Show {n} margin", "Show all {n} margins", sum(len(p.margins) for p in parts))
    return Table(title, columns, tuple(rows), folded=unfold)


def _margin(edition: Edition, line: MarginLine) -> Row:
    """A category with its shares; of a number, its means."""
    told = [
        Figure(v, "share", 1) if line.category else Figure(v, "mean", 2) for v in (line.before, line.target, line.after)
    ]
    name = edition.label(f"{line.variable}:{line.category}") if line.category else edition.words.gettext("Mean")
    return Row((name, edition.words.people(line.n), *told))
