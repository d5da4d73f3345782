"""Small changes to the text of a study file that leave everything else as somebody wrote it: comments, order, spaces.

A wave is added, or the files of a wave are named otherwise; the new words are put in their place in the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from vigie.study.document import parse_yaml

_PLAIN = re.compile(r"[A-Za-z_][\w./-]*")


@dataclass(frozen=True, slots=True)
class Named:
    """A file as a wave names it."""

    path: str
    import_: str | None = None
    panel: str | None = None

    def written(self) -> str:
        """The file in YAML: its path alone where there is nothing to say of it."""
        more = {"import": self.import_, "panel": self.panel}
        said = [f"{key}: {written(value)}" for key, value in more.items() if value is not None]
        return f"{{path: {written(self.path)}, {', '.join(said)}}}" if said else written(self.path)


def with_values(text: str, given: Mapping[str, str]) -> str:
    """The text in which keys of the study itself have other values, as YAML writes them; those it lacks stay out."""
    for key, value in given.items():
        node = _value(_composed(text), key)
        if node is not None:
            text = text[: node.start_mark.index] + value + text[_end(node) :]
    return text


def with_wave(text: str, wave: str, files: dict[str, Sequence[Named]]) -> str | None:
    """The text with a further wave at the end of its list; None where the list cannot be found."""
    listed = _value(_composed(text), "waves")
    if not isinstance(listed, SequenceNode):
        return None
    told = ", ".join(f"{key}: {_files(named)}" for key, named in files.items())
    item = f"{{id: {json.dumps(wave, ensure_ascii=False)}, files: {{{told}}}}}"
    made = _appended(text, listed, item if listed.flow_style else f"- {item}")
    return _if_it_says(made, [*_waves(text), _read(item)])


def with_files(text: str, wave: str, key: str, files: Sequence[Named]) -> str | None:
    """The text in which a wave's `files:` name these under a key; None where the wave cannot be found."""
    listed = _value(_composed(text), "waves")
    ids = [str(getattr(_value(one, "id"), "value", "")) for one in _items(listed)]
    found = ids.index(wave) if wave in ids else None
    given = None if found is None else _value(list(_items(listed))[found], "files")
    if found is None or not isinstance(given, MappingNode):
        return None
    told, standing, waves = _files(files), _value(given, key), _waves(text)
    if standing is not None:
        made = text[: standing.start_mark.index] + told + text[_end(standing) :]
    else:
        made = _appended(text, given, f"{key}: {told}")
    waves[found] = waves[found] | {"files": waves[found]["files"] | {key: _read(told)}}
    return _if_it_says(made, waves)


def written(value: str) -> str:
    """A text in YAML, in quotes where it needs them."""
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _files(named: Sequence[Named]) -> str:
    return named[0].written() if len(named) == 1 else f"[{', '.join(n.written() for n in named)}]"


def _read(text: str) -> Any:
    return parse_yaml(text, shown="").value


def _waves(text: str) -> list[Any]:
    found = _read(text)
    return list(found["waves"]) if isinstance(found, dict) and isinstance(found.get("waves"), list) else []


def _if_it_says(made: str, waves: list[Any]) -> str | None:
    """A changed text, unless it says anything else: a part that others share (`&`, `*`) is left to its writer."""
    return made if _waves(made) == waves else None


def _composed(text: str) -> Node | None:
    try:
        found: Node | None = YAML(typ="rt", pure=True).compose(text)
    except YAMLError:
        return None
    return found


def _value(node: Node | None, key: str) -> Node | None:
    pairs = node.value if isinstance(node, MappingNode) else []
    return next((value for name, value in pairs if str(name.value) == key), None)


def _items(node: Node | None) -> Iterator[Node]:
    yield from node.value if isinstance(node, SequenceNode) else []


def _appended(text: str, node: MappingNode | SequenceNode, item: str) -> str:
    """The text with an item at the end of a list or a mapping, as the others of it are written."""
    if node.flow_style:
        # behind the last item, not before the bracket: a comment may stand between the two
        at = _end(_last(node)) if node.value else node.start_mark.index + 1
        apart = " " if text[at : at + 1] == "#" else ""
        return text[:at] + (", " if node.value else "") + item + apart + text[at:]
    line = text.find("\n", _end(node) - 1)  # a text of several lines ends with its last line
    at = len(text) if line < 0 else line + 1
    before = text[:at] if text[:at].endswith("\n") else text[:at] + "\n"
    return f"{before}{' ' * node.start_mark.column}{item}\n{text[at:]}"


def _end(node: Node) -> int:
    """Where a part ends in the text: a block's own mark stands after the empty lines and comments that follow it."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        return _end(_last(node))
    return int(node.end_mark.index)


def _last(node: MappingNode | SequenceNode) -> Node:
    last = node.value[-1]
    found: Node = last[1] if isinstance(last, tuple) else last
    return found
