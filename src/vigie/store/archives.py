"""What reading a zip raises where it is none, is damaged, or has a password."""

from __future__ import annotations

import lzma
import zipfile
import zlib

UNREADABLE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, EOFError,
    RuntimeError,  # a password, or packed in an unknown way
    ValueError,  # a name that is no text, a place before the beginning
    LookupError,  # a member is missing, or has no name
)  # fmt: skip
