"""The engines by name; each is loaded only when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # to know the names is to load nothing
    from vigie.engine.session import Engine

CLASSES = {"duckdb": "DuckDB", "spark": "Spark"}
ENGINES = tuple(CLASSES)  # the first is the default


def engine(name: str) -> Engine:
    """The engine of this name, opened; raises `VigieError` where it is not installed."""
    found: Engine = getattr(import_module(f"vigie.engine.on_{name}"), CLASSES[name])()
    return found
