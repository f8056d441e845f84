"""Users of the database, as doors ask for them."""

from unittest.mock import Mock

import pytest

from biolabel.curation.store import Database, add_user, change_user, users
from biolabel.web.access.accounts import Users, anybody
from tests.unit.web.serving import PASSWORD


def test_users(database: Database) -> None:
    users = Users(database)
    assert not anybody(database)
    assert users.person("carl") is None
    add_user(database, "carl", PASSWORD, "curator", by="test", adjudicator=True)
    assert anybody(database)
    found = users.check("carl", PASSWORD)
    assert found is not None
    assert (found.name, found.role, found.adjudicator) == ("carl", "curator", True)
    assert users.person("carl") == found
    assert users.check("carl", "wrong") is None
    assert users.check("bob", PASSWORD) is None


def test_a_new_password_makes_another_person(database: Database) -> None:
    add_user(database, "carl", PASSWORD, "curator", by="test")
    before = Users(database).person("carl")
    change_user(database, "carl", by="ada", password="another password")
    assert Users(database).person("carl") != before


def test_who_is_disabled_is_nobody(database: Database) -> None:
    add_user(database, "carl", PASSWORD, "curator", by="test")
    change_user(database, "carl", by="ada", disabled=True)
    assert Users(database).person("carl") is None
    assert Users(database).check("carl", PASSWORD) is None
    assert not anybody(database)


def test_unknown_names_take_as_long_as_known_ones(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(database, "carl", PASSWORD, "curator", by="test")
    hasher = Mock(wraps=users._hasher())
    monkeypatch.setattr(users, "_hasher", lambda: hasher)
    for name in ("carl", "bob"):
        hasher.reset_mock()
        assert Users(database).check(name, "a wrong password") is None
        assert len(hasher.mock_calls) == 1, "what takes time is done once for either"
