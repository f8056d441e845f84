from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from biolabel.curation.review import User
from biolabel.curation.store import (
    Database,
    add_user,
    change_user,
    check_password,
    get_user,
    list_users,
    read_audit,
    write_audit,
)
from biolabel.curation.store.tables import users
from biolabel.errors import RunError

GOOD = "correct horse"


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a hash take a thousandth of its time, but where a test is about hashes."""
    if "hashes" not in request.node.name:
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr("biolabel.curation.store.users._hasher", lambda: hasher)


@pytest.fixture
def ann(database: Database) -> User:
    return add_user(database, "ann", GOOD, "admin", by="setup")


def test_a_user_logs_in(database: Database, ann: User) -> None:
    assert (ann.name, ann.role, ann.adjudicator, ann.disabled) == ("ann", "admin", False, False)
    assert check_password(database, "ann", GOOD) == ann == get_user(database, "ann")
    assert list_users(database) == (ann,)


@pytest.mark.usefixtures("ann")
def test_who_does_not(database: Database) -> None:
    for password in ("Correct horse", "", GOOD + "\0", "\ud800", "x" * 10_000):
        assert check_password(database, "ann", password) is None
    for name in ("bob", "ann\0", "\ud800", "' OR 1=1 --"):
        assert check_password(database, name, GOOD) is None


def test_passwords_are_kept_as_argon2_hashes_only(database: Database, ann: User) -> None:
    with database.reading() as connection:
        hashed = connection.scalar(select(users.c.password)) or ""
    # The second choice of RFC 9106, section 4: 64 MiB, three passes, four lanes.
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert GOOD not in hashed
    change_user(database, "ann", by="ann", password="battery staple")
    assert check_password(database, "ann", GOOD) is None
    assert check_password(database, "ann", "battery staple") == ann
    assert GOOD not in str(read_audit(database))
    assert "battery" not in str(read_audit(database))


@pytest.mark.usefixtures("ann")
def test_who_is_disabled_is_out(database: Database) -> None:
    add_user(database, "bob", GOOD, "curator", by="ann")
    change_user(database, "bob", by="ann", disabled=True)
    assert check_password(database, "bob", GOOD) is None
    bob = get_user(database, "bob")
    assert bob is not None
    assert bob.disabled
    change_user(database, "bob", by="ann", disabled=False, role="viewer", adjudicator=True)
    bob = check_password(database, "bob", GOOD)
    assert bob is not None
    assert (bob.role, bob.adjudicator) == ("viewer", True)


NO_USERS = (
    ("ann", GOOD, "viewer", "already"),
    ("", GOOD, "viewer", "no name"),
    ("a b", GOOD, "viewer", "no name"),
    ("a\n", GOOD, "viewer", "no name"),
    ("<b>", GOOD, "viewer", "no name"),
    ("x" * 65, GOOD, "viewer", "no name"),
    ("bob", "short", "viewer", "not 5"),
    ("bob", "x" * 1025, "viewer", "not 1025"),
    ("bob", "correct\0horse", "viewer", "stand for nothing"),
    ("bob", GOOD, "curater", "curator"),
)


def test_who_cannot_be_a_user(database: Database, ann: User) -> None:
    for name, password, role, says in NO_USERS:
        with pytest.raises(RunError, match=says) as caught:
            add_user(database, name, password, role, by="ann")  # type: ignore[arg-type]
        assert caught.value.code == "BL960"
    assert list_users(database) == (ann,)


@pytest.mark.usefixtures("ann")
def test_unknown_users_are_not_changed(database: Database) -> None:
    with pytest.raises(RunError, match="no user `anna`") as caught:
        change_user(database, "anna", by="ann", role="viewer")
    assert caught.value.code == "BL960"
    assert "`ann`" in caught.value.hint


def test_the_last_admin_stays(database: Database, ann: User) -> None:
    for change in ({"role": "curator"}, {"disabled": True}):
        with pytest.raises(RunError, match="last admin") as caught:
            change_user(database, "ann", by="ann", **change)
        assert caught.value.code == "BL960"
    assert list_users(database) == (ann,)
    assert len(read_audit(database)) == 1


@pytest.mark.usefixtures("ann")
def test_two_admins_cannot_end_each_other_at_once(database: Database) -> None:
    add_user(database, "bob", GOOD, "admin", by="ann")

    def end(pair: tuple[str, str]) -> bool:
        try:
            change_user(database, pair[0], by=pair[1], role="viewer")
        except RunError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(end, [("ann", "bob"), ("bob", "ann")]))
    assert sorted(done) == [False, True]
    assert sorted(each.role for each in list_users(database)) == ["admin", "viewer"]


def test_without_admins_others_can_be_changed(database: Database) -> None:
    add_user(database, "kim", GOOD, "curator", by="setup")
    assert change_user(database, "kim", by="setup", role="viewer").role == "viewer"


@pytest.mark.usefixtures("ann")
def test_every_change_is_in_the_audit_log(database: Database) -> None:
    change_user(database, "ann", by="ann", adjudicator=True)
    change_user(database, "ann", by="ann")
    write_audit(database, "ann\0\ud800", "log in", {"address": "127.0.0.1"})
    newest, middle, oldest = read_audit(database)
    assert (newest.who, newest.action) == ("ann��", "log in")
    assert newest.detail == {"address": "127.0.0.1"}
    assert (middle.who, middle.detail) == ("ann", {"user": "ann", "adjudicator": True})
    assert oldest.detail == {"user": "ann", "role": "admin", "adjudicator": False}
    assert newest.id > middle.id > oldest.id
    assert newest.at >= middle.at >= oldest.at
    assert read_audit(database, before=newest.id, limit=1) == (middle,)
    assert read_audit(database, before=10**30) == (newest, middle, oldest)
