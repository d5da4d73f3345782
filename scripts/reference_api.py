"""The page of docs/reference on the API, from the description that a site gives of itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

INTRODUCTION = """\
Every call takes `Authorization: Bearer …` ([how to use it](../how-to/use-the-api.md)), answers in JSON, and may be
refused with [Problems](#problems). `{organisation}`, `{study}` and `{wave}` are as in the addresses of the pages. A
site describes itself at `/api/v1/openapi.json`.
"""
TITLES = {"studies": "Studies and waves", "figures": "Figures", "printed": "Tables of the pages",
          "verbatims": "Verbatims", "files": "Files", "runs": "Runs and publishing"}  # fmt: skip


def api() -> str:
    """Every call and every record of the API."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.web.settings")
    django.setup()
    from vigie.web.api.urls import API

    schema: dict[str, Any] = API.get_openapi_schema(path_prefix="/api/v1/")
    calls = [(m.upper(), path, call) for path, methods in schema["paths"].items() for m, call in methods.items()]
    parts = ["# The API\n", INTRODUCTION]
    for tag, title in TITLES.items():
        parts.append(f"## {title}\n")
        parts += [line for method, path, call in calls if call["tags"] == [tag] for line in _call(method, path, call)]
    parts.append("## Records\n")
    parts += [line for name, shape in sorted(schema["components"]["schemas"].items()) for line in _record(name, shape)]
    return "\n".join(parts) + "\n"


def _call(method: str, path: str, call: dict[str, Any]) -> Iterator[str]:
    yield f"### {method} {path}\n\n{call['summary']} {call['description']}\n"
    sent = [p for p in call["parameters"] if p["in"] == "query"]
    if sent:
        yield "| parameter | takes | unless given | means |\n|---|---|---|---|"
        for p in sent:
            default = "needed" if p["required"] else _default(p["schema"])
            said = p.get("description", "").replace("|", "\\|")
            yield f"| `{p['name']}` | {_takes(p['schema'])} | {default} | {said} |"
        yield ""
    for kind, body in call.get("requestBody", {}).get("content", {}).items():
        fields = ", ".join(f"`{name}`" for name in body["schema"].get("properties", {}))
        yield f"Sent: {_takes(body['schema']) if '$ref' in body['schema'] else fields} ({kind}).\n"
    found = call["responses"][200].get("content", {})
    shown = found.get("application/json", {}).get("schema")
    yield f"Gives: {_takes(shown) if shown else 'a file'}.\n"


def _record(name: str, shape: dict[str, Any]) -> Iterator[str]:
    if name in ("Paging", "Which", "Asked", "Sought"):  # parameters, told with their calls
        return
    yield f"### {name}\n"
    if said := shape.get("description"):
        yield f"{said}\n"
    yield "| field | is |\n|---|---|"
    for field, kind in shape.get("properties", {}).items():
        yield f"| `{field}` | {_takes(kind)} |"
    yield ""


def _default(schema: dict[str, Any]) -> str:
    given = schema.get("default")
    return "–" if given in (None, [], "") else f"`{str(given).lower() if isinstance(given, bool) else given}`"


def _takes(schema: dict[str, Any]) -> str:
    """A schema in the words of a reader."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_takes(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_takes(schema.get('items', {}))}"
    if schema.get("type") == "object":
        return f"object of {_takes(schema['additionalProperties'])}" if "additionalProperties" in schema else "object"
    if schema.get("format") == "date-time":
        return "moment"
    words = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "nothing"}
    kind = str(schema.get("type", "anything"))
    return words.get(kind, kind)
