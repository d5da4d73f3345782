"""Brands in time: a brand may be renamed, merged or change sector from a date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from vigie.errors import Problem, suggestion
from vigie.study.csv_table import csv_rows
from vigie.study.text import ID, code, normalised

COLUMNS = ("brand", "name", "sector", "aliases", "from", "until", "succeeds")


@dataclass(frozen=True, slots=True)
class Brand:
    """One brand over one period: its name and sector then, and the brand that it succeeds."""

    brand: str
    name: str
    sector: str
    aliases: tuple[str, ...] = ()
    start: date | None = None  # first day, unlimited when None
    until: date | None = None  # last day, unlimited when None
    succeeds: str | None = None

    def stands(self, day: date | None) -> bool:
        """Whether this row holds on a day; a wave without dates takes the latest row."""
        if day is None:
            return self.until is None
        return (self.start is None or self.start <= day) and (self.until is None or day <= self.until)


Placed = list[tuple[int, Brand]]  # each with its line in the file


def on_day(brands: Iterable[Brand], day: date | None) -> dict[str, Brand]:
    """The brands that exist on a day, by id."""
    return {row.brand: row for row in brands if row.stands(day)}


def read_brands(text: str, *, file: str) -> tuple[list[Brand], list[Problem]]:
    """Brands from CSV with the header `brand,name,sector[,aliases,from,until,succeeds]`; aliases split at `|`."""
    rows, problems = csv_rows(text, file=file)
    if problems and not rows:
        return [], problems
    header = rows[0][1] if rows else []
    if wrong := list(_header(header, file)):
        return [], wrong
    placed: Placed = []
    for number, row in rows[1:]:
        brand, found = _brand(dict(zip(header, row, strict=False)), file=file, line=number)
        problems += found
        if brand is not None:
            placed.append((number, brand))
    return [b for _, b in placed], [*problems, *_overlaps(placed, file=file), *_shared_names(placed, file=file)]


def _header(header: list[str], file: str) -> Iterator[Problem]:
    for name in COLUMNS[:3]:
        if name not in header:
            message = f'The list of brands has no column "{name}".'
            yield Problem("column-missing", message, suggestion(name, header), file, 1)
    for name in dict.fromkeys(header):
        if name not in COLUMNS:
            message = f'"{name}" is not a column of the list of brands.'
            yield Problem("unknown-key", message, suggestion(name, COLUMNS), file, 1)
        elif header.count(name) > 1:
            yield Problem("duplicate-header", f'"{name}" heads two columns.', "Take one of them out.", file, 1)


def _brand(cells: Mapping[str, str], *, file: str, line: int) -> tuple[Brand | None, list[Problem]]:
    problems = []
    key = str(code(cells.get("brand", "")))
    if not key or len(key) > 100:
        hint = "Write it in the column brand."
        problems.append(Problem("wrong-value", "A brand needs an id of 1 to 100 characters.", hint, file, line))
    if not ID.fullmatch(cells.get("sector", "")):
        hint = "A sector's id has only small letters, digits and _."
        problems.append(Problem("wrong-value", f'"{cells.get("sector", "")}" is not a sector.', hint, file, line))
    days: dict[str, date | None] = {}
    for name in ("from", "until"):
        try:
            days[name] = date.fromisoformat(cells[name]) if cells.get(name) else None
        except ValueError:
            message = f'"{cells[name]}" in column "{name}" is not a date.'
            problems.append(Problem("bad-date", message, "Write it as 2024-01-31.", file, line))
    start, until = days.get("from"), days.get("until")
    if start and until and start > until:
        message = f'Brand "{key}" ends before it begins.'
        problems.append(Problem("brand-dates", message, "Exchange `from` and `until`.", file, line))
    if problems:
        return None, problems
    aliases = tuple(a.strip() for a in cells.get("aliases", "").split("|") if a.strip())
    name, succeeds = cells.get("name") or key, str(code(cells.get("succeeds", ""))) or None
    return Brand(key, name, cells["sector"], aliases, start, until, succeeds), []


def _overlaps(placed: Placed, *, file: str) -> Iterator[Problem]:
    """Rows of one brand that hold on the same day, and successors of nobody."""
    by_brand: dict[str, Placed] = {}
    for line, row in placed:
        by_brand.setdefault(row.brand, []).append((line, row))
    for key, rows in by_brand.items():
        in_time = sorted(rows, key=lambda placed: (placed[1].start or date.min, placed[1].until or date.max))
        pair = next((sorted((a[0], b[0])) for a, b in pairwise(in_time) if _meet(a[1], b[1])), None)
        if pair:
            hint = "Give each row its own period with `from` and `until`."
            message = f'Two rows of brand "{key}" hold on the same day (line {pair[0]} too).'
            yield Problem("brand-dates", message, hint, file, pair[1])
    for line, row in placed:
        if row.succeeds and row.succeeds not in by_brand:
            message = f'Brand "{row.brand}" succeeds "{row.succeeds}", which is not in the list.'
            yield Problem("unknown-name", message, suggestion(row.succeeds, list(by_brand)), file, line)


def _shared_names(placed: Placed, *, file: str) -> Iterator[Problem]:
    """Names and aliases by which two brands go at the same time: a file that uses one could mean either."""
    bearers: dict[str, Placed] = {}
    for line, row in placed:
        for text in {normalised(t).casefold() for t in (row.name, *row.aliases)}:
            bearers.setdefault(text, []).append((line, row))
    for text, rows in bearers.items():
        two = ((a, b) for a, b in combinations(rows, 2) if a[1].brand != b[1].brand and _meet(a[1], b[1]))
        if pair := next(two, None):
            (first, one), (line, other) = pair
            message = f'Brands "{one.brand}" (line {first}) and "{other.brand}" are both called "{text}".'
            hint = "Give one of them another name, or periods that do not meet."
            yield Problem("duplicate-name", message, hint, file, line)


def _meet(one: Brand, other: Brand) -> bool:
    return (one.start or date.min) <= (other.until or date.max) and (other.start or date.min) <= (one.until or date.max)
