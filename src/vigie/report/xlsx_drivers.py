"""The sheet of the drivers: importance, mean mark and link of every mark, with intervals and method."""

from __future__ import annotations

from vigie.report.drivers import bootstrap, caution, heading, kind, method, name
from vigie.report.edition import Edition
from vigie.report.xlsx_sheet import Book, Number, Sheet, XlsxCell
from vigie.results.drivers import Driver, Drivers


def driver_sheet(book: Book, edition: Edition) -> list[Sheet]:
    """One block to an analysis."""
    words, found = book.words, edition.results.drivers
    if not found:
        return []
    title = words.gettext("What goes together with the overall mark")
    sheet = book.sheet(words.gettext("Drivers"), title, caution(edition))
    sheet.widths([44, *[13] * 13])
    for one in found:
        _block(sheet, edition, one)
    sheet.close()
    return [sheet]


def _block(sheet: Sheet, edition: Edition, one: Drivers) -> None:
    words = edition.words
    title = heading(edition, one)
    sheet.mark(title)
    sheet.heading(title)
    if one.flag == "hidden":
        sheet.remark(words.gettext("base < {n}", n=words.count(edition.results.hide)))
        sheet.row += 1
        return
    sheet.remark(method(edition, one))
    sheet.remark(bootstrap(edition, one))
    low, high = words.gettext("Low"), words.gettext("High")
    heads = [words.gettext("Mark"), words.gettext("Importance"), low, high, words.gettext("Mean mark"), low, high,
             words.gettext("Correlation")]  # fmt: skip
    if one.method == "penalty_reward":
        heads += [words.gettext("Penalty"), low, high, words.gettext("Reward"), low, high, words.gettext("Kind")]
    sheet.head(heads, texts=(0, len(heads) - 1) if one.method == "penalty_reward" else (0,), freeze=False)
    for entry in one.entries:
        sheet.write(_line(edition, one, entry))
    explained = words.gettext("Explained together (R²)")
    sheet.write([explained, *(_number(v, one, "share", 1) for v in (one.r2, one.r2_low, one.r2_high))], light=True)
    sheet.write([words.gettext("People who gave every mark"), one.n], light=True)
    sheet.write([words.gettext("People left out"), one.left_out], light=True)
    sheet.row += 1


def _line(edition: Edition, one: Drivers, e: Driver) -> list[XlsxCell]:
    shares = (e.importance, e.importance_low, e.importance_high)
    marks = (e.performance, e.performance_low, e.performance_high)
    cells: list[XlsxCell] = [name(edition, e.label)]
    cells += [_number(v, one, "share", 1) for v in shares] + [_number(v, one, "number", 2) for v in marks]
    cells.append(_number(e.correlation, one, "number", 2))
    if one.method == "penalty_reward":
        effects = (e.penalty, e.penalty_low, e.penalty_high, e.reward, e.reward_low, e.reward_high)
        cells += [*(_number(v, one, "number", 2) for v in effects), kind(edition, e)]
    return cells


def _number(value: float | None, one: Drivers, of: str, decimals: int) -> Number | None:
    return None if value is None else Number(value, of, decimals, dim=one.flag == "fragile")
