"""Studies are sent as archives: a sound one becomes a version, anything else is told, and leaves nothing behind."""

from __future__ import annotations

import html
import io
import random
import shutil
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import damage
from small import tiny
from vigie.errors import VigieError
from vigie.store.models import Study, Version
from vigie.web.library import HOME
from vigie.web.studies_in import MOST_FILES, add_study, digest_of, unpacked

ADDRESS = "/o/own/new"


def packed(folder: Path, prefix: str = "tiny/", **further: bytes) -> bytes:
    """The zip of a folder, and further members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.write(path, prefix + path.relative_to(folder).as_posix())
        for name, data in further.items():
            archive.writestr(name, data)
    return made.getvalue()


def send(client, data: bytes, name: str = "tiny.zip"):
    return client.post(ADDRESS, {"archive": SimpleUploadedFile(name, data, "application/zip")})


def left() -> set[str]:
    """What unfinished work there is."""
    work = HOME.path / "work"
    return {p.name for p in work.iterdir()} if work.exists() else set()


@pytest.fixture
def analyst(site):
    Version.objects.filter(study=site.study).delete()
    return site.client("analyst")


def test_a_sound_archive_becomes_a_version_and_the_same_one_no_other(analyst, tmp_path):
    data = packed(tiny(tmp_path / "tiny"))
    assert send(analyst, data).status_code == 302
    assert send(analyst, data).status_code == 302
    (version,) = Version.objects.filter(study__organisation__slug="own")
    assert (HOME.version(version) / "study.yaml").is_file()
    assert digest_of(HOME.version(version)) == version.digest
    assert not left()


def test_another_state_is_another_version_and_the_first_stays(analyst, tmp_path):
    folder = tiny(tmp_path / "tiny")
    assert send(analyst, packed(folder)).status_code == 302
    (folder / "study.yaml").write_text((folder / "study.yaml").read_text(encoding="utf-8") + "\n# another state\n")
    assert send(analyst, packed(folder)).status_code == 302
    first, second = Version.objects.filter(study__organisation__slug="own").order_by("number")
    assert "another state" not in (HOME.version(first) / "study.yaml").read_text(encoding="utf-8")
    assert "another state" in (HOME.version(second) / "study.yaml").read_text(encoding="utf-8")


def test_studies_whose_names_differ_by_a_sign_are_two(analyst, tmp_path):
    folder = tiny(tmp_path / "tiny")
    text = (folder / "study.yaml").read_text(encoding="utf-8")
    for name in ("tiny_", "tiny__"):
        (folder / "study.yaml").write_text(text.replace("study: tiny", f"study: {name}"), encoding="utf-8")
        assert send(analyst, packed(folder)).status_code == 302
    found = Study.objects.filter(organisation__slug="own").order_by("slug")
    assert [(s.slug, s.versions.count()) for s in found] == [("tiny", 0), ("tiny_", 1), ("tiny__", 1)]
    assert analyst.get("/s/own/tiny_/-/").status_code == 200


def test_a_study_with_problems_is_told_and_not_kept(analyst, tmp_path):
    folder = tiny(tmp_path / "tiny")
    (folder / "study.yaml").write_text("study: x\nquestions: 3\n", encoding="utf-8")
    said = send(analyst, packed(folder))
    assert said.status_code == 400
    assert "study.yaml" in said.content.decode()
    assert not Study.objects.filter(slug="x").exists()
    assert not left()


@pytest.mark.parametrize(
    ("name", "told"),
    [("../study.yaml", "leads out"), ("/etc/study.yaml", "leads out"), ("a/../../b", "leads out"),
     ("C:\\study.yaml", "leads out")],
)  # fmt: skip
def test_paths_that_lead_out_of_an_archive_are_refused(analyst, tmp_path, name, told):
    said = send(analyst, packed(tiny(tmp_path / "tiny"), **{name: b"x"}))
    assert said.status_code == 400
    assert told in said.content.decode()
    assert not left()


def test_links_bombs_crowds_and_what_is_no_archive_are_refused(analyst, tmp_path):
    folder = tiny(tmp_path / "tiny")
    link = io.BytesIO()
    with zipfile.ZipFile(link, "w") as archive:
        member = zipfile.ZipInfo("study.yaml")
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    crowd = packed(folder, **{f"f{i}": b"" for i in range(MOST_FILES + 1)})
    for data, told in (
        (link.getvalue(), "is a link"), (packed(folder, bomb=b"\0" * (200 << 20)), "would hold"),
        (crowd, "files; a study has fewer"), (b"no archive", "no archive that can be read"),
        (packed(folder)[:500], "no archive that can be read"), (b"", 'class="problems"'),
    ):  # fmt: skip
        said = send(analyst, data)
        assert said.status_code == 400, told
        assert told in said.content.decode(), told
    assert not left()


def test_what_is_too_large_is_refused_before_it_is_read(analyst, monkeypatch):
    monkeypatch.setattr("vigie.web.studies_in.unpacked", lambda *_: pytest.fail("it was read"))
    said = analyst.generic("POST", ADDRESS, b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str((1 << 30) + 1))
    assert said.status_code == 413
    assert "gibioctet" in said.content.decode()
    assert "Content-Security-Policy" in said


def refused(client, data: bytes, told: str) -> None:
    said = send(client, data)
    assert said.status_code == 400
    assert told in said.content.decode()
    assert not left()


def test_what_an_archive_says_of_its_size_is_not_believed(analyst, tmp_path, monkeypatch):
    data = packed(tiny(tmp_path / "tiny"), **{"survey/large.csv": b"a,b\n" * 500_000})
    monkeypatch.setattr("vigie.web.studies_in._unsafe", lambda *_: [])
    monkeypatch.setattr("vigie.web.studies_in.LARGEST", 1 << 20)
    refused(analyst, data, "too large")


def test_a_header_that_lies_is_told_as_damage(analyst, tmp_path):
    data = bytearray(packed(tiny(tmp_path / "tiny")))
    at = data.rindex(b"PK\x01\x02")  # the size of the last file, in the directory
    data[at + 24 : at + 28] = (1).to_bytes(4, "little")
    refused(analyst, bytes(data), "no archive that can be read")


@pytest.mark.parametrize(("at", "value"), [(8, 1), (10, 99)])  # with a password; packed in an unknown way
def test_what_cannot_be_unpacked_is_told(analyst, tmp_path, at, value):
    data = bytearray(packed(tiny(tmp_path / "tiny")))
    start = data.index(b"PK\x01\x02")
    data[start + at] = value
    local = data.index(b"PK\x03\x04")
    data[local + at - 2] = value
    refused(analyst, bytes(data), "no archive that can be read")


def test_a_name_that_is_no_text_is_told(analyst, tmp_path):
    data = packed(tiny(tmp_path / "tiny"), **{"tiny/éé": b"x"})
    refused(analyst, data.replace("éé".encode(), b"\xff\xfe\xff\xfe"), "no archive that can be read")


def test_whatever_bytes_of_an_archive_are_damaged_it_is_unpacked_or_told(tmp_path):
    whole = packed(tiny(tmp_path / "tiny"))
    chance, told = random.Random(7), 0
    for number in range(600):
        into = tmp_path / str(number)
        try:
            folder = unpacked(io.BytesIO(damage.archive(whole, chance)), "tiny.zip", into)
            assert (folder / "study.yaml").is_file()
        except VigieError:
            told += 1
        shutil.rmtree(into, ignore_errors=True)
    assert 100 < told < 600


def test_an_archive_is_kept_but_for_junk_and_what_runs_wrote_beside_the_study(analyst, tmp_path):
    kept = ("tiny/data/out/x.csv", "tiny/grids/site/y.csv", "tiny/notes.md")
    left_out = ("tiny/out/2024/r.html", "tiny/site/i.html", "__MACOSX/tiny/a", "tiny/data/.DS_Store", "tiny/.git/x")
    assert send(analyst, packed(tiny(tmp_path / "tiny"), **dict.fromkeys((*kept, *left_out), b"x"))).status_code == 302
    folder = HOME.version(Version.objects.get(study__organisation__slug="own"))
    assert [n for n in kept if not (folder / n.removeprefix("tiny/")).is_file()] == []
    assert [n for n in left_out if (folder / n.removeprefix("tiny/")).exists()] == []
    assert not (folder / "__MACOSX").exists()


def test_a_folder_of_any_name_may_hold_the_study(analyst, tmp_path):
    data = packed(tiny(tmp_path / "tiny"), "out/", **{"out/out/x": b"x"})
    assert send(analyst, data).status_code == 302
    assert not (HOME.version(Version.objects.get(study__organisation__slug="own")) / "out").exists()


@pytest.mark.parametrize(
    ("name", "told"),
    [("tiny/study.yaml/inside", "no archive that can be read"), ("tiny/" + "n" * 300, "no archive that can be read")],
)
def test_names_that_no_folder_can_hold_are_told(analyst, tmp_path, name, told):
    refused(analyst, packed(tiny(tmp_path / "tiny"), **{name: b"x"}), told)


def test_an_archive_without_a_study_is_told(analyst):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("readme.txt", "no study")
    refused(analyst, made.getvalue(), "holds no study.yaml")


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"\x89PNG\r\n", b"PK\x05\x06" + b"\0" * 18, b"\x1f\x8b\x08", b"<html>"])
def test_what_is_of_another_kind_is_told_whatever_its_name(analyst, data):
    said = send(analyst, data)
    assert said.status_code == 400
    assert 'class="problems"' in said.content.decode()
    assert not left()


@pytest.mark.parametrize("path", ["../../../2/versions/1/survey.csv", "/etc/passwd", "data/../../x.csv"])
def test_a_study_that_names_files_of_others_is_told(analyst, tmp_path, path):
    folder = tiny(tmp_path / "tiny")
    study = folder / "study.yaml"
    text = study.read_text(encoding="utf-8")
    name = next(p.name for p in folder.iterdir() if p.suffix == ".csv" and p.name in text)
    study.write_text(text.replace(name, path), encoding="utf-8")
    said = send(analyst, packed(folder))
    assert said.status_code == 400
    assert "leads out of the study" in html.unescape(said.content.decode())
    assert not left()


def test_an_archive_is_kept_without_the_rights_that_it_asks_for(analyst, tmp_path):
    made = io.BytesIO(packed(tiny(tmp_path / "tiny")))
    with zipfile.ZipFile(made, "a") as archive:
        member = zipfile.ZipInfo("tiny/run.sh")
        member.external_attr = 0o104777 << 16
        archive.writestr(member, "#!/bin/sh\n")
    assert send(analyst, made.getvalue()).status_code == 302
    version = Version.objects.get(study__organisation__slug="own")
    assert (HOME.version(version) / "run.sh").stat().st_mode & 0o7111 == 0


def test_who_may_not_bring_a_study_in_is_told_so(site, tmp_path):
    data = packed(tiny(tmp_path / "tiny"))
    assert send(site.client("client"), data).status_code == 403
    assert send(site.client("analyst", own=False), data).status_code == 404


def test_a_version_of_a_folder_leaves_out_what_runs_wrote(site, tmp_path):
    folder = tiny(tmp_path / "tiny")
    (folder / "out" / "2024").mkdir(parents=True)
    (folder / "out" / "2024" / "x").write_text("x")
    version = add_study(site.study.organisation, folder, None)[1]
    assert not (HOME.version(version) / "out").exists()


def test_an_archive_with_damaged_bytes_is_told_as_one(site, made):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("study.yaml", (made[0] / "study.yaml").read_text(encoding="utf-8"))
    damaged = bytearray(held.getvalue())
    for at in range(60, 120):  # within the packed bytes of the file
        damaged[at] ^= 0xFF
    sent = SimpleUploadedFile("study.zip", bytes(damaged))
    said = site.client("analyst").post("/o/own/new", {"archive": sent})
    assert said.status_code == 400
    assert 'class="problems"' in said.content.decode()
