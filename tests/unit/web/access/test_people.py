"""Roles: each may do what those before it may."""

import pytest

from biolabel.errors import RunError
from biolabel.web.access.people import ROLES, Person, allow, allow_settling


def test_each_role_may_what_lower_ones_may() -> None:
    allowed = {have: [need for need in ROLES if Person("ada", have).may(need)] for have in ROLES}
    assert allowed == {
        "viewer": ["viewer"],
        "curator": ["viewer", "curator"],
        "admin": ["viewer", "curator", "admin"],
    }


def test_a_viewer_may_not_decide() -> None:
    with pytest.raises(
        RunError, match="vera is a viewer, and this needs the role curator"
    ) as error:
        allow(Person("vera", "viewer"), "curator")
    assert error.value.code == "BL971"


def test_admins_and_adjudicators_settle() -> None:
    allow_settling(Person("ada", "admin"))
    allow_settling(Person("carl", "curator", adjudicator=True))
    for person in (Person("carl", "curator"), Person("vera", "viewer", adjudicator=True)):
        with pytest.raises(RunError, match="only admins and adjudicators"):
            allow_settling(person)
