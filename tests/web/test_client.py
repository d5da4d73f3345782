"""The client over the network, against a site that is served: what it reads is what the site holds."""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.urls import resolve

from small import tiny
from vigie.client import records
from vigie.client.connection import SiteError
from vigie.client.site import Site
from vigie.results.encoding import plain
from vigie.store.models import Release, Run, Version
from vigie.store.tokens import Scope
from vigie.web import library
from vigie.web.api.calls import Call
from vigie.web.api.problems import nowhere
from vigie.web.api.urls import API
from vigie.web.library import HOME
from vigie.web.running import compute

STUDY = "own/tiny"
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "use-the-api.md"


def results(site):
    from vigie.web.access import Visitor

    return library.results(Visitor(site.people["analyst own"]).at(site.study), site.study.releases.get())


def test_figures_are_those_of_the_release(live_server, site, tmp_path, monkeypatch):
    monkeypatch.setattr("vigie.client.site.PAGE", 7)  # several pages
    program = Site(live_server.url, site.token("client", "read"))
    assert program.me().email == "client@own.example"
    assert [(m.organisation, m.role) for m in program.me().memberships] == [("own", "client")]
    assert [s.key for s in program.studies()] == [STUDY]
    assert program.study(STUDY).waves == ("2024",)
    assert [w.wave for w in program.waves(STUDY)] == ["2024"]
    whole = results(site)
    found = list(program.estimates(STUDY, "2024"))
    assert len(found) == len(whole.estimates) > 7
    for e, one in zip(whole.estimates, found, strict=True):
        assert (one.figure, dict(one.segment), one.value, one.ci_low, one.n, one.lineage.expression) == (
            e.figure, dict(e.segment), e.value, e.ci_low, e.n, e.lineage.expression,
        )  # fmt: skip
        assert (one.rank and one.rank.low) == (e.rank and e.rank.low)
    by_channel = list(program.estimates(STUDY, "2024", indicator="satisfied", segment=["channel"]))
    assert {e.indicator for e in by_channel} == {"satisfied"}
    assert all("channel" in e.segment for e in by_channel)
    assert any(len(e.segment) > 1 for e in by_channel)
    alone = list(program.estimates(STUDY, "2024", indicator="satisfied", segment=["channel"], whole=True))
    assert [e.figure for e in alone] == [e.figure for e in by_channel if [*e.segment] == ["channel"]]
    phone = list(program.estimates(STUDY, "2024", indicator="satisfied", segment=["channel:phone"], whole=True))
    assert [dict(e.segment) for e in phone] == [{"channel": "phone"}]
    everybody = list(program.estimates(STUDY, "2024", whole=True))
    assert {e.figure for e in everybody} == {e.figure for e in whole.estimates if not e.segment}
    leagues = program.rankings(STUDY, "2024")
    assert [[e.code for e in s.entries] for s in leagues] == [[e.brand for e in s.entries] for s in whole.leagues]
    assert len(program.scores(STUDY, "2024")) == len(whole.cells)
    printed = list(program.tables(STUDY, "2024"))
    assert printed
    assert {c.value for t in printed for row in t.rows for c in row} & {e.value for e in whole.estimates}
    assert list(program.tables(STUDY, "2024", page="overview")) != printed
    assert {i.indicator for i in program.indicators(STUDY, "2024")} == {e.indicator for e in whole.estimates}
    assert list(program.verbatims(STUDY, "2024")) == []
    assert "results.json" in [f.name for f in program.files(STUDY, "2024")]
    taken = program.download(STUDY, "2024", "results.json", tmp_path / "r.json")
    assert taken.read_bytes() == (HOME.release(site.study.releases.get()) / "results.json").read_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["r.json"]
    with pytest.raises(SiteError) as caught:
        program.table(STUDY, "2024", "sex", ["age"])
    assert (caught.value.status, caught.value.problems[0].code) == (403, "scope")
    with pytest.raises(SiteError, match="satisfied"):
        list(program.estimates(STUDY, "2024", indicator="satisfed"))


def test_a_study_is_brought_in_run_tabulated_published_and_withdrawn(live_server, site, tmp_path, monkeypatch):
    monkeypatch.setattr("vigie.client.site.sleep", lambda _: _computed())
    program = Site(live_server.url, site.token("analyst"))
    folder = tiny(tmp_path / "tiny")
    margins = folder / "margins" / "2024.csv"
    margins.write_text(margins.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert program.bring_in("own", folder) == (STUDY, 2)
    assert program.bring_in("own", folder) == (STUDY, 2), "the same is no new version"
    assert Version.objects.filter(study=site.study).count() == 2
    run = program.start(STUDY)
    assert (run.state, run.version) == ("queued", 2)
    done = program.wait(STUDY, run.run)
    assert (done.state, done.problems) == ("done", ())
    assert "survey figures" in done.log
    assert program.stop(STUDY, run.run).state == "done"
    assert [r.run for r in program.runs(STUDY)] == [run.run]
    _texts_are_found(program)
    table = program.table(STUDY, "2024", "satisfaction", ["sex"], where="age == a1")
    from vigie import run as line

    study = line.load(HOME.version(site.study.version))
    made = line.table(study, "satisfaction", ["sex"], wave="2024", where="age == a1", out=HOME.out(site.study))
    told = [[c and c.value for c in row.cells] for row in table.lines]
    assert told == [[c and c.value for c in row.cells] for row in made.lines]
    assert [h.letter for h in table.columns] == [h.letter for h in made.columns]
    assert [(t.variable, t.p) for t in table.independence] == [(t.variable, t.p) for t in made.independence]
    assert {v: dict(texts) for v, texts in table.variables.items()} == {v: dict(t) for v, t in made.variables.items()}
    last = next(program.releases(STUDY))
    assert program.publish(STUDY, "2024", audience="public", release=last.release).shown
    assert Release.objects.get(study=site.study, key=last.release).audience == "public"
    assert not program.withdraw(STUDY, "2024").shown
    archive = shutil.make_archive(str(tmp_path / "broken"), "zip", tmp_path / "tiny" / "data")
    with pytest.raises(SiteError) as caught:
        program.bring_in("own", tmp_path / archive)
    assert caught.value.status == 400
    assert "study.yaml" in str(caught.value)


def _texts_are_found(program: Site) -> None:
    """Once there are facts."""
    texts = list(program.verbatims(STUDY, "2024"))
    assert texts
    assert {t.question for t in texts} == {"story"}
    word = texts[0].text.split()[0]
    found = list(program.verbatims(STUDY, "2024", word))
    assert 0 < len(found) < len(texts)
    assert list(program.verbatims(STUDY, "2024", f"-{word}")) == [t for t in texts if t not in found]


def _computed() -> None:
    """What the worker does meanwhile."""
    for run in Run.objects.filter(state="queued"):
        compute(run)


def test_a_wave_that_is_published_anew_while_it_is_read_is_told(live_server, site, monkeypatch):
    monkeypatch.setattr("vigie.client.site.PAGE", 5)
    program = Site(live_server.url, site.token("client"))
    reading = program.estimates(STUDY, "2024")
    next(reading)
    old = site.study.releases.get()
    shutil.copytree(HOME.release(old), HOME.release(old).with_name("f" * 16))
    Release.objects.filter(pk=old.pk).update(key="f" * 16)
    with pytest.raises(SiteError, match="published anew"):
        list(reading)


def test_what_is_added_to_a_list_while_it_is_read_repeats_nothing(live_server, site, monkeypatch):
    monkeypatch.setattr("vigie.client.site.PAGE", 2)
    program = Site(live_server.url, site.token("analyst"))
    release = site.study.releases.get()

    def add() -> None:
        Run.objects.create(study=site.study, version=site.study.version, state="done")
        key = f"{Release.objects.count():016}"
        shutil.copytree(HOME.release(release), HOME.release(release).with_name(key))
        Release.objects.create(study=site.study, version=site.study.version, wave="2024", position=0, key=key)

    for _ in range(4):
        add()
    for listed, key, total in ((program.runs, "run", 4), (program.releases, "release", 6)):
        reading = listed(STUDY)
        found = [getattr(next(reading), key), getattr(next(reading), key)]
        add()  # between two pages
        found += [getattr(one, key) for one in reading]
        assert len(found) == len(set(found)) == total


def test_the_page_on_the_api_is_run_as_it_is_written(live_server, site, tmp_path, monkeypatch):
    tiny(tmp_path / "observatory")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_SITE", live_server.url)
    monkeypatch.setenv("VIGIE_TOKEN", site.token("analyst"))
    monkeypatch.setattr("vigie.client.site.sleep", lambda _: _computed())
    scope: dict[str, object] = {}
    snippets = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(snippets) == 3
    for snippet in snippets:
        exec(compile(snippet, PAGE.name, "exec"), scope)  # noqa: S102 - our own page
    assert scope["e"].indicator == "satisfied"
    assert scope["entry"].rank.of == len(scope["ranking"].entries)
    assert [h.code for h in scope["table"].columns] == ["", "f", "m", "a1", "a2"]
    assert scope["release"].shown


def test_the_page_on_the_api_names_addresses_scopes_and_codes_that_exist():
    text = PAGE.read_text(encoding="utf-8")
    for address in re.findall(r"/api/v1/([^\s\"`]+)", text):
        assert resolve(f"/api/v1/{address.partition('?')[0]}").func is not nowhere, address
    assert set(re.findall(r"^\| `(\w+)` \| ", text, re.MULTILINE)) == set(Scope)
    source = "".join(p.read_text(encoding="utf-8") for p in Path(inspect.getfile(Call)).parent.glob("*.py"))
    rows = re.findall(r"^\| 4\d\d \| ([^|]+)", text, re.MULTILINE)
    told = [code for row in rows for code in re.findall(r"`([\w-]+)`", row)]
    assert len(told) > 6
    assert not [code for code in told if f'"{code}"' not in source]


@pytest.mark.parametrize("address", ["observatory.example", "ftp://observatory.example", "http://observatory.example"])
def test_an_address_to_which_a_token_should_not_go_is_refused(address):
    with pytest.raises(ValueError, match=r"https"):
        Site(address, "vigie_x")


@pytest.mark.parametrize("study", ["tiny", "own/tiny/2024", "own/"])
def test_a_study_is_named_with_its_organisation(study):
    with pytest.raises(ValueError, match="organisation/study"):
        Site("https://observatory.example", "vigie_x").waves(study)


@pytest.fixture
def elsewhere():
    """A server that is no site: it answers with what `said` holds, and keeps what it was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = server.said
            server.asked.append(dict(self.headers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_token_follows_no_redirection(elsewhere):
    elsewhere.said = 302, {"Location": f"http://localhost:{elsewhere.server_port}/elsewhere"}, b""
    with pytest.raises(SiteError) as caught:
        Site(f"http://127.0.0.1:{elsewhere.server_port}", "vigie_secret").me()
    assert caught.value.status == 302
    assert len(elsewhere.asked) == 1


@pytest.mark.parametrize("said", [(200, {}, b"<html>"), (502, {}, b"<html>"), (500, {}, b"[]")])
def test_an_answer_that_is_no_site_s_is_an_error_of_the_site(elsewhere, said):
    elsewhere.said = said
    with pytest.raises(SiteError) as caught:
        Site(f"http://127.0.0.1:{elsewhere.server_port}", "vigie_secret").me()
    assert caught.value.status == said[0]
    assert str(caught.value)


def test_a_file_that_is_cut_off_is_not_kept(elsewhere, tmp_path):
    elsewhere.said = 200, {"Content-Length": "100"}, b"{"
    with pytest.raises(SiteError, match="whole"):
        Site(f"http://127.0.0.1:{elsewhere.server_port}", "x").download(STUDY, "2024", "r.json", tmp_path / "r.json")
    assert list(tmp_path.iterdir()) == []


def test_a_site_that_does_not_answer_is_told():
    with pytest.raises(SiteError, match="did not answer"):
        Site("http://127.0.0.1:1", "vigie_x").me()


def test_records_have_the_fields_that_the_site_describes():
    shapes = API.get_openapi_schema(path_prefix="")["components"]["schemas"]
    kinds = [k for k in vars(records).values() if dataclasses.is_dataclass(k)]
    assert len(kinds) > 15
    for kind in kinds:
        told, own = set(shapes[kind.__name__]["properties"]), {f.name for f in dataclasses.fields(kind)}
        beside = {"log"} if kind.__name__ == "Run" else set()  # of one run that is asked for
        assert own - beside == told, kind.__name__


def test_the_client_needs_nothing_but_python():
    code = (
        "import sys; before = set(sys.modules); import vigie.client.site; import json;"
        "names = {m.partition('.')[0] for m in set(sys.modules) - before} - set(sys.stdlib_module_names);"
        "print(json.dumps(sorted(names)), json.dumps(sorted(m for m in sys.modules if m.startswith('vigie'))))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    others, own = json.JSONDecoder().raw_decode(said)[0], json.loads(said[said.index("] ") + 2 :])
    assert others == ["vigie"]
    assert all(m in ("vigie", "vigie.client") or m.startswith("vigie.client.") for m in own)


def test_a_figure_is_told_as_results_json_has_it(site):
    client = site.program("client")
    said = client.get("/api/v1/studies/own/tiny/waves/2024/estimates?limit=1000").json()["items"]
    for e, told in zip(results(site).estimates, said, strict=True):
        written = json.loads(json.dumps(plain(e)))
        for name, value in told.items():
            if name not in ("lineage", "label"):
                assert value == written[name], name
        assert told["lineage"].items() <= written["lineage"].items()
