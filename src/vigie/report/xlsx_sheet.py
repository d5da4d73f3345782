"""Sheets of a workbook: text that is never a formula, numbers with their formats, a footer on every sheet."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vigie.language import NBSP, Words

FONT, INK, MUTED, RULE, SEA, WASH = "Arial", "#17212B", "#5C6875", "#DDE3E9", "#0B5C8A", "#F5F7F9"
Shown = tuple[str, int, str, bool]  # kind, decimals, arrow and dimness of a number
Style = tuple[bool, bool, bool]  # bold, light, with a line beneath
PLAIN: Style = (False, False, False)
COUNT, WORD, TEXT, INDENTED, BLANK = "count", "word", "text", "indented", "blank"  # cells that are no Number
SIDES: dict[str, dict[str, object]] = {
    COUNT: {"num_format": "#,##0", "align": "right"},
    WORD: {"align": "right"},
    TEXT: {"text_wrap": True, "align": "left", "indent": 0},
    INDENTED: {"text_wrap": True, "align": "left", "indent": 1},
    BLANK: {},
}
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Number:
    """A real number and how many decimals it shows."""

    value: float
    kind: str = "number"  # number, share, signed, hours, or p
    decimals: int = 0
    dim: bool = False  # on a fragile base
    arrow: str = ""  # of a significant change

    @property
    def shown(self) -> Shown:
        """What its format depends on."""
        return self.kind, self.decimals, self.arrow, self.dim


@dataclass(frozen=True, slots=True)
class Jump:
    """A link to another sheet of the book, or to one of its rows."""

    text: str
    sheet: str
    row: int = 0


XlsxCell = str | int | Number | Jump | None


@dataclass(slots=True)
class Book:
    """A workbook, the formats it has made so far, and the names it has given."""

    workbook: Any
    words: Words
    footer: tuple[str, ...]
    names: list[str] = field(default_factory=list)
    formats: dict[tuple[tuple[str, object], ...], Any] = field(default_factory=dict)
    looks: dict[tuple[Style, str | Shown], Any] = field(default_factory=dict)

    def format(self, **look: object) -> Any:
        """A cell format, made once."""
        full = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "top", **look}
        key = tuple(sorted(full.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(full)
        return self.formats[key]

    def look(self, style: Style, kind: str | Shown) -> Any:
        """The format of a cell, resolved once for all cells of its kind."""
        found = self.looks.get((style, kind))
        if found is None:
            bold, light, line = style
            full: dict[str, object] = {"bottom": 1, "bottom_color": RULE} if line else {}
            full |= {"bold": True} if bold else {}
            full |= {"font_color": MUTED} if light else {}
            found = self.looks[style, kind] = self.format(**{**full, **side(kind)})
        return found

    def name(self, wanted: str) -> str:
        """A legal sheet name that no other sheet bears, whatever the case of its letters."""
        clean = " ".join(wanted.translate(FORBIDDEN).split()).strip("'") or "Sheet"
        taken, found, n = {name.casefold() for name in self.names}, clean[:31].strip(), 1
        while found.casefold() in taken or found.casefold() == "history":
            n += 1
            tail = f" ({n})"
            found = clean[: 31 - len(tail)].strip() + tail
        self.names.append(found)
        return found

    def sheet(self, wanted: str, title: str, sub: str = "") -> Sheet:
        name = self.name(wanted)
        made = Sheet(self, self.workbook.add_worksheet(name), name, title)
        made.open(title, sub)
        return made


@dataclass(slots=True)
class Sheet:
    """One sheet, written from the top."""

    book: Book
    page: Any
    name: str
    title: str
    row: int = 0
    places: list[Jump] = field(default_factory=list)  # what the contents lead to
    _widths: tuple[float, ...] = ()
    _texts: frozenset[int] = frozenset()
    _ruled: tuple[int, int] | None = None  # the first row and the number of columns

    def open(self, title: str, sub: str) -> None:
        self.page.hide_gridlines(2)
        self.page.write_string(0, 0, title, self.book.format(bold=True, font_size=14))
        if sub:
            self.page.write_string(1, 0, sub, self.book.format(font_color=MUTED))
        if len(self.book.names) > 1:
            self._jump(2, 0, Jump(f"← {self.book.names[0]}", self.book.names[0]))
        self.row = 4

    def widths(self, widths: Sequence[float]) -> None:
        self._widths = tuple(widths)
        for column, width in enumerate(widths):
            self.page.set_column(column, column, width)

    def head(self, heads: Sequence[str], *, texts: Sequence[int] = (0,), freeze: bool = True) -> None:
        """The heads of a table; `texts` are its columns of text, the others hold numbers."""
        look = {
            "bold": True,
            "bg_color": WASH,
            "bottom": 1,
            "bottom_color": MUTED,
            "text_wrap": True,
            "valign": "bottom",
        }
        self._texts = frozenset(texts)
        for column, head in enumerate(heads):
            side = {"align": "left", "indent": int(column > 0)} if column in self._texts else {"align": "right"}
            self.page.write_string(self.row, column, head, self.book.format(**side, **look))
        self._grow(max((self._lines(column, head) for column, head in enumerate(heads)), default=1))
        if freeze:
            self.page.freeze_panes(self.row, 1)
            self.page.repeat_rows(self.row - 1)

    def spans(self, names: Sequence[str], start: int) -> None:
        """Headings over several columns: neighbours of one name are merged."""
        look, column = self.book.format(bold=True, align="center", bottom=1, bottom_color=MUTED), start
        for name, group in itertools.groupby(names):
            width = len(list(group))
            if width > 1:
                self.page.merge_range(self.row, column, self.row, column + width - 1, "", look)
            self.page.write_string(self.row, column, name, look)
            column += width
        self.row += 1

    def heading(self, text: str) -> None:
        """A line of words above the lines that it names; it runs over the cells beside it."""
        self.page.write_string(self.row, 0, text, self.book.format(bold=True))
        self.row += 1

    def remark(self, text: str) -> None:
        """A line of light words under a heading."""
        self.page.write_string(self.row, 0, text, self.book.format(font_color=MUTED))
        self.row += 1

    def mark(self, text: str) -> None:
        """Have the contents lead to the row that comes now."""
        self.places.append(Jump(text, self.name, self.row))

    def write(self, cells: Sequence[XlsxCell], *, bold: bool = False, light: bool = False, line: bool = True) -> None:
        """One row, as tall as its longest wrapped text, which not every reader does by itself."""
        page, row, look, lines = self.page, self.row, self.book.look, 1
        style = (bold, light, line and self._ruled is None)
        for column, cell in enumerate(cells):
            if isinstance(cell, Number):
                page.write_number(row, column, cell.value, look(style, cell.shown))
            elif isinstance(cell, Jump):
                self._jump(row, column, cell)
                lines = max(lines, self._lines(column, cell.text))
            elif isinstance(cell, int):
                page.write_number(row, column, cell, look(style, COUNT))
            elif cell:
                kind = WORD if column not in self._texts else INDENTED if column else TEXT
                page.write_string(row, column, cell, look(style, kind))
                lines = max(lines, self._lines(column, cell))
            elif style != PLAIN:
                page.write_blank(row, column, None, look(style, BLANK))
        self._grow(lines)

    def _lines(self, column: int, text: str) -> int:
        """How many lines a text takes in its column."""
        if column >= len(self._widths) or (len(text) < self._widths[column] and "\n" not in text):
            return 1
        return sum(1 + int(len(part) / self._widths[column]) for part in text.split("\n"))

    def _grow(self, lines: int) -> None:
        if lines > 1:
            self.page.set_row(self.row, 13.5 * lines + 2)
        self.row += 1

    def ruled(self, columns: int) -> None:
        """One rule draws the lines of all rows from here to the end: a long sheet needs no empty cells then."""
        self._ruled = (self.row, columns)

    def _jump(self, row: int, column: int, jump: Jump) -> None:
        target = jump.sheet.replace("'", "''")
        look = self.book.format(font_color=SEA, underline=1)
        self.page.write_url(row, column, f"internal:'{target}'!A{jump.row + 1}", look, string=jump.text)

    def close(self, *, landscape: bool = True) -> None:
        """The footer beneath the table, and the same on paper."""
        if self._ruled is not None and self.row > self._ruled[0]:
            line = self.book.workbook.add_format({"bottom": 1, "bottom_color": RULE})
            first, columns = self._ruled
            rule = {"type": "formula", "criteria": "=TRUE", "format": line}
            self.page.conditional_format(first, 0, self.row - 1, columns - 1, rule)
        self.row += 1
        for said in self.book.footer:
            self.page.write_string(self.row, 0, said, self.book.format(font_color=MUTED, font_size=9))
            self.row += 1
        if landscape:
            self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.set_footer("&L&8" + self.book.footer[0].replace("&", "&&")[:180] + "&R&8&P / &N")


def side(kind: str | Shown) -> dict[str, object]:
    """How a kind of cell stands in its column."""
    if isinstance(kind, str):
        return SIDES[kind]
    dim = {"font_color": MUTED, "italic": True} if kind[3] else {}
    return {"num_format": number_format(*kind[:3]), "align": "right", **dim}


def number_format(kind: str, decimals: int, arrow: str) -> str:
    digits = "0" + ("." + "0" * decimals if decimals else "")
    tail = f'"{NBSP}{arrow}"' if arrow else ""
    if kind == "share":
        return f"{digits}{NBSP}%{tail}"
    if kind == "hours":
        return f'#,##{digits}"{NBSP}h"{tail}'
    if kind == "signed":
        return f"+{digits}{tail};\u2212{digits}{tail};{digits}{tail}"
    return digits if kind == "p" else f"#,##{digits}{tail}"


def create(path: Path | io.BytesIO, words: Words, footer: tuple[str, ...]) -> Book:
    """A workbook on disk or in memory; the same input gives the same bytes."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(str(path) if isinstance(path, Path) else path, options)
    workbook.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - a fixed date, of no zone
    return Book(workbook, words, footer)
