"""The registry of formats."""

import pytest

from report import sample
from vigie.errors import VigieError
from vigie.report.writers import WRITERS, writer


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_writes_a_file(name, tmp_path):
    path = tmp_path / f"report.{name}"
    writer(name)(sample.results(), sample.earlier(), path, "fr")
    assert path.stat().st_size > 5000


def test_an_unknown_format_is_told_with_those_there_are():
    with pytest.raises(VigieError, match=r'Did you mean "html"\? There are: html, xlsx'):
        writer("htm")
