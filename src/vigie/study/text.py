"""Words in the study's languages, and the small value types that every part of the model uses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

LANGUAGES = ("fr", "en")
ID = re.compile(r"[a-z][a-z0-9_]{0,62}")
_FOLDER = re.compile(r"\w[\w .-]{0,59}")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
RESERVED = frozenset({"and", "or", "not", "in", "everyone", "true", "false"})


class Model(BaseModel):
    """A frozen part of a study; a key that it does not know is a problem, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


def _identifier(value: Any) -> Any:
    if isinstance(value, str) and not ID.fullmatch(value):
        raise ValueError("a name starts with a small letter and has only small letters, digits and _ (at most 63)")
    if value in RESERVED:
        raise ValueError(f'"{value}" is a reserved word')
    return value


def code(value: Any) -> Any:
    """Options, waves and codes are text; a whole number such as `4` or `4.0` is the code `4`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (int, float)):
        return str(value)
    return _spelled(value) if isinstance(value, str) else value


def _spelled(text: str) -> str:
    """A code spelled as cells are read: composed, with plain spaces, none around it, and `4.0` as `4`."""
    plain = re.sub("[ \u00a0\u202f\u2009]", " ", unicodedata.normalize("NFC", text)).strip()
    return re.sub(r"^(-?\d+)\.0+$", r"\1", plain)


def folder_name(value: str) -> str:
    """A wave's id, which names a folder on every computer; raises ValueError for what cannot."""
    if not _FOLDER.fullmatch(value) or value.endswith((".", " ")):
        raise ValueError("the id names a folder: letters, digits, spaces, _ - and ., at most 60, no sign at its ends")
    if value.split(".", 1)[0].strip().lower() in _DEVICES:
        raise ValueError("the id names a folder, and this name is reserved on Windows")
    return value


def _texts(value: Any) -> Any:
    """A plain text stands for every language; otherwise one text per language."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str):
        return {"": value}
    if isinstance(value, Mapping):
        unknown = [k for k in value if k not in LANGUAGES]
        if unknown:
            raise ValueError(f'"{unknown[0]}" is not a language of Vigie; there are: {", ".join(LANGUAGES)}')
        if not value:
            raise ValueError("a text is needed in at least one language")
    return value


def listed(value: Any) -> Any:
    """A value that may be one of a list: alone, it is a list of one."""
    return value if isinstance(value, list) else [value]


def keyed(value: Any, what: str) -> Any:
    """A mapping of ids to words that may be a list of ids, without words; `what` names these ids to whoever errs."""
    if not isinstance(value, list):
        return value
    if not all(isinstance(v, str) for v in value):
        raise ValueError(f"a list of {what} is expected")
    return dict.fromkeys(value)


Id = Annotated[str, BeforeValidator(_identifier)]
Code = Annotated[
    str, BeforeValidator(code, json_schema_input_type=str | float | bool), Field(min_length=1, max_length=200)
]
CellText = Annotated[  # what a cell or a header of a file made elsewhere says
    str, BeforeValidator(code, json_schema_input_type=str | float | bool), Field(min_length=1, max_length=4000)
]
FolderName = Annotated[Code, AfterValidator(folder_name)]
Weight = Annotated[float, Field(ge=1e-6, le=1e6)]  # beyond, sums of squares lose the others' digits
Texts = Annotated[
    dict[str, str], BeforeValidator(_texts, json_schema_input_type=str | float | dict[Literal["fr", "en"], str])
]

_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(s|min|h|d|w)")
_HOURS = {"s": 1 / 3600, "min": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0}


def _duration(value: Any) -> Any:
    found = _DURATION.fullmatch(str(value).strip()) if isinstance(value, str) else None
    if found is None or not float(found[1]) > 0:
        raise ValueError('a duration is a number with its unit: "30 s", "90 min", "24 h", "7 d", "2 w"')
    return f"{float(found[1]):g} {found[2]}"


Duration = Annotated[str, BeforeValidator(_duration)]


def hours(duration: str) -> float:
    """A duration of the study in hours."""
    number, unit = duration.split()
    return float(number) * _HOURS[unit]


def normalised(text: str) -> str:
    """A wording without what does not change its meaning: spaces, kinds of quotes and apostrophes, letter forms."""
    folded = unicodedata.normalize("NFKC", text).translate(str.maketrans("’‘ʼ“”«»„", '\'\'\'"""""'))
    return re.sub(r"\s+([?!:;%\"])", r"\1", re.sub(r"(\")\s+", r"\1", " ".join(folded.split())))


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in a language; a text given without a language serves all; else the first there is."""
    return texts.get(language) or texts.get("") or next(iter(texts.values()), "")


def spread(texts: Mapping[str, str]) -> dict[str, str]:
    """The text in every language of Vigie."""
    return {language: in_language(texts, language) for language in LANGUAGES}
