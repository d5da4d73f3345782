"""What happens to files on their way: seeded mutators of text, tables, workbooks and Parquet files."""

from __future__ import annotations

import csv
import io
import random
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

JUNK = (
    "", "~", "null", "[]", "{}", "[[[", "}{", "0", "-1", "4.0", "1e308", "-1e308", "1e-320", "9" * 400, "nan", ".inf",
    "yes", "²", "٣", "é" * 300, '"', "'", '"\\ud800"', '"\\0"', "*a", "&a x", "!!python/object:os.system x", "x: y",
    "2024-02-30", "../../etc/passwd", "/etc/passwd", "a" * 5000, "{a: {b: {c: d}}}", "[1, 2, 3]", "any(", "used.",
    "not not not any(used)", "1/0 == 1", "satisfaction >= 7", "\t", "- - -", "=1+1", "🙂", "everyone", "true",
)  # fmt: skip
CELLS = (
    "", " ", "x", "1", "0", "99", "-1", "1e308", "-1e308", "1e-300", "9" * 400, "nan", "inf", "1,5", "1.5", "=1+1",
    '"', "'", "²", "٣", "é", "🙂", "\u200b", "phone", "none", "answered", "invalid", "2024-02-30", "31/12/2024",
    "99999-01-01", "a" * 40_000, "\n", "; ; ;", "true", "ondine", "\u202e", "\x07", "NULL", "il y a 3 jours", "★★★",
    "1999-01-01T00:00:00", "25:61", "-3 min", "10/10", "^^", "resolved", "misaine;misaine",
)  # fmt: skip


def archive(data: bytes, chance: random.Random) -> bytes:
    """A zip as a bad disk or a broken line leaves it; most often its directory suffers, which stands at the end."""
    found = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 8])):
        start = chance.choice([0, data.rfind(b"PK\5\6"), data.find(b"PK\1\2")])
        found[chance.randrange(max(start, 0), len(found))] = chance.choice([0, 0xFF, chance.randrange(256)])
    return bytes(found[: chance.choice([*[len(found)] * 7, chance.randrange(len(found))])])


def study_text(text: str, chance: random.Random) -> bytes:
    """A text file as a slip of the editor leaves it."""
    lines = text.split("\n")
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        at = chance.randrange(len(lines))
        line = lines[at]
        match chance.randrange(10):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, line)  # a key, an item or a row stands twice
            case 2:
                other = chance.randrange(len(lines))
                lines[at], lines[other] = lines[other], line
            case 3:
                lines[at] = " " * chance.choice([1, 2, 3, 7]) + line
            case 4:
                lines[at] = line.lstrip()
            case 5 | 6:
                head, colon, _ = line.rpartition(": ")
                lines[at] = head + colon + chance.choice(JUNK)
            case 7:
                words = line.split(" ")
                words[chance.randrange(len(words))] = chance.choice(JUNK)
                lines[at] = " ".join(words)
            case 8:
                cut = chance.randrange(len(line) + 1)
                lines[at] = line[:cut] + chance.choice(['"', ":", ",", "}", "]", "\0", "\x01", "#", "&"]) + line[cut:]
            case _:
                words = line.split(",")
                chance.shuffle(words)
                lines[at] = ",".join(words)
        lines = lines or [""]
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def any_bytes(data: bytes, chance: random.Random) -> bytes:
    """Bytes cut, changed, put in; or the text in another encoding."""
    out = bytearray(data)
    at = chance.randrange(len(out) + 1)
    match chance.randrange(9):
        case 0:
            del out[at:]
        case 1:
            out[at : at + 1] = bytes([chance.randrange(256)])
        case 2:
            out[at:at] = chance.choice([b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b'"', b"\x1a", b"\xe9"])
        case 3:
            out[at:at] = chance.randbytes(30)
        case 4:
            return data.decode().encode("utf-16")
        case 5:
            return data.decode().encode("cp1252", "replace")
        case 6:
            return data.decode().encode("utf-16-le")
        case 7:
            return b""
        case _:
            return data.replace(b"\n", b"\r")
    return bytes(out)


def table(text: str, chance: random.Random) -> list[list[str]]:
    """A table with columns swapped, taken out, doubled; rows cut, doubled, gone; cells overwritten."""
    rows = list(csv.reader(io.StringIO(text)))
    width = len(rows[0])
    a, b = chance.randrange(width), chance.randrange(width)
    match chance.randrange(10):
        case 0:
            for row in rows:
                row[a], row[b] = row[b], row[a]
        case 1:
            rows[0][a], rows[0][b] = rows[0][b], rows[0][a]
        case 2:
            rows = [[c for i, c in enumerate(row) if i != a] for row in rows]
        case 3:
            rows = [[*row, row[a]] for row in rows]
        case 4:
            rows = rows[: chance.choice([0, 1, 1, 2, 3])]
        case 5:
            rows += [list(row) for row in rows[1:] if chance.random() < 0.5]
        case 6:
            junk = chance.choice(CELLS)
            for row in rows[1:]:
                row[a] = junk
        case 7:
            rows[chance.randrange(len(rows))] = [chance.choice(CELLS) for _ in range(chance.choice([1, width]))]
        case 8:
            rows[chance.randrange(len(rows))][a] = "x" * (2 << 20)
        case _:
            for _ in range(20):
                rows[chance.randrange(len(rows))][chance.randrange(width)] = chance.choice(CELLS)
    return rows


def as_csv(rows: list[list[str]], chance: random.Random) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=chance.choice(",,;\t|"), lineterminator="\n").writerows(rows)
    return out.getvalue().encode(chance.choice(["utf-8", "utf-8", "utf-16"]), "replace")


def as_xlsx(rows: list[list[str]], chance: random.Random) -> bytes:
    """A workbook of the rows, with numbers as numbers; then, perhaps, a damaged part or a damaged file."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_numbers": True, "nan_inf_to_errors": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, [cell[:30_000] for cell in row])
    data = out.getvalue()
    return chance.choice([lambda: data, lambda: any_bytes_of(data, chance), lambda: _part(data, chance)])()


def any_bytes_of(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice([1, 20])):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out[: chance.choice([len(out), chance.randrange(len(out))])])


def _part(data: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        hurt = chance.choice(old.namelist())
        for name in old.namelist():
            new.writestr(name, any_bytes_of(old.read(name), chance) if name == hurt else old.read(name))
    return out.getvalue()


def as_parquet(rows: list[list[str]], chance: random.Random) -> bytes:
    """A Parquet file of the rows, each column in the type that its cells allow; then, perhaps, a damaged file."""
    names = [f"{name}" for name in rows[0]] if rows else []
    body = [(row + [""] * len(names))[: len(names)] for row in rows[1:]]
    columns = [_typed([row[i] for row in body], chance) for i in range(len(names))]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, names=names), out, compression=chance.choice(["none", "snappy"]))
    data = out.getvalue()
    return chance.choice([data, data, any_bytes_of(data, chance)])


def _typed(cells: list[str], chance: random.Random) -> pa.Array:
    """The cells as numbers, lists, dictionaries or moments where that is possible, else as text."""
    texts = pa.array([c.encode("utf-8", "replace").decode() or None for c in cells], pa.string())
    kind = chance.choice(["text", "number", "list", "dictionary", "moment", "bytes"])
    try:
        match kind:
            case "number":
                return texts.cast(pa.float64())
            case "moment":
                return texts.cast(pa.timestamp(chance.choice(["s", "us", "ns"])))
            case "list":
                return pa.array([c.split("^") if c else None for c in cells], pa.list_(pa.string()))
            case "dictionary":
                return texts.dictionary_encode()
            case "bytes":
                return texts.cast(pa.binary())
    except pa.ArrowInvalid:
        pass
    return texts
