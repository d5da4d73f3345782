"""A YAML text that was read before is read again as if it were new."""

from __future__ import annotations

import pytest

from vigie.study.document import REMEMBERED, parse_yaml

TEXT = "study: s\nlist: &l [1, {a: no}]\nagain: *l\nstudy: t\n"


@pytest.mark.parametrize("more", ["", f"# {'x' * REMEMBERED}\n"], ids=["remembered", "too long for it"])
def test_the_same_text_in_two_files_is_two_documents(more):
    one, two = parse_yaml(TEXT + more, shown="one.yaml"), parse_yaml(TEXT + more, shown="two.yaml")
    assert one.value == two.value == {"study": "s", "list": [1, {"a": "no"}], "again": [1, {"a": "no"}]}
    assert [(p.file, p.line) for p in (*one.problems, *two.problems)] == [("one.yaml", 4), ("two.yaml", 4)]
    one.value["list"][1]["a"] = "changed"
    one.places.clear()
    three = parse_yaml(TEXT + more, shown="three.yaml")
    assert two.value["list"] == three.value["list"] == three.value["again"] == [1, {"a": "no"}]
    assert three.places["list", 1, "a"] == (2, 15)


def test_a_text_that_is_no_yaml_is_none_the_second_time_too():
    said = [parse_yaml("a: [b", shown=name).problems for name in ("one.yaml", "two.yaml")]
    assert [[(p.code, p.file) for p in problems] for problems in said] == [
        [("yaml-syntax", "one.yaml")], [("yaml-syntax", "two.yaml")],
    ]  # fmt: skip
