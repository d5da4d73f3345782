"""Tables: a question or an indicator in rows, everybody and a banner in columns, with the letters between columns.

The figures are those that the engine makes of every study, on one whose indicators are the lines of the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from vigie.engine.columns import BOX, CHANNEL, NET, channel_places
from vigie.engine.edition import Edition
from vigie.engine.garbage import uncollected
from vigie.engine.lines import MEDIAN, PLACE, Kind, Stub, part_words, said
from vigie.engine.medians import Median
from vigie.engine.record_letters import lettered_records
from vigie.engine.requests import BY_CHANNEL, Request
from vigie.engine.session import Session
from vigie.engine.survey import survey_figures
from vigie.errors import Problem, VigieError
from vigie.language import N_, speak
from vigie.results.figures import Estimate, Segment, Source, Texts, figure_key, finite
from vigie.results.tables import ALL_ROWS, Head, Independence, Line, Table
from vigie.stats.letters import names
from vigie.study.indicators import EVERYONE, Indicator
from vigie.study.text import spread

WHOLE = "everyone_asked"  # the indicator whose base is that of the columns
TOTAL, CHANNELS = N_("Total"), N_("Channel")
WORDLESS = Indicator.model_validate({"id": WHOLE, "share": EVERYONE})
Tests = Mapping[str, Sequence[Independence]]  # of an indicator
Cells = Mapping[tuple[str, frozenset[tuple[str, str]]], Estimate]


@dataclass(frozen=True, slots=True)
class Made:
    """What a book of tables is laid out from, by indicator."""

    estimates: Mapping[str, Sequence[Estimate]]
    independence: Tests = field(default_factory=dict)
    medians: Mapping[str, Mapping[Segment, Median]] = field(default_factory=dict)


def book(
    session: Session, edition: Edition, rows: Sequence[str], columns: Sequence[str], where: str | None = None,
    source: Source = "survey",
) -> list[Table]:  # fmt: skip
    """Tables of a source, all on the same columns: `rows` are questions, grids or indicators, or `all` questions.

    Of the survey, columns are single and multiple questions, or "channel" where the rows are asked per channel; of
    tests, reviews and cases, fields with codes. `where` is a condition on people, tests, reviews or cases. Cost: the
    tables are made together, in as few passes over the rows as memory allows; records are made per cell.

    Raises `VigieError` with everything that is wrong with rows, columns and filter at once.
    """
    asked = [Request(session, edition, name, columns, where, source) for name in dict.fromkeys(rows)]
    if list(rows) == [ALL_ROWS]:
        whole, asked = asked[0], asked[0].every()
        problems = [] if asked else whole.around(known=False)
    else:
        problems = list(dict.fromkeys(p for request in asked for p in request.problems()))
    if edition.compare == "agency" and source != "survey":
        message = "The agencies’ test compares columns of a survey."
        problems = [*problems, Problem("usage", message, "Compare columns, or each with the rest.")]
    if problems or not asked:
        raise VigieError(problems or [Problem("usage", "No question makes a table.", "Name the rows of a table.")])
    wanted = [(plan, _lines(plan)) for plan in asked]
    made = _made(wanted)
    with uncollected():
        return [_table(plan, stubs, made) for plan, stubs in wanted]


def _lines(plan: Request) -> list[Stub]:
    """The lines of a table; those of a question are named apart from those of others."""
    made = [(s, plan.filtered(s.indicator)) for s in plan.stubs()]
    if plan.asked is None:
        return [replace(s, indicator=i) for s, i in made]
    return [replace(s, indicator=i.model_copy(update={"id": f"{plan.rows}.{i.id}"})) for s, i in made]


def _made(wanted: Sequence[tuple[Request, Sequence[Stub]]]) -> Made:
    """The figures of all lines in all columns, the bases of the columns, and what is told of whole questions."""
    plan = wanted[0][0]
    edition, banner = plan.edition, [c for c in plan.columns if not plan.per_channel(c)]
    made = [s.indicator for _, stubs in wanted for s in stubs]
    per_channel = [plan.by_channel(i) for i in made] if len(banner) < len(plan.columns) else []
    weighted = {i.weighting for i in made}
    one = next(iter(weighted)) if len(weighted) == 1 else None
    made = [*made, *per_channel, plan.filtered(WORDLESS).model_copy(update={"weighting": one})]
    if plan.source != "survey":
        made = [i.model_copy(update={"source": plan.source, "by": banner}) for i in made]
    study = replace(
        edition.study,
        indicators={i.id: i for i in made},
        header=edition.study.header.model_copy(update={"banner": banner if plan.source == "survey" else []}),
    )
    if plan.source == "survey":
        found = survey_figures(plan.session, replace(edition, study=study, whole=True), None)
        return Made(_by_indicator(found.estimates), found.independence, found.medians)
    return Made(_by_indicator(lettered_records(plan.session, replace(edition, study=study), plan.source, banner)))


def _by_indicator(estimates: Sequence[Estimate]) -> dict[str, list[Estimate]]:
    found: dict[str, list[Estimate]] = {}
    for e in estimates:
        found.setdefault(e.indicator, []).append(e)
    return found


def _table(plan: Request, stubs: Sequence[Stub], made: Made) -> Table:
    found = made.estimates
    banner = {c for c in plan.columns if not plan.per_channel(c)}
    listed = [name for s in stubs for name in (s.indicator.id, f"{s.indicator.id}{BY_CHANNEL}")]
    cells = {(e.indicator, frozenset(e.segment)): e for name in (*listed, WHOLE) for e in found.get(name, ())}
    heads = [("", ""), *_columns(plan, found, listed)]
    lines, owns = [], []
    for stub in stubs:
        for whole in _parts(plan, found.get(stub.indicator.id, ()), banner):
            own = whole.segment
            line = tuple(_cell(plan, cells, stub.indicator.id, own, head) for head in heads)
            lines.append(Line(_words(plan, stub, own), _kind(stub, whole), line))
            owns.append(own)
            if plan.asked is not None and stub.indicator.id in made.medians:
                lines.append(_median(lines[-1], made.medians[stub.indicator.id]))
                owns.append(own)
    lines = _ordered(plan, lines, owns)
    edition = plan.edition
    first = next(iter(found.get(stubs[0].indicator.id, ())), None)
    return Table(
        title=_title(plan), wave=plan.edition.wave.id, rows=plan.rows,
        columns=tuple(_heads(plan, heads, lines, cells)), lines=tuple(lines),
        base=stubs[0].indicator.base if plan.asked is None else _asked(plan), filter=plan.where or "",
        adjust=edition.adjust, level=edition.level if first is None else first.level, minor=edition.minor,
        variables={name: _variable(plan, name) for name in plan.columns}, compare=edition.compare,
        independence=_independence(plan, stubs, made.independence),
    )  # fmt: skip


def _median(mean: Line, medians: Mapping[Segment, Median]) -> Line:
    """The line of medians under that of means, on the same people."""
    cells = (None if e is None else _middle(e, medians.get(e.segment)) for e in mean.cells)
    return Line(said(MEDIAN), "median", tuple(cells))


def _middle(mean: Estimate, median: Median | None) -> Estimate:
    """The median of those on whom a mean stands: with an interval, but no standard error, and not compared."""
    segment = (*mean.segment, ("statistic", "median"))
    lineage = replace(mean.lineage, expression=mean.lineage.expression.replace("mean:", "median:", 1), test="")
    bare = replace(
        mean, figure=figure_key(mean.identity, segment), segment=segment, part="statistic", lineage=lineage, value=None,
        se=None, ci_low=None, ci_high=None, design_effect=None, letters="",
    )  # fmt: skip
    if median is None or mean.value is None:
        return bare
    value, low, high = (finite(v) for v in (median.value, median.low, median.high))
    return replace(bare, value=value, ci_low=low, ci_high=high, decimals=0 if median.whole else mean.decimals)


def _independence(plan: Request, stubs: Sequence[Stub], tests: Tests) -> tuple[Independence, ...]:
    """The tests of the question in the rows, in the order of the columns."""
    listed = [test for stub in stubs for test in tests.get(stub.indicator.id, ())]
    return tuple(sorted(listed, key=lambda test: list(plan.columns).index(test.variable)))


def _parts(plan: Request, estimates: Sequence[Estimate], banner: set[str]) -> Iterator[Estimate]:
    """The figures of a line in the total; nets and boxes of a question have lines of their own."""
    for e in estimates:
        together = e.part in (NET, BOX) and plan.asked is not None
        if not any(name in banner for name, _ in e.segment) and not together:
            yield e


def _kind(stub: Stub, whole: Estimate) -> Kind:
    if whole.part in (NET, BOX):
        return "net" if whole.part == NET else "box"
    return stub.kind if stub.kind != "option" or whole.unit == "share" else "mean"


def _columns(
    plan: Request, found: Mapping[str, Sequence[Estimate]], listed: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """The columns after the total: each category of each banner question, each channel."""
    for name in plan.columns:
        if plan.per_channel(name):
            codes = (e.at(CHANNEL) for i in listed if i.endswith(BY_CHANNEL) for e in found.get(i, ()))
            yield from ((CHANNEL, code) for code in dict.fromkeys(c for c in codes if c))
        elif plan.source != "survey":
            codes = (e.at(name) for e in found.get(WHOLE, ()))
            yield from ((name, code) for code in dict.fromkeys(c for c in codes if c))
        else:
            yield from ((name, code) for code in plan.study.options(plan.questions[name]))


def _cell(
    plan: Request, cells: Cells, indicator: str, own: Segment, head: tuple[str, str]
) -> Estimate | None:  # fmt: skip
    if plan.per_channel(head[0]):
        indicator = f"{indicator}{BY_CHANNEL}"
    return cells.get((indicator, frozenset((*own, *((head,) if head[0] else ())))))


def _words(plan: Request, stub: Stub, own: Segment) -> Texts:
    """A line's label: its part's words, its own, or both."""
    parts = [part_words(d, c, plan.study, plan.questions, stub.indicator) for d, c in own]
    if stub.place:
        return {k: speak(k).gettext(PLACE, option=text) for k, text in parts[0].items()}
    if plan.asked is None and not parts:
        return spread(stub.indicator.label or {"": stub.indicator.id})
    told = [*parts, *((stub.label,) if stub.label else ())]
    return {k: " – ".join(t.get(k, "") for t in told) for k in told[0]}


def _ordered(plan: Request, lines: list[Line], owns: Sequence[Segment]) -> list[Line]:
    """Item by item where the rows are a grid; options that nobody among very many chose are left out."""
    asked = plan.asked
    if plan.rows in plan.study.batteries:
        order = list(plan.study.batteries[plan.rows].items)
        places = [order.index(dict(own).get(plan.rows, order[0])) for own in owns]
        return [lines[i] for i in sorted(range(len(lines)), key=lambda i: (places[i], i))]
    if asked is not None and plan.study.over(asked) == "brand":
        return [line for line in lines if (whole := line.cells[0]) is None or whole.value != 0]
    return lines


def _heads(plan: Request, heads: Sequence[tuple[str, str]], lines: Sequence[Line], cells: Cells) -> Iterator[Head]:
    """The columns with their letters and bases: of the lines where they share one, else of everyone in the column."""
    shares = [line for line in lines if line.kind not in ("mean", "median")] or list(lines)
    one = all(len({c.n for line in shares if (c := line.cells[k]) is not None}) == 1 for k in range(len(heads)))
    letters = names(len(heads) + len(plan.study.header.channels))  # a channel has the letter of its place in the study
    seen: dict[str, int] = {}
    for k, (variable, code) in enumerate(heads):
        first = next((line.cells[k] for line in shares if line.cells[k] is not None), None)
        whole = _cell(plan, cells, WHOLE, (), (variable, code)) if not plan.per_channel(variable) else None
        e = first if one or whole is None else whole
        position = seen.setdefault(variable, 0)
        seen[variable] += 1
        if plan.per_channel(variable):
            position = channel_places(plan.study, [c for v, c in heads if v == variable]).index(code)
        named = variable and plan.edition.compare != "rest"  # nobody names a column there
        yield Head(
            variable, code, _head_words(plan, variable, code), letters[position] if named else "",
            e.n if e else 0, (e.n_weighted or 0.0) if e else 0.0, (e.n_effective or 0.0) if e else 0.0,
        )  # fmt: skip


def _variable(plan: Request, name: str) -> Texts:
    """What breaks the columns, in words."""
    if plan.per_channel(name):
        return said(CHANNELS)
    return spread(plan.questions[name].label)


def _head_words(plan: Request, variable: str, code: str) -> Texts:
    if not variable:
        return said(TOTAL)
    if plan.per_channel(variable):
        return spread(plan.study.channel_label(code))
    return part_words(variable, code, plan.study, {variable: plan.questions[variable]}, WORDLESS)


def _title(plan: Request) -> Texts:
    asked = plan.asked
    if asked is not None:
        return spread(asked.label)
    return spread(plan.study.indicators[plan.rows].label or {"": plan.rows})


def _asked(plan: Request) -> str:
    """Whom the question in the rows was asked."""
    asked: Any = plan.asked
    return asked.ask_if or (f"any({asked.per.source})" if asked.per else EVERYONE)
