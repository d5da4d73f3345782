"""`results.json` read back is the results that were written, record for record."""

from __future__ import annotations

import json

import pytest

from small import tiny
from vigie import run
from vigie.results.decoding import from_json
from vigie.results.encoding import to_json
from vigie.results.figures import Estimate, Lineage


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tiny(tmp_path_factory.mktemp("decoding") / "tiny")
    return [(p.folder / "results.json").read_text(encoding="utf-8") for p in run.run(folder, formats=["html"])]


def test_what_was_written_is_read_back(written):
    for text in written:
        results = from_json(text)
        assert to_json(results) == text
        assert all(isinstance(e, Estimate) and isinstance(e.lineage, Lineage) for e in results.estimates)
        assert all(isinstance(e.segment, tuple) for e in results.estimates)


def test_figures_of_one_origin_share_its_record(written):
    estimates = from_json(written[-1]).estimates
    assert len({id(e.lineage) for e in estimates}) < len(estimates)
    assert len({id(e.lineage) for e in estimates}) == len({json.dumps(str(e.lineage)) for e in estimates})


def test_an_older_release_lacks_what_has_a_default(written):
    told = json.loads(written[-1])
    for estimate in told["estimates"]:
        del estimate["bands"]
    assert all(e.bands == () for e in from_json(json.dumps(told)).estimates)


@pytest.mark.parametrize("text", ["[]", "3", '{"study": "x"}', "null"])
def test_anything_else_is_no_results(text):
    with pytest.raises(ValueError, match="no results"):
        from_json(text)
