"""The API keeps to its own OpenAPI document, whatever is sent: made-up requests, right and wrong ones."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from schemathesis import APIOperation, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema

from biolabel.curation.store import load, open_database, write_audit
from biolabel.web.access.doors import TokenDoor
from biolabel.web.access.gate import Access
from biolabel.web.access.people import Person
from biolabel.web.access.sessions import Sessions
from biolabel.web.api.assertions import assertions_router
from biolabel.web.api.team import team_router
from biolabel.web.app import create_app
from tests.unit.web.planted import planted

TOKEN = "token-of-the-test"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    database = open_database(tmp_path_factory.mktemp("contract") / "curation.sqlite")
    load(database, "cid", list(planted(30)), "run 1")
    access = Access(TokenDoor(Person("ada", "admin"), TOKEN), Sessions())
    routers = [assertions_router(database, lambda concepts: concepts), team_router(database)]
    app = create_app(
        access, partial(write_audit, database), routers, hosts=("testserver", "localhost")
    )
    yield schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=HEADERS)
    database.close()


def test_the_api_keeps_its_contract(api: BaseSchema, subtests: pytest.Subtests) -> None:
    operations = [found.ok() for found in api.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) > 15
    for operation in operations:
        with subtests.test(operation.label):
            _asked(operation)


def _asked(operation: APIOperation[Any, Any, Any, Any]) -> None:
    """Send made-up requests, and check each answer against the document."""

    @settings(
        derandomize=True,
        database=None,
        max_examples=15,
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
        case.call_and_validate(headers=HEADERS)

    ask()
