"""Damaged files: a table or a `VigieError`, and nothing else."""

import io
import random
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from vigie.errors import VigieError
from vigie.formats.tables import Reading, read_table

CSV = (
    'id;âge;"récit"\r\n1;33;"Très ""bien"", merci"\r\n2;;"deux\r\nlignes"\r\n3;44,5;\r\n\r\n4;55;=1+1\r\n'.encode()
    + b"".join(b"%d;%d;plain words\r\n" % (i, i % 90) for i in range(5, 60))
)


def mutated(data, chance):
    """The data cut, with bytes changed, repeated, removed or put in, as transfers and editors do."""
    out = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        at = chance.randrange(len(out) + 1)
        match chance.randrange(6):
            case 0:
                del out[at:]
            case 1:
                out[at : at + 1] = bytes([chance.randrange(256)])
            case 2:
                out[at:at] = chance.choice(
                    [b'"', b";", b"\0", b"\r", b"\n", b"\xff\xfe", b"\xef\xbb\xbf", b"'", b"<", b"&"]
                )
            case 3:
                del out[at : at + chance.randrange(1, 40)]
            case 4:
                out[at:at] = out[at : at + chance.randrange(1, 200)]
            case _:
                out[at:at] = chance.randbytes(chance.randrange(1, 30))
    return bytes(out)


def read(path, **reading):
    """How many rows, or the codes of the problems."""
    try:
        table = read_table(path, Reading(**reading))
    except VigieError as error:
        problems = error.problems
    else:
        assert len(table.headers) == len(table.columns) > 0
        assert len({len(column) for column in table.columns}) == 1
        return len(table)
    assert all(p.code in {"file-unreadable", "file-too-large"} and p.file and p.message for p in problems)
    return None


@pytest.mark.parametrize("seed", range(4))
def test_damaged_text_files(tmp_path, seed):
    chance = random.Random(seed)
    path = tmp_path / "a.csv"
    for _ in range(100):
        path.write_bytes(mutated(CSV, chance))
        read(path)
        read(path, separator=";", encoding="windows-1252")
    for _ in range(30):
        path.write_bytes(chance.randbytes(chance.randrange(1, 3000)))
        read(path)


def test_a_text_file_cut_anywhere_is_shorter_by_whole_rows_or_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(CSV)
    whole = read(path)
    for size in range(1, len(CSV), 7):
        path.write_bytes(CSV[:size])
        rows = read(path)
        lines = CSV[:size].rstrip().count(b"\r\n") - (b"lignes" in CSV[:size])
        assert rows is None or rows == min(lines, whole)


@pytest.fixture
def workbook(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "whole.xlsx") as book:
        sheet = book.add_worksheet("One")
        for row in range(30):
            sheet.write_row(row, 0, [row or "id", "words", row / 3, row % 2 == 0])
    return (tmp_path / "whole.xlsx").read_bytes()


@pytest.mark.parametrize("seed", range(4))
def test_damaged_workbooks(tmp_path, workbook, seed):
    chance = random.Random(seed)
    for _ in range(60):
        (tmp_path / "a.xlsx").write_bytes(mutated(workbook, chance))
        read(tmp_path / "a.xlsx")


@pytest.mark.parametrize("seed", range(4))
def test_sound_archives_of_damaged_parts(tmp_path, workbook, seed):
    chance = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(workbook)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for _ in range(60):
        hurt = chance.choice(sorted(parts))
        with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
            for name, part in parts.items():
                new.writestr(name, mutated(part, chance) if name == hurt else part)
        read(tmp_path / "a.xlsx")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("compression", ["none", "snappy"])
def test_damaged_parquet_files(tmp_path, compression, seed):
    chance = random.Random(f"{compression} {seed}")
    path = tmp_path / "a.parquet"
    numbers = list(range(200))
    columns = {"id": [f"r{i}" for i in numbers], "n": numbers, "x": [i / 3 for i in numbers]}
    columns |= {"day": pa.array(numbers, pa.date32()), "chosen": [["a", "b"][: i % 3] for i in numbers]}
    pq.write_table(pa.table(columns), path, compression=compression)
    whole = path.read_bytes()
    for _ in range(100):
        path.write_bytes(mutated(whole, chance))
        read(path)
