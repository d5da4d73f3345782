"""Property tests draw new examples on every run by hand, and the same ones where a failure would only stop others.

Reference values: R's own answers outside the repository (skipped where they are missing), and those inside.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("hand", deadline=None)  # speed is for `make bench`, never for tests
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("VIGIE_CI") else "hand")

CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared"


FIRST = ("engines", "browser", "newcomer", "tests.test_damage")  # what takes minutes begins first, not to end alone


@pytest.hookimpl(tryfirst=True)  # before groups are read
def pytest_collection_modifyitems(items):
    """Tests that share what a module makes once stay in one process, where it is made once; the long ones go first."""
    for item in items:
        shared = (made[-1] for made in item._fixtureinfo.name2fixturedefs.values())
        alone = item.get_closest_marker("xdist_group") is None
        if alone and any(made.scope == "module" and made.baseid == item.parent.nodeid for made in shared):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))
    groups = [{mark.args[0] for mark in item.iter_markers("xdist_group")} for item in items]
    late = [min((FIRST.index(group) for group in found if group in FIRST), default=len(FIRST)) for found in groups]
    items[:] = [items[k] for k in sorted(range(len(items)), key=late.__getitem__)]


def pytest_collection_finish(session):
    """Groups that were forgotten would only make tests slow, and nobody would know why."""
    grouped = [item for item in session.items if item.get_closest_marker("xdist_group") is not None]
    if getattr(session.config.option, "loadgroup", False) and not all("@" in item.nodeid for item in grouped):
        pytest.exit("pytest-xdist no longer keeps groups of tests together: is there one for this pytest?", 3)


def read(path: Path) -> dict[str, np.ndarray]:
    """A CSV file as columns; numbers where every cell is one."""
    if not path.exists():
        pytest.skip(f"reference file {path.name} is not here")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {}
    for name in rows[0]:
        texts = [row[name] for row in rows]
        try:
            columns[name] = np.array([float(t) for t in texts])
        except ValueError:
            columns[name] = np.array(texts)
    return columns


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once: pages of reports and of the site are opened in it."""
    if not CHROMIUM:
        assert "VIGIE_CI" not in os.environ, "Chromium is missing"
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread, and is none of Django's
    with sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def expected():
    """`expected.json`, R's answers on the shared files."""
    path = SHARED / "reference" / "expected.json"
    if not path.exists():
        pytest.skip("expected.json is not here")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def shared():
    """A reader of the shared CSV files, by their name below `shared`."""
    return lambda name: read(SHARED / name)


@pytest.fixture
def reference():
    """A reader of the files of `tests/reference`."""

    def reader(name):
        path = REPOSITORY / "tests" / "reference" / name
        return json.loads(path.read_text(encoding="utf-8")) if path.suffix == ".json" else read(path)

    return reader


@pytest.fixture
def near():
    """Agreement to 1e-9 relative, as R's printed digits allow."""

    def check(got, wanted, *, rel=1e-9):
        np.testing.assert_allclose(np.asarray(got, dtype=float), np.asarray(wanted, dtype=float), rtol=rel, atol=1e-14)

    return check
