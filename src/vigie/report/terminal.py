"""Tables and leagues as plain text: columns aligned, for a terminal or a mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from vigie.language import DASH, EN_DASH, Words, speak
from vigie.report.edition import Edition
from vigie.report.first_places import verdict
from vigie.report.league_words import counted, decimals, heads, member
from vigie.report.lettering import independence, table_rule
from vigie.report.names import without_loop
from vigie.report.table_basis import basis, cells
from vigie.results.figures import pick
from vigie.results.rankings import League
from vigie.results.tables import Head, Line, Table
from vigie.results.waves import WaveResults

GAP = "  "
LONGEST = 44  # characters of a line's label


def table_text(table: Table, language: str, width: int | None = None) -> str:
    """A table with its letters and bases; columns that do not fit `width` stand in a further part below."""
    words = speak(language)
    labels = ["", "", *(_cut(_pick(line.label, words)) for line in table.lines), *_base_heads(words, table)]
    columns = [_column(words, table, k) for k in range(len(table.columns))]
    parts = list(_parts(columns, max(map(len, labels)), width))
    lines = [_pick(table.title, words), words.gettext("Wave {wave}", wave=table.wave), ""]
    for part in parts:
        lines += [*_aligned(labels, [columns[k] for k in part], _variables(words, table, part)), ""]
    return "\n".join([*(line.rstrip() for line in lines), *_footer(words, table)])


def _pick(texts: object, words: Words) -> str:
    return words.typeset(without_loop(pick(texts, words.code))) if isinstance(texts, dict) else ""


def _cut(text: str) -> str:
    """A text that is not too long; of an answer to an item, the item is cut and the answer kept."""
    if len(text) <= LONGEST:
        return text
    item, dash, answer = text.rpartition(f" {EN_DASH} ")
    room = LONGEST - len(dash + answer) - 1
    return (
        f"{item[:room].rstrip()}…{dash}{answer}" if dash and room > LONGEST // 3 else f"{text[: LONGEST - 1].rstrip()}…"
    )


def _column(words: Words, table: Table, k: int) -> list[str]:
    """Head, figures and bases of one column, each as it is printed."""
    head = table.columns[k]
    name = _cut(_pick(head.label, words))
    return [head.letter, name, *(_cell(words, line, k) for line in table.lines), *_bases(words, head)]


def _cell(words: Words, line: Line, k: int) -> str:
    """A figure with its letters; in brackets on a fragile base, a dash on one too small."""
    estimate = line.cells[k]
    if estimate is None:
        return ""
    if estimate.value is None:
        return DASH
    said = words.value(estimate.value, estimate.unit, estimate.decimals)
    said = f"({said})" if estimate.flag == "fragile" else said
    return f"{said} {estimate.letters}".strip()


def _base_heads(words: Words, table: Table) -> list[str]:
    heads = [words.gettext("n, unweighted")]
    return [*heads, words.gettext("n, weighted"), words.gettext("n, effective")] if _weighted(table) else heads


def _bases(words: Words, head: Head) -> list[str]:
    """Bases; groups of one to four people are not counted aloud."""
    if 0 < head.n < 5:
        return [words.people(head.n), DASH, DASH]
    return [words.count(head.n), words.count(head.n_weighted), words.count(head.n_effective)]


def _weighted(table: Table) -> bool:
    first = next(cells(table), None)
    return first is not None and (
        first.lineage.weighting != "" or any(h.n != round(h.n_weighted) for h in table.columns)
    )


def _parts(columns: Sequence[Sequence[str]], label: int, width: int | None) -> Iterator[list[int]]:
    """Which columns stand side by side; the total stands in each part."""
    sizes = [max(map(len, column)) + len(GAP) for column in columns]
    room = (width or 1 << 30) - label - sizes[0]
    part: list[int] = []
    for k in range(1, len(columns)):
        if part and sum(sizes[i] for i in part) + sizes[k] > room:
            yield [0, *part]
            part = []
        part.append(k)
    yield [0, *part]


def _variables(words: Words, table: Table, part: Sequence[int]) -> list[str]:
    """What breaks the columns, above the first column of each; nothing above the others."""
    heads = [table.columns[k] for k in part]
    first = {h.variable: i for i, h in reversed(list(enumerate(heads)))}
    return [
        _pick(table.variables.get(h.variable, {}), words) if first[h.variable] == i else "" for i, h in enumerate(heads)
    ]


def _aligned(labels: Sequence[str], columns: Sequence[Sequence[str]], above: Sequence[str]) -> Iterator[str]:
    """Lines of equal columns: labels to the left, the rest by the ends of their numbers; variables run to the right."""
    first = max(map(len, labels))
    figures = [_by_number(column[2:]) for column in columns]
    sizes = [max(map(len, (*column[:2], *lined))) for column, lined in zip(columns, figures, strict=True)]
    head, begins = "", first
    for i, (name, size) in enumerate(zip(above, sizes, strict=True)):
        begins += len(GAP)
        if name:
            end = next((k for k in range(i + 1, len(above)) if above[k]), len(above))
            room = sum(sizes[i:end]) + len(GAP) * (end - i - 1)
            head = head.ljust(begins) + (name if len(name) <= room else name[: room - 1] + "…")
        begins += size
    if head:
        yield head
    for row, label in enumerate(labels):
        if row == 0 and not any(column[0] for column in columns):
            continue  # no column has a letter
        cells = [(c[row] if row < 2 else f[row - 2]).rjust(s) for c, f, s in zip(columns, figures, sizes, strict=True)]
        yield label.ljust(first) + GAP + GAP.join(cells)


def _by_number(cells: Sequence[str]) -> list[str]:
    """Cells of one length, so that numbers end beneath each other and letters follow them."""
    numbers = [cell.rpartition(" ")[0] if _has_letters(cell) else cell for cell in cells]
    tails = [cell[len(number) :] for cell, number in zip(cells, numbers, strict=True)]
    longest = max(map(len, tails), default=0)
    return [number + tail.ljust(longest) for number, tail in zip(numbers, tails, strict=True)]


def _has_letters(cell: str) -> bool:
    """Whether a letter or a sign follows the number."""
    last = cell.rpartition(" ")[2]
    return " " in cell and (last.isalpha() or last.strip("()") in {"+", "-"})


def _footer(words: Words, table: Table) -> Iterator[str]:
    """Base, filter, weighting, signs, how the letters came about, and the tests of the whole."""
    yield from basis(words, table)
    flags = {e.flag for e in cells(table)}
    if "hidden" in flags:
        yield words.gettext("{dash} base too small to be shown.", dash=DASH)
    if "fragile" in flags:
        yield words.gettext("( ) fragile base.")
    if len({h.variable for h in table.columns}) > 1:
        yield table_rule(words, table)
    yield from independence(words, table)


def league_text(results: WaveResults, language: str) -> str:
    """The leagues of a wave, each with the ranks that cannot be excluded."""
    edition = Edition(results, (), speak(language))
    return "\n".join(line for league in results.leagues for line in (*_league(edition, league), ""))


def _league(edition: Edition, league: League) -> Iterator[str]:
    words, named = edition.words, heads(league, edition.words)
    family = edition.family(league)
    if league.sets == "marginal":
        yield words.gettext("{family}; rank sets are marginal: one brand at a time", family=family)
    else:
        yield words.gettext("{sector}: {verdict}", sector=family, verdict=verdict(edition, league))
    level = words.percent(league.level)
    rows = [[words.gettext("Rank"), named[0], words.gettext("Score"), words.gettext("interval"), named[1]]]
    digits = decimals(league)
    for e in league.entries:
        score = words.number(e.score, digits)
        span = f"{words.number(e.ci_low, digits)}{EN_DASH}{words.number(e.ci_high, digits)}"
        score = f"({score})" if e.flag == "fragile" else score
        rows.append([words.rank(e.rank.low, e.rank.high), member(edition, league, e.brand), score, span,
                     words.count(e.n)])  # fmt: skip
    sizes = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [c.ljust(s) if i == 1 else c.rjust(s) for i, (c, s) in enumerate(zip(row, sizes, strict=True))]
        yield GAP.join(cells).rstrip()
    for reason, group in groupby(league.unranked, key=lambda u: u.reason):
        names = [f"{member(edition, league, u.brand)} ({counted(league, words, u.n)})" for u in group]
        told = words.listing(names, most=40)
        yield words.gettext("Not ranked, {reason}: {names}.", reason=words.reason(reason), names=told)
    if league.threshold is not None:
        yield words.gettext(
            "A brand reaches the threshold of {value} when its whole interval lies above it.",
            value=words.number(league.threshold, 0 if league.threshold == round(league.threshold) else 1),
        )  # fmt: skip
    yield words.gettext("Intervals and rank sets at {level}", level=level) + "."
