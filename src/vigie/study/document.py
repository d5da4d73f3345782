"""YAML 1.2 as plain values that remember where they stand: line and column of every key and item.

Duplicate keys, aliases that swell and nestings without end are problems, not silent choices.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from vigie.errors import Problem, suggestion

MOST_BYTES = 4 << 20
MOST_NODES = 200_000
DEEPEST = 40
REMEMBERED = 1 << 16  # characters of a text whose nodes are kept for the next reading
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
Path_ = tuple[str | int, ...]
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*|(0|[1-9][0-9]*)(?=[eE]))([eE][-+]?[0-9]+)?")


@dataclass
class Document:
    """A YAML file: its value, and the place (line, column) of every path in it."""

    file: str
    value: Any = None
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    files: dict[Path_, str] = field(default_factory=dict)  # paths that came from another file (merged instruments)

    def problem(self, path: Sequence[str | int], code: str, message: str, hint: str = "") -> Problem:
        """A problem at a path; where the path itself has no place, at the nearest one above."""
        for end in range(len(path), -1, -1):
            key = tuple(path[:end])
            if key in self.places:
                return Problem(code, message, hint, self.files.get(key, self.file), *self.places[key])
        return Problem(code, message, hint, self.file)


class _Refusal(Exception):  # noqa: N818 - it never leaves this file
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def read_yaml(path: Path, *, shown: str) -> Document:
    """The document in a file; what cannot be read is in its `problems`, and its value is then None."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            return Document(shown, problems=[Problem("file-too-large", f"The file has {size:,} bytes.",
                                                     f"A study file has at most {MOST_BYTES:,}.", shown)])  # fmt: skip
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        hint = "Name the folder of a study; it holds study.yaml."
        return Document(shown, problems=[Problem("file-missing", "The file does not exist.", hint, shown)])
    except UnicodeDecodeError as error:
        where = path.read_bytes()[: error.start].count(b"\n") + 1
        return Document(shown, problems=[Problem("file-unreadable", f"Byte {error.start + 1} is not UTF-8.",
                                                 "Save the file as UTF-8.", shown, where)])  # fmt: skip
    except OSError as error:
        message, hint = f"The file cannot be opened: {error.strerror}.", "Check its name and its rights."
        return Document(shown, problems=[Problem("file-unreadable", message, hint, shown)])
    return parse_yaml(text, shown=shown)


def parse_yaml(text: str, *, shown: str) -> Document:
    """The document in a text."""
    document = Document(shown)
    try:
        node = _known(text) if len(text) <= REMEMBERED else _composed(text)
        if node is not None:
            document.value = _Builder(document).build(node, ())
    except _Refusal as refusal:
        document.problems.append(refusal.problem)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(str(error.problem or error.context or "the text is not YAML").split())
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        hint = "Check the indentation, the quotes and the colons just above."
        document.problems.append(Problem("yaml-syntax", f"This is not YAML: {said}.", hint, shown, line, column))
    except RecursionError:
        document.problems.append(
            Problem("file-too-large", "The file is nested too deeply.", f"At most {DEEPEST} levels.", shown)
        )
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        message = f"This is not YAML: the character U+{error.character:04X} may not stand in it."
        document.problems.append(Problem("yaml-syntax", message, "Take it out.", shown, line))
    except (YAMLError, ValueError, IndexError, TypeError, AttributeError, AssertionError) as error:
        said = " ".join(str(error).split())[:200] or "the text is not YAML"
        hint = "Check the indentation, the quotes and the colons."
        document.problems.append(Problem("yaml-syntax", f"This is not YAML: {said}.", hint, shown))
    return document


def _composed(text: str) -> Node | None:
    """The nodes of a text; they are read, and never changed."""
    node: Node | None = YAML(typ="rt", pure=True).compose(text)
    return node


# a study is checked, kept, run and shown in one process, and most of its files stay as they were; nodes take some
# fifty times the bytes of their text
_known = lru_cache(maxsize=16)(_composed)


class _Builder:
    """Turns nodes into plain values and notes their places."""

    def __init__(self, document: Document) -> None:
        self.document, self.count = document, 0

    def build(self, node: Node, path: Path_) -> Any:
        self.count += 1
        mark = node.start_mark
        place = (mark.line + 1, mark.column + 1)
        self.document.places.setdefault(path, place)
        if self.count > MOST_NODES or len(path) > DEEPEST:
            what = f"more than {MOST_NODES:,} values" if self.count > MOST_NODES else f"more than {DEEPEST} levels"
            message = f"The file holds {what}."
            raise _Refusal(
                Problem("file-too-large", message, "Aliases (&, *) count each time.", self.document.file, *place)
            )
        if isinstance(node, MappingNode):
            return dict(self._pairs(node, path))
        if isinstance(node, SequenceNode):
            return [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
        value = scalar(node)
        if isinstance(value, str):
            self._refuse_unprintable(value, place)
        return value

    def _refuse_unprintable(self, text: str, place: tuple[int, int]) -> None:
        """Refuse what no report can print: control characters, and halves of a character."""
        found = UNPRINTABLE.search(text)
        if found:
            message = f"The character U+{ord(found[0]):04X} cannot be printed."
            raise _Refusal(Problem("yaml-syntax", message, "Take it out.", self.document.file, *place))

    def _pairs(self, node: MappingNode, path: Path_) -> Iterator[tuple[str, Any]]:
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
            if not isinstance(key_node, ScalarNode):
                raise _Refusal(
                    Problem(
                        "yaml-syntax",
                        "A key must be a plain text.",
                        "Write it in quotes.",
                        self.document.file,
                        line,
                        column,
                    )
                )
            key = str(key_node.value)
            if key == "<<":
                message = "YAML 1.2 has no merge keys (<<)."
                hint = "Anchors (&, *) work; write the keys out, or use two imports."
                raise _Refusal(Problem("yaml-syntax", message, hint, self.document.file, line, column))
            self._refuse_unprintable(key, (line, column))
            if key in seen:
                self.document.problems.append(Problem(
                    "duplicate-key", f'The key "{key}" stands twice: already in line {seen[key]}.',
                    "Keep one of them.", self.document.file, line, column,
                ))  # fmt: skip
                continue
            seen[key] = line
            self.document.places[(*path, key)] = (line, column)
            yield key, self.build(value_node, (*path, key))


def scalar(node: Any) -> Any:
    """YAML 1.2's core schema: null, booleans, numbers; everything else, and all that is quoted, is text."""
    text = str(node.value)
    if node.style in ("'", '"', "|", ">"):
        return text
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) < 19 else text
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text


def merge(base: Document, over: Document, path: Path_) -> Document:
    """A document in which the list of `{id: …}` at `path` is overlaid, item by item and key by key, by another's.

    An item with a known id changes only the keys that it gives; a new id is added at the end; `{id: x, remove: true}`
    takes an item away. Places follow the file that each part came from.
    """
    merged = Document(base.file, dict(base.value), dict(base.places), list(over.problems), dict(base.files))
    listed = base.value.get(path[0])
    items = [dict(i) if isinstance(i, Mapping) else i for i in listed] if isinstance(listed, list) else []
    index = {str(item.get("id")): k for k, item in enumerate(items) if isinstance(item, Mapping)}
    seen: set[str] = set()
    for number, change in enumerate(over.value[path[0]]):
        name = str(change.get("id") or "") if isinstance(change, Mapping) else ""
        wrong = _misplaced(name, change, index, seen)
        if wrong is not None:
            merged.problems.append(over.problem((path[0], number), *wrong))
            continue
        seen.add(name)
        k = index.setdefault(name, len(items))
        items += [{}] if k == len(items) else []
        items[k] = {**items[k], **change}
        for inside, at in over.places.items():
            if inside[:2] == (path[0], number) and (len(inside) == 2 or inside[2] in change):
                key = (path[0], k, *inside[2:])
                merged.places[key], merged.files[key] = at, over.file
    merged.value[path[0]] = items
    return merged


def _misplaced(name: str, change: Any, known: Mapping[str, int], seen: set[str]) -> tuple[str, str, str] | None:
    """Why an item of an overlay cannot be laid over the list: code, message, hint."""
    if not name:
        return "missing-key", 'An item of an instrument needs an "id".', "Name the question that it changes or adds."
    if name in seen:
        return "duplicate-name", f'"{name}" stands twice in the instrument.', "Keep one of them."
    if change.get("remove") is True and name not in known:
        return "unknown-name", f'There is no question "{name}" to remove.', suggestion(name, list(known))
    return None
