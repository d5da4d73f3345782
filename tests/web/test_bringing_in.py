"""Studies are sent as archives: a sound one becomes a version, anything else is told, and leaves nothing behind."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from small import tiny
from vigie.store.models import Study, Version
from vigie.web.library import HOME
from vigie.web.studies_in import MOST_FILES, add_study, digest_of

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
