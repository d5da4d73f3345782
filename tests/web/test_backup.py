"""A site is put away and made again: the same rows, files and pages, on either database; a damaged one is not."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction

import damage as damages
import postgresql
from small import tiny
from vigie import run
from vigie.engine.verbatims import at_hand
from vigie.errors import VigieError
from vigie.store.audit import note
from vigie.store.backup import pack
from vigie.store.home import Home
from vigie.store.models import Entry, Membership, Organisation, User, View
from vigie.store.restoration import load, opened, unpack
from vigie.web import library
from vigie.web.library import HOME
from vigie.web.running import compute

GONE = 4000
MICROSECONDS = datetime(2026, 3, 1, 8, 30, 0, 456, tzinfo=UTC)  # which cut to milliseconds are none
PAGES = ("/s/own/tiny/2024/", "/s/own/tiny/2024/league/", "/s/own/tiny/2024/brands/ondine", "/s/own/tiny/2024/method/")
LOOK = """
import json, sys
from pathlib import Path
from vigie.web import site
home, database, target, asked = sys.argv[1:]
site.settle(Path(home), database)
import django; django.setup()
from django.db import DatabaseError
from django.test import Client
from vigie.store.backup import pack
from vigie.store.models import Entry, User
from vigie.web.library import HOME
pack(HOME, Path(target), lambda _: None)
client = Client(SERVER_NAME="localhost")
client.force_login(User.objects.get(email="analyst@own.example"))
pages = [client.get(page).content.decode() for page in json.loads(asked)]
later = User.objects.create_user("later@own.example")  # new rows come after those that were restored
try:
    Entry.objects.update(action="x")
except DatabaseError as error:
    print(json.dumps({"pages": pages, "log": str(error), "later": later.pk}))
"""


def vigie(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-c", "from vigie.cli import main; main()", *map(str, arguments)],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip


def quiet(_: str) -> None:
    pass


def members(path: Path) -> dict[str, object]:
    """What is in a backup: files as they are, rows as they mean (PostgreSQL keeps no order of keys)."""
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}
    return {n: [json.loads(r) for r in d.splitlines()] if n.startswith("rows/") else d for n, d in found.items()}


def content(page: str) -> str:
    """What a page shows; not the token of its forms."""
    return re.search(r"<main.*</main>", page, re.DOTALL).group()


@pytest.fixture(params=["", "postgresql"])
def database(request):
    """An empty database: SQLite in the site's home, and PostgreSQL."""
    if not request.param:
        yield ""
    elif address := os.environ.get(postgresql.VARIABLE):
        yield postgresql.create(address, f"restored_{os.getpid()}")
    elif postgresql.programs() is None and not os.environ.get("VIGIE_CI"):
        pytest.skip("PostgreSQL is not installed")
    else:
        with postgresql.server() as address:
            yield address


@pytest.fixture
def used(site):
    """A site on which somebody worked: a run, with its facts; a table that was kept; a log."""
    client = site.client("analyst")
    client.post("/s/own/tiny/-/runs")
    compute(site.study.runs.get())
    View.objects.create(study=site.study, name="Âge × « sexe »", request={}, by=site.people["analyst own"])
    note("exported", site.people["client own"], study=site.study, wave="2024", file="résultats.json")
    note("saw", User(pk=GONE))  # somebody who was erased
    Membership.objects.filter(person=site.people["analyst own"]).update(since=MICROSECONDS)
    (HOME.path / "secret").write_text("a secret of the site\n")
    library.forget()
    yield client
    library.forget()
    (HOME.path / "secret").unlink()


def test_a_restored_site_has_the_same_rows_files_and_pages(used, database, tmp_path):
    pack(HOME, tmp_path / "one.zip", quiet)
    before = [content(used.get(page).content.decode()) for page in PAGES]
    home = tmp_path / "again"
    given = ["--home", home, *(["--database", database] if database else [])]
    said = vigie("restore", tmp_path / "one.zip", *given)
    assert said.returncode == 0, said.stderr
    assert f"vigie serve --home {home}" in said.stderr
    assert (home / "secret").read_text() == "a secret of the site\n"
    assert (home / "secret").stat().st_mode & 0o077 == 0
    assert (tmp_path / "one.zip").stat().st_mode & 0o077 == 0
    assert (home / "vigie.sqlite3").exists() != bool(database)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "DJANGO_"))}
    found = subprocess.run(
        [sys.executable, "-c", LOOK, str(home), database, str(tmp_path / "two.zip"), json.dumps(PAGES)],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout.splitlines()[-1])
    assert [content(page) for page in told["pages"]] == before
    assert "never changed" in told["log"]
    assert told["later"] > GONE  # a number in the log is nobody else's
    one, two = members(tmp_path / "one.zip"), members(tmp_path / "two.zip")
    assert sorted(one) == sorted(two)
    assert [name for name in one if one[name] != two[name]] == []
    assert [n for n in one if n.endswith("entry.jsonl")]
    again = vigie("restore", tmp_path / "one.zip", *given)
    assert (again.returncode, "is restored in an empty one" in again.stderr) == (1, True)
    if database:  # an empty folder, and the database that is full now
        full = vigie("restore", tmp_path / "one.zip", "--home", tmp_path / "third", "--database", database)
        assert (full.returncode, "tables already" in full.stderr) == (1, True)
        assert sorted(p.name for p in tmp_path.iterdir()) == ["again", "one.zip", "two.zip"]


def test_a_backup_is_written_whole_or_not_at_all(used, site, tmp_path):
    assert used
    pack(HOME, tmp_path / "one.zip", quiet)
    with pytest.raises(VigieError, match="stands there"):
        pack(HOME, tmp_path / "one.zip", quiet)
    with pytest.raises(VigieError, match="cannot-write"):
        pack(HOME, tmp_path / "nowhere" / "one.zip", quiet)
    with pytest.raises(VigieError, match="names a folder that is not there"):
        pack(Home(tmp_path / "elsewhere"), tmp_path / "two.zip", quiet)
    assert [p.name for p in tmp_path.iterdir()] == ["one.zip"]
    assert site.study.releases.exists()


def test_sessions_stay_out(used, tmp_path):
    assert used
    pack(HOME, tmp_path / "one.zip", quiet)
    assert not [name for name in members(tmp_path / "one.zip") if "session" in name]


def test_the_same_file_is_in_a_backup_once(used, tmp_path):
    assert used
    pack(HOME, tmp_path / "one.zip", quiet)
    files = json.loads(zipfile.ZipFile(tmp_path / "one.zip").read("manifest.json"))["files"]
    assert len([n for n in members(tmp_path / "one.zip") if n.startswith("files/")]) == len(set(files.values()))
    assert len(set(files.values())) < len(files)
    with opened(tmp_path / "one.zip") as backup:
        unpack(backup, tmp_path / "out", quiet)
    assert {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file()} == {
        *files
    }


def test_how_texts_read_is_restored(used, site, tmp_path, monkeypatch):
    before = used.get("/s/own/tiny/2024/verbatims/", {"polarity": "positive"}).content.decode()
    assert "<blockquote" in before
    pack(HOME, tmp_path / "one.zip", quiet)
    with opened(tmp_path / "one.zip") as backup:
        unpack(backup, tmp_path / "out", quiet)
    monkeypatch.setattr("vigie.engine.verbatims.FEW", 0)  # too many to be read while somebody waits
    release = site.study.releases.latest("made")
    session = run.opened(Home(tmp_path / "out").out(site.study) / "2024", release.snapshot)
    assert session is not None
    assert at_hand(session)


def rewritten(path: Path, target: Path, change) -> Path:
    """The archive with some of its members changed."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if (data := change(name, old.read(name))) is not None:
                new.writestr(name, data)
    return target


def damaged(name: str, data: bytes, part: str, made) -> bytes | None:
    return made(data) if name.startswith(part) else data


def taken(path: Path, into: Path) -> None:
    with opened(path) as backup:
        unpack(backup, into, quiet)
        load(backup, quiet)


def manifest(**other):
    return lambda data: json.dumps(json.loads(data) | other).encode()


@pytest.mark.parametrize(
    ("part", "made", "told"),
    [
        ("manifest", lambda _: None, "no backup that can be read"),
        ("manifest", lambda _: b"{", "no backup that can be read"),
        ("manifest", lambda _: b"[]", "no backup that can be read"),
        ("manifest", manifest(rows=None), "no backup that can be read"),
        ("manifest", manifest(rows={"a": 3}), "no backup that can be read"),
        ("manifest", manifest(rows={"a": {"count": 1e999, "digest": ""}}), "no backup that can be read"),
        ("manifest", manifest(files=[1]), "no backup that can be read"),
        ("manifest", manifest(format=99), "another format"),
        ("manifest", manifest(rows={"vigie.later": {"count": 1, "digest": ""}}), "does not know"),
        ("manifest", manifest(files={"../out": "0"}), "leads out of it"),
        ("manifest", manifest(files={"/out": "0"}), "leads out of it"),
        ("files/", lambda data: data + b"x", "is not what it was"),
        ("files/", lambda _: None, "no backup that can be read"),
        ("rows/vigie.organisation", lambda data: data.replace(b"Before", b"Behind"), "are not what they were"),
        ("rows/vigie.organisation", lambda data: data[:-9], "are not what they were"),
        ("rows/vigie.organisation", lambda _: b"", "are not what they were"),
        ("rows/vigie.organisation", lambda _: None, "no backup that can be read"),
    ],
)
def test_a_damaged_backup_is_refused_and_nothing_kept(db, tmp_path, part, made, told):  # noqa: ARG001
    home = Home(tmp_path / "home")
    home.path.mkdir()
    (home.path / "secret").write_text("x")
    organisation = Organisation.objects.create(slug="before", name="Before")
    pack(home, tmp_path / "one.zip", quiet)
    organisation.delete()
    broken = rewritten(tmp_path / "one.zip", tmp_path / "two.zip", lambda n, d: damaged(n, d, part, made))
    with pytest.raises(VigieError, match=told):
        taken(broken, tmp_path / "out")
    assert not Organisation.objects.exists()
    taken(tmp_path / "one.zip", tmp_path / "sound")
    assert Organisation.objects.get().name == "Before"
    assert not Entry.objects.exists()


def test_whatever_bytes_of_a_backup_are_damaged_it_is_restored_or_told(db, tmp_path):  # noqa: ARG001
    home = Home(tmp_path / "home")
    home.path.mkdir()
    (home.path / "secret").write_text("x")
    people = [User.objects.create_user(f"p{n}@own.example", name="Zoé") for n in range(3)]
    pack(home, tmp_path / "one.zip", quiet)
    for person in people:
        person.delete()
    chance, told = random.Random(7), 0
    whole = (tmp_path / "one.zip").read_bytes()
    for number in range(150):
        (tmp_path / "two.zip").write_bytes(damages.archive(whole, chance))
        try:
            with transaction.atomic():
                taken(tmp_path / "two.zip", tmp_path / str(number))
                transaction.set_rollback(True)
        except VigieError:
            told += 1
        assert not User.objects.exists()
    assert 50 < told < 150


@pytest.mark.parametrize("place", ["a\0b", "\ud800", "a\\b", "a/../../b"])
def test_a_place_that_is_none_is_told(db, tmp_path, place):  # noqa: ARG001
    (tmp_path / "home").mkdir()
    pack(Home(tmp_path / "home"), tmp_path / "one.zip", quiet)
    files = manifest(files={place: "0"})
    broken = rewritten(tmp_path / "one.zip", tmp_path / "two.zip", lambda n, d: damaged(n, d, "manifest", files))
    with pytest.raises(VigieError, match=r"leads out of it|no backup that can be read"):
        taken(broken, tmp_path / "out")


def test_what_is_no_backup_is_told(tmp_path):
    (tmp_path / "text.zip").write_text("no archive")
    for name, told in (("text.zip", "no backup that can be read"), ("none.zip", "There is no such file")):
        with pytest.raises(VigieError, match=told), opened(tmp_path / name):
            pass


def test_no_site_is_made_where_there_is_none_to_put_away(tmp_path):
    said = vigie("backup", tmp_path / "one.zip", "--home", tmp_path / "home")
    assert (said.returncode, "There is no site here" in said.stderr) == (1, True)
    said = vigie("restore", tiny(tmp_path / "tiny") / "study.yaml", "--home", tmp_path / "home")
    assert (said.returncode, "no backup that can be read" in said.stderr) == (1, True)
    assert [p.name for p in tmp_path.iterdir()] == ["tiny"]
