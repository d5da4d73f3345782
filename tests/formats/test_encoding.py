"""The characters of a text file."""

import pytest

from vigie.errors import VigieError
from vigie.formats.encoding import decode

TEXT = "id,avis\n1,très déçu – 5 €\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_what_spreadsheets_write_is_recognised(codec):
    text, found = decode(TEXT.encode(codec), None, shown="a.csv")
    assert text.decode() == TEXT
    assert found == codec.removesuffix("-sig")


@pytest.mark.parametrize("name", ["UTF-8", "utf_8", "cp1252", "Windows-1252", "latin-1", "mac_roman", "utf-8-sig"])
def test_an_encoding_has_several_names(name):
    assert decode(b"a,b\n", name, shown="a.csv")[0] == b"a,b\n"


def problem(data, encoding=None):
    with pytest.raises(VigieError) as caught:
        decode(data, encoding, shown="a.csv")
    return caught.value.problems[0]


def test_an_unknown_encoding_lists_what_exists():
    assert "There are: utf-8" in problem(b"a", "klingon").hint
    assert problem(b"a", "hex").code == "file-unreadable"


def test_a_byte_without_character_is_named():
    found = problem(b"a,b\n1,\x9d\xff\n")
    assert (found.code, found.line) == ("file-unreadable", 2)
    assert "byte 6 (0x9D), in line 2" in found.message


def test_damaged_utf8_is_not_taken_for_windows_1252():
    assert "was taken for utf-8" in problem("é,b\n1,".encode() + b"\xe9\n").message


def test_the_wrong_encoding_by_name_is_a_problem():
    assert "is not utf-8: byte 0" in problem(b"\xe9a", "utf-8").message
    assert "is not ascii" in problem("é".encode(), "ascii").message


def test_nul_bytes_are_placed_and_utf16_is_suspected():
    found = problem(b"a,b\n1,2\n3,\0\n")
    assert (found.line, "UTF-16" in found.hint) == (3, False)
    assert "UTF-16" in problem("a,b\n1,2\n".encode("utf-16-le")).hint
