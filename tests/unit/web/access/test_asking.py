"""Who asks, as those see it who answer."""

import asyncio

import pytest
from fastapi import Request

from biolabel.curation.review import Role
from biolabel.errors import RunError
from biolabel.web.access.asking import address_of, needing, person_of, session_of
from biolabel.web.access.people import Person
from biolabel.web.access.sessions import Session


def request(person: Person | None) -> Request:
    session = person and Session("key", person, "csrf", 0.0)
    scope = {
        "type": "http",
        "headers": [],
        "client": ("10.0.0.1", 5),
        "state": {"session": session},
    }
    return Request(scope)


def test_the_session_is_what_the_gate_found() -> None:
    asked = request(Person("ada", "curator"))
    assert session_of(asked).csrf == "csrf"
    assert person_of(asked).name == "ada"
    assert address_of(asked) == "10.0.0.1"


@pytest.mark.parametrize("asked", [request(None), Request({"type": "http", "headers": []})])
def test_nobody(asked: Request) -> None:
    with pytest.raises(RunError) as error:
        person_of(asked)
    assert error.value.code == "BL970"


async def allowed(role: Role, asked: Request) -> Person:
    return await needing(role)(asked)


def test_roles_are_needed() -> None:
    curator = request(Person("ada", "curator"))
    assert asyncio.run(allowed("curator", curator)).name == "ada"
    with pytest.raises(RunError) as error:
        asyncio.run(allowed("admin", curator))
    assert error.value.code == "BL971"
