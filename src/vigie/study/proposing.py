"""A study proposed from a table of answers: a question per column as its cells suggest, for somebody to put into words.

Nothing is known of what was asked but headers and cells; what is proposed can be run, and is meant to be changed.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from vigie.study.question_checks import COLUMNS_OF_FACTS
from vigie.study.text import ID, RESERVED, code

MOST_OPTIONS = 25  # different answers of a closed question
MOST_COLUMNS = 300  # that are proposed
BANNER = 2  # questions that break tables
FEW = 6  # options of such a question
LONG = 40  # characters of a cell that is a text
DONT_KNOW = ("99", "98", "88")
_INTEGER = re.compile(r"-?\d{1,9}(\.0+)?")
_NUMBER = re.compile(r"-?\d{1,12}([.,]\d+)?")
_SET = re.compile(r"(?P<stem>.*\w)(?P<mark>[_.\- ]|(?<=\d)[rR_])(?P<option>[A-Za-z0-9]{1,20})")
_DELIMITERS = (";", "|", ",")
_PERSON = re.compile(
    r"(.*[_ .-])?(id|ident\w*|respond[ae]nt\w*|r[eé]pondant\w*|record|case|uuid|serial|n[o°])([_ .-].*)?", re.IGNORECASE
)
_WEIGHT = re.compile(r"(poids|pond[eé]r\w*|weights?|wgt)([_ .-].*)?", re.IGNORECASE)
_ADDRESS = re.compile(r"\S+@\S+\.\S+")
NEARLY = 0.95  # of the rows of a key are told apart by it: the others are listed when it is read, and left out


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its header, and its cells that hold anything."""

    header: str
    cells: Sequence[str]
    rows: int

    @property
    def counted(self) -> Counter[str]:
        """How often each answer stands, spelled as cells are read."""
        return Counter(str(code(c)) for c in self.cells)


@dataclass(frozen=True, slots=True)
class _Question:
    """A question, as it is written in YAML, with the column that it is read from and the indicator made of it."""

    id: str
    written: str
    column: str
    indicator: str = ""
    breaks: bool = False


@dataclass
class _Names:
    """Names of questions, each given once."""

    taken: set[str] = field(default_factory=set)

    def of(self, header: str, number: int) -> str:
        plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode().lower()
        name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40] or f"column_{number}"
        name = name if name[0].isalpha() else f"q{name}"
        tried, more = name, 2
        while tried in {*self.taken, *RESERVED, *COLUMNS_OF_FACTS, "null"} or not ID.fullmatch(tried):
            tried, more = f"{name}_{more}", more + 1
        self.taken.add(tried)
        return tried


def proposed(name: str, title: str, language: str, columns: Sequence[Column], wave: str, file: str) -> str | None:
    """The text of a study of these columns, which stand in a wave's file.

    None where no column tells people apart, or none holds answers.
    """
    person, weight = _person(columns), _weight(columns)
    asked = [c for c in columns if c is not person and c is not weight and not _names_people(c)]
    questions = list(_questions(asked[:MOST_COLUMNS], _Names()))
    if person is None or not questions:
        return None
    banner = [q.id for q in questions if q.breaks][:BANNER]
    lines = [
        "# Proposed from the columns of a file. Say what each question asked and what its answers mean; take out",
        "# what is of no use. While you write, all that does not fit is listed; Ctrl and space offer what may stand.",
        f"study: {name}", f"title: {_text(title)}", f"languages: [{language}]",
        f"banner: [{', '.join(banner)}]", "", "questions:", *(f"  - {q.written}" for q in questions), "",
        "indicators:", *(f"  - {q.indicator}" for q in questions if q.indicator), "",
        "imports:", "  answers:", f"    respondent: {_text(person.header)}",
        *([f"    weight: {_text(weight.header)}"] if weight is not None else []), "    columns:",
        *(f"      {q.id}: {q.column}" for q in questions), "",
        "waves:", f"  - {{id: {_text(wave)}, files: {{survey: {{path: {_text(file)}, import: answers}}}}}}", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _person(columns: Sequence[Column]) -> Column | None:
    """The column that numbers people: one that is named like it, if a few stand twice; else the first of values of
    their own. Never one of addresses, by which people would be known.
    """
    full = [c for c in columns if c.header and c.rows and len(c.cells) == c.rows and not _names_people(c)]
    own = [c for c in full if len(set(c.cells)) == c.rows]
    named = [c for c in (*own, *full) if _PERSON.fullmatch(c.header) and len(set(c.cells)) >= NEARLY * c.rows]
    return next(iter([*named, *own]), None)


def _weight(columns: Sequence[Column]) -> Column | None:
    """The column of weights, by its name: numbers above 0 on every row."""
    named = (c for c in columns if _WEIGHT.fullmatch(c.header) and c.rows and len(c.cells) == c.rows)
    return next(
        (c for c in named if all(_NUMBER.fullmatch(n) and float(n.replace(",", ".")) > 0 for n in c.cells)), None
    )


def _names_people(column: Column) -> bool:
    """Whether its cells are addresses of e-mail."""
    return sum(_ADDRESS.fullmatch(c) is not None for c in column.cells) * 2 > len(column.cells) > 0


def _questions(columns: Sequence[Column], names: _Names) -> Iterator[_Question]:
    sets = _sets(columns)
    told: set[str] = set()
    twice = Counter(c.header for c in columns)
    for number, column in enumerate(columns, 1):
        if column.header in told or not column.header or not column.cells or twice[column.header] > 1:
            continue
        pattern = next((p for p, members in sets.items() if column.header in members.values()), None)
        if pattern is not None:
            told |= set(sets[pattern].values())
            yield _multiple(names.of(pattern.partition("{")[0], number), pattern, list(sets[pattern]))
        elif "{" not in column.header:
            made = _question(names.of(column.header, number), column)
            if made is not None:
                yield made


def _sets(columns: Sequence[Column]) -> dict[str, dict[str, str]]:
    """Columns that are the options of one question, 1 or 0 each: by the pattern of their headers."""
    found: dict[str, dict[str, str]] = {}
    for column in columns:
        named = _SET.fullmatch(column.header)
        if named and "{" not in column.header and set(column.cells) <= {"0", "1"}:
            found.setdefault(f"{named['stem']}{named['mark']}{{option}}", {})[named["option"]] = column.header
    return {pattern: options for pattern, options in found.items() if len(options) > 1}


def _multiple(name: str, pattern: str, options: Sequence[str]) -> _Question:
    stem = pattern.partition("{")[0].rstrip("_.- ")
    return _several(name, stem, {o: f"{stem} {o}" for o in options}, f"{{from: {_text(pattern)}}}")


def _several(name: str, label: str, options: Mapping[str, str], column: str) -> _Question:
    """A question with several answers: its options by code, with their words."""
    listed = ", ".join(f"{_text(short)}: {_text(words)}" for short, words in options.items())
    written = f"{{id: {name}, kind: multiple, label: {_text(label)}, options: {{{listed}}}}}"
    return _Question(name, written, column, f"{{id: {name}_chosen, label: {_text(label)}, share: {name}}}")


def _question(name: str, column: Column) -> _Question | None:
    """What the cells of a column suggest; nothing for short texts of which nearly each is another: names, addresses."""
    label, counted = _text(column.header), column.counted
    head, place = f"{{id: {name}, ", f"{{from: {_text(column.header)}}}"
    numbers = {c: int(float(c)) for c in counted if _INTEGER.fullmatch(c)}
    marks = {n for c, n in numbers.items() if c not in DONT_KNOW}
    if len(numbers) == len(counted) and len(marks) > 4 and min(marks) >= 0 and max(marks) <= 10:
        return _scale(name, column, marks)
    several = _delimited(name, column)
    if several is not None:
        return several
    if len(counted) <= MOST_OPTIONS and (len(counted) * 3 <= len(column.cells) or len(counted) <= FEW):
        return _single(name, column)
    if all(_NUMBER.fullmatch(c) for c in counted):
        indicator = f"{{id: {name}_mean, label: {label}, mean: {name}}}"
        return _Question(name, f"{head}kind: numeric, label: {label}}}", place, indicator)
    if sum(len(c) > LONG for c in column.cells) * 5 > len(column.cells):
        indicator = (
            f"{{id: {name}_negative, label: {label}, share: polarity({name}) == negative, base: answered({name})}}"
        )
        return _Question(name, f"{head}kind: open, label: {label}}}", place, indicator)
    if len(counted) * 3 > len(column.cells):
        return None
    return _Question(name, f"{head}kind: category, label: {label}}}", place)


def _scale(name: str, column: Column, marks: set[int]) -> _Question:
    top = 5 if max(marks) <= 5 else 7 if max(marks) <= 7 else 10
    low = 0 if 0 in marks else 1
    label = _text(column.header)
    unknown = next((c for c in DONT_KNOW if c in column.counted), None)
    more = f", dont_know: {{code: {unknown}, in_base: false}}" if unknown else ""
    ends = f"{{from: {low}, to: {top}, low: '{low}', high: '{top}'}}"
    written = f"{{id: {name}, kind: scale, label: {label}, scale: {ends}{more}}}"
    measure = "nps" if (low, top) == (0, 10) else "mean"
    indicator = f"{{id: {name}_{measure}, label: {label}, {measure}: {name}, better: high}}"
    return _Question(name, written, f"{{from: {label}}}", indicator)


def _single(name: str, column: Column) -> _Question:
    """Codes stay as they are; words become options of short codes."""
    label, answers = _text(column.header), sorted(column.counted, key=_by_number)
    codes = {a: a if _INTEGER.fullmatch(a) else f"o{i}" for i, a in enumerate(answers, 1)}
    listed = ", ".join(f"{_text(short)}: {_text(answer)}" for answer, short in codes.items())
    written = f"{{id: {name}, kind: single, label: {label}, options: {{{listed}}}}}"
    mapped = ", ".join(f"{_text(answer)}: {_text(short)}" for answer, short in codes.items())
    place = f"{{from: {label}, codes: {{{mapped}}}}}" if codes.keys() != set(codes.values()) else f"{{from: {label}}}"
    return _Question(
        name, written, place, f"{{id: {name}_share, label: {label}, share: {name}}}", breaks=1 < len(codes) <= FEW
    )


def _delimited(name: str, column: Column) -> _Question | None:
    """Several short answers in one cell."""
    for mark in _DELIMITERS:
        parts = [[str(code(p)) for p in cell.split(mark) if p.strip()] for cell in column.cells]
        listed = Counter(p for cell in parts for p in cell)
        several = sum(len(cell) > 1 for cell in parts) * 5 >= len(parts)
        apart = len(listed) < len(column.counted)  # of words with a comma inside, there would be more parts than cells
        if several and apart and 1 < len(listed) <= MOST_OPTIONS and max(map(len, listed)) <= LONG:
            codes = {p: p if p.isalnum() else f"o{i}" for i, p in enumerate(sorted(listed), 1)}
            mapped = ", ".join(f"{_text(p)}: {_text(short)}" for p, short in codes.items())
            place = f"{{from: {_text(column.header)}, delimiter: {_text(mark)}, codes: {{{mapped}}}}}"
            return _several(name, column.header, {short: p for p, short in codes.items()}, place)
    return None


def _by_number(answer: str) -> tuple[float, str]:
    return (float(answer) if _INTEGER.fullmatch(answer) else float("inf"), answer)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
