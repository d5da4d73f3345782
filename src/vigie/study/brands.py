"""Brands in time: a brand may be renamed, merged or change sector from a date."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from vigie.errors import Problem, suggestion
from vigie.study.text import ID

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


def on_day(brands: Iterable[Brand], day: date | None) -> dict[str, Brand]:
    """The brands that exist on a day, by id."""
    return {row.brand: row for row in brands if row.stands(day)}


def read_brands(text: str, *, file: str) -> tuple[list[Brand], list[Problem]]:
    """Brands from CSV with the header `brand,name,sector[,aliases,from,until,succeeds]`; aliases split at `|`."""
    lines = csv.reader(
        io.StringIO(text.removeprefix("\ufeff")), delimiter=";" if ";" in text.split("\n", 1)[0] else ","
    )
    try:
        rows = list(lines)
    except csv.Error as error:
        return [], [Problem("file-unreadable", f"This is not a CSV table: {error}.", file=file, line=lines.line_num)]
    header = [cell.strip() for cell in rows[0]] if rows else []
    missing = [name for name in COLUMNS[:3] if name not in header]
    problems = [
        Problem("column-missing", f'The list of brands has no column "{name}".', suggestion(name, header), file, 1)
        for name in missing
    ]
    problems += [
        Problem("unknown-key", f'"{name}" is not a column of the list of brands.', suggestion(name, COLUMNS), file, 1)
        for name in header if name not in COLUMNS
    ]  # fmt: skip
    if problems:
        return [], problems
    brands: list[Brand] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
        brand, found = _brand(cells, file=file, line=number)
        problems += found
        if brand is not None:
            brands.append(brand)
    return brands, problems + _overlaps(brands, file=file)


def _brand(cells: Mapping[str, str], *, file: str, line: int) -> tuple[Brand | None, list[Problem]]:
    problems = []
    key = cells.get("brand", "")
    if not key or len(key) > 100:
        problems.append(Problem("wrong-value", "A brand needs an id of 1 to 100 characters.", file=file, line=line))
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
    if problems:
        return None, problems
    aliases = tuple(a.strip() for a in cells.get("aliases", "").split("|") if a.strip())
    name = cells.get("name") or key
    return Brand(key, name, cells["sector"], aliases, days["from"], days["until"], cells.get("succeeds") or None), []


def _overlaps(brands: list[Brand], *, file: str) -> list[Problem]:
    """Rows of one brand that hold on the same day, and successors of nobody."""
    problems = []
    by_brand: dict[str, list[Brand]] = {}
    for row in brands:
        by_brand.setdefault(row.brand, []).append(row)
    for key, rows in by_brand.items():
        periods = sorted((r.start or date.min, r.until or date.max) for r in rows)
        if any(later[0] <= earlier[1] for earlier, later in pairwise(periods)):
            hint = "Give each row its own period with `from` and `until`."
            problems.append(Problem("brand-dates", f'Two rows of brand "{key}" hold on the same day.', hint, file))
    problems += [
        Problem("unknown-name", f'Brand "{row.brand}" succeeds "{row.succeeds}", which is not in the list.',
                suggestion(row.succeeds, list(by_brand)), file)
        for row in brands if row.succeeds and row.succeeds not in by_brand
    ]  # fmt: skip
    return problems
