from __future__ import annotations

from pathlib import Path

import pytest

from vigie.demo.folder import write_demo
from vigie.demo.planting import plant
from vigie.demo.truth import SIZES, Truth


@pytest.fixture(scope="session")
def truth() -> Truth:
    return plant(SIZES["small"])


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("demo") / "study", size="small")
