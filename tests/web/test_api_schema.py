"""What the API says of itself is true: whatever is sent to it, right or wrong, it answers as its description says."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from vigie.store.models import Run
from vigie.store.organisations import Role
from vigie.web.wsgi import application

ADDRESS = "/api/v1/openapi.json"
LEFT_OUT = (
    "positive_data_acceptance",  # whether a question exists, or what a condition may say, no schema knows
    "negative_data_rejection",  # the address and the token are made right below; test_api_figures has wrong parameters
    "ignored_auth", "missing_required_header",  # for every call and role in test_api_rights
)  # fmt: skip
QUICK = settings(
    max_examples=5, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def closing(environ, start):
    """The site, whose answers are read to the end and closed: a file that is sent stays open otherwise."""
    environ.pop("wsgi.file_wrapper", None)
    answer = application(environ, start)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


def checks():
    names = [name for name in CHECKS.get_all_names() if name not in LEFT_OUT]
    return CHECKS.get_by_names(names)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.BRAND])
def test_every_answer_is_one_that_the_description_has(site, role):
    schema = schemathesis.openapi.from_wsgi(ADDRESS, closing)
    headers = {"Authorization": f"Bearer {site.token(role)}"}
    run = Run.objects.create(study=site.study, version=site.study.version)
    there = {"organisation": "own", "study": "tiny", "wave": "2024", "name": "results.json", "run": str(run.pk)}
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 15
    tried = set()
    for operation in operations:
        for mode in GenerationMode:
            _try(operation, mode, headers, there, tried)
    assert 200 in tried
    assert 400 in tried


def _try(operation, mode, headers, there, tried: set[int]) -> None:
    try:
        strategy = operation.as_strategy(generation_mode=mode)
    except Exception as error:
        raise AssertionError(operation.label) from error

    @QUICK
    @given(case=strategy)
    def examples(case):
        for address in ({}, there):  # as it was made up, and on what exists
            case.path_parameters = {k: address.get(k, v) for k, v in (case.path_parameters or {}).items()}
            response = case.call(headers=headers)
            tried.add(response.status_code)
            case.validate_response(response, checks=checks())

    examples()
