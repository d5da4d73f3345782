"""Sheets of a workbook: text that is never a formula, numbers with their formats, a footer on every sheet."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vigie.language import NBSP, Words

FONT, INK, MUTED, RULE, SEA, WASH = "Arial", "#17212B", "#5C6875", "#DDE3E9", "#0B5C8A", "#F5F7F9"
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Number:
    """A real number and how many decimals it shows."""

    value: float
    kind: str = "number"  # number, share, signed, hours, or p
    decimals: int = 0
    dim: bool = False  # on a fragile base
    arrow: str = ""  # of a significant change


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

    def format(self, **look: object) -> Any:
        """A cell format, made once."""
        full = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "top", **look}
        key = tuple(sorted(full.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(full)
        return self.formats[key]

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
        self._grow(heads)
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
        look: dict[str, object] = {"bottom": 1, "bottom_color": RULE} if line else {}
        if bold:
            look["bold"] = True
        if light:
            look["font_color"] = MUTED
        for column, cell in enumerate(cells):
            self._cell(column, cell, look)
        self._grow([cell.text if isinstance(cell, Jump) else cell for cell in cells])

    def _grow(self, cells: Sequence[XlsxCell]) -> None:
        """Give the row the height of its longest wrapped text, which not every reader does by itself."""
        lines = 1
        for text, width in zip(cells, self._widths, strict=False):
            if isinstance(text, str):
                lines = max(lines, sum(1 + int(len(part) / width) for part in text.split("\n")))
        if lines > 1:
            self.page.set_row(self.row, 13.5 * lines + 2)
        self.row += 1

    def _cell(self, column: int, cell: XlsxCell, look: dict[str, object]) -> None:
        if isinstance(cell, Jump):
            self._jump(self.row, column, cell)
        elif isinstance(cell, Number):
            dim = {"font_color": MUTED, "italic": True} if cell.dim else {}
            shown = {**look, **dim, "num_format": number_format(cell), "align": "right"}
            self.page.write_number(self.row, column, cell.value, self.book.format(**shown))
        elif isinstance(cell, int):
            self.page.write_number(self.row, column, cell, self.book.format(num_format="#,##0", align="right", **look))
        elif cell:
            number = column not in self._texts
            side = {"align": "right"} if number else {"text_wrap": True, "align": "left", "indent": int(column > 0)}
            self.page.write_string(self.row, column, cell, self.book.format(**side, **look))
        else:
            self.page.write_blank(self.row, column, None, self.book.format(**look))

    def _jump(self, row: int, column: int, jump: Jump) -> None:
        target = jump.sheet.replace("'", "''")
        look = self.book.format(font_color=SEA, underline=1)
        self.page.write_url(row, column, f"internal:'{target}'!A{jump.row + 1}", look, string=jump.text)

    def close(self, *, landscape: bool = True) -> None:
        """The footer beneath the table, and the same on paper."""
        self.row += 1
        for line in self.book.footer:
            self.page.write_string(self.row, 0, line, self.book.format(font_color=MUTED, font_size=9))
            self.row += 1
        if landscape:
            self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.set_footer("&L&8" + self.book.footer[0].replace("&", "&&")[:180] + "&R&8&P / &N")


def number_format(number: Number) -> str:
    digits = "0" + ("." + "0" * number.decimals if number.decimals else "")
    tail = f'"{NBSP}{number.arrow}"' if number.arrow else ""
    if number.kind == "share":
        return f"{digits}{NBSP}%{tail}"
    if number.kind == "hours":
        return f'#,##{digits}"{NBSP}h"{tail}'
    if number.kind == "signed":
        return f"+{digits}{tail};\u2212{digits}{tail};{digits}{tail}"
    return digits if number.kind == "p" else f"#,##{digits}{tail}"


def create(path: Path, words: Words, footer: tuple[str, ...]) -> Book:
    """A workbook on disk; the same input gives the same bytes."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(str(path), options)
    workbook.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - a fixed date, of no zone
    return Book(workbook, words, footer)
