"""The local file server serves the report, nothing outside it, and only to this machine."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request

import pytest

from vigie.web.files import HOST, server


@pytest.fixture
def address(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.fr.html").write_text("<p>bonjour", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("no", encoding="utf-8")
    httpd = server(tmp_path / "out", "report.fr.html", 0)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://{HOST}:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def get(url):
    with urllib.request.urlopen(url) as reply:  # noqa: S310 - our own server
        return reply.read().decode(), reply.geturl()


def test_the_root_leads_to_the_report(address):
    text, url = get(address + "/")
    assert text == "<p>bonjour"
    assert url.endswith("/report.fr.html")


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/nothing", "/./"])
def test_nothing_outside_the_release_is_served(address, path):
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(address + path)
    assert refused.value.code == 404
    refused.value.close()


def test_a_port_in_use_is_passed_over(address, tmp_path):
    taken = int(address.rsplit(":", 1)[1])
    other = server(tmp_path / "out", "report.fr.html", taken)
    assert other.server_port != taken
    other.server_close()
