"""Which characters the bytes of a text file stand for."""

from __future__ import annotations

import codecs

from vigie.errors import Problem, VigieError, failure, suggestion

ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "windows-1250",
    "windows-1252",
    "iso-8859-1",
    "iso-8859-15",
    "mac-roman",
    "cp437",
    "cp850",
    "ascii",
)
FALLBACK = "windows-1252"  # what Western European spreadsheets write when they do not write UTF-8


def decode(data: bytes, encoding: str | None, *, shown: str) -> tuple[bytes, str]:
    """The text as UTF-8 without a byte order mark, and the name of the encoding that it was in.

    Without a name: the byte order mark decides, else UTF-8 when every byte fits, else windows-1252.
    """
    found = _known(encoding, shown) if encoding else _recognised(data)
    _refuse_undecodable(data, found, named=encoding is not None, shown=shown)
    if found in {"utf-8", "ascii"}:
        text = data.removeprefix(codecs.BOM_UTF8)
    else:
        text = data.decode(found).removeprefix("\ufeff").encode()
    _refuse_nul(text, found, shown)
    return text, found


def _known(name: str, shown: str) -> str:
    wanted = name.strip().lower().replace("_", "-")
    for known in ENCODINGS:
        if wanted == known:
            return known
    try:
        canonical = codecs.lookup(wanted).name
    except (LookupError, ValueError):
        canonical = ""
    for known in ENCODINGS:
        if codecs.lookup(known).name == canonical:
            return known
    if canonical == "utf-8-sig":
        return "utf-8"
    raise failure("file-unreadable", f'"{name}" is no encoding.', suggestion(wanted, ENCODINGS), file=shown)


def _recognised(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        # Accented letters that do read as UTF-8 before the bad byte cannot be chance: the file is UTF-8, and damaged.
        if data.startswith(codecs.BOM_UTF8) or not data[: error.start].isascii():
            return "utf-8"
        return FALLBACK
    return "utf-8"


def _refuse_undecodable(data: bytes, encoding: str, *, named: bool, shown: str) -> None:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        byte = (
            f"byte {error.start} (0x{data[error.start]:02X}), in line {line}" if error.start < len(data) else "its end"
        )
        said = f"is not {encoding}" if named else f"was taken for {encoding}, which it is not"
        hint = "Say which encoding it has (encoding: …), or save it again as UTF-8."
        message = f"The file {said}: {byte}, stands for no character."
        raise VigieError(Problem("file-unreadable", message, hint, shown, line)) from None


def _refuse_nul(text: bytes, encoding: str, shown: str) -> None:
    place = text.find(b"\0")
    if place < 0:
        return
    line = text[:place].count(b"\n") + 1
    share = text.count(b"\0") / len(text)
    hint = "Export the file again; it may be damaged."
    if share > 0.2 and encoding in {"utf-8", FALLBACK}:
        hint = "It may be UTF-16: say so (encoding: utf-16-le)."
    message = f"A byte 0 stands in line {line} (byte {place} of the text)."
    raise VigieError(Problem("file-unreadable", message, hint, shown, line))
