"""The API keeps to its own OpenAPI document, whatever is sent: made-up requests, right and wrong ones."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from schemathesis import APIOperation, GenerationMode
from schemathesis.checks import positive_data_acceptance
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema

from biolabel.curation.store import FILE, open_database, write_audit
from biolabel.web.access.doors import TokenDoor
from biolabel.web.access.gate import Access
from biolabel.web.access.people import Person
from biolabel.web.access.sessions import Sessions
from biolabel.web.app import create_app
from biolabel.web.server import routers_of
from biolabel.web.service.lab import Lab
from biolabel.workflow.loading import load_run
from biolabel.workflow.results import open_results

TOKEN = "token-of-the-test"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def api(finished_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    """Return the document of all that `biolabel serve` answers, over a copy that rules are saved into."""
    folder = tmp_path_factory.mktemp("contract")
    workspace = shutil.copytree(finished_run, folder / "workspace")
    task = shutil.copytree(finished_run.parent / "tiny", folder / "tiny")
    results = open_results(workspace, task)
    database = open_database(folder / FILE)
    load_run(results, database)
    lab = Lab(results)
    app = create_app(
        Access(TokenDoor(Person("ada", "admin"), TOKEN), Sessions()),
        partial(write_audit, database),
        routers_of(results, database, str(folder / FILE), lab),
        hosts=("testserver", "localhost"),
    )
    yield schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=HEADERS)
    lab.close()
    database.close()


def test_the_api_keeps_its_contract(api: BaseSchema, subtests: pytest.Subtests) -> None:
    operations = [found.ok() for found in api.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) > 25
    for operation in operations:
        with subtests.test(operation.label):
            _asked(operation)


def _asked(operation: APIOperation[Any, Any, Any, Any]) -> None:
    """Send made-up requests, and check each answer against the document."""

    @settings(
        derandomize=True,
        database=None,
        max_examples=10,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=one_of(
            operation.as_strategy(),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        )
    )
    def ask(case: schemathesis.Case[Any]) -> None:
        # No schema can say which rule files there are, or how marks stand in a text.
        case.call_and_validate(headers=HEADERS, excluded_checks=[positive_data_acceptance])

    ask()
