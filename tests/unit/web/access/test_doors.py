"""Doors: by token, and by name and password."""

import asyncio
import threading
from dataclasses import dataclass, field

import pytest

from biolabel.errors import RunError
from biolabel.web.access.doors import AT_ONCE, FRESH, WAITING, NameDoor, TokenDoor
from biolabel.web.access.people import Person
from biolabel.web.access.throttle import BY_ADDRESS

ADA = Person("ada", "admin")


@dataclass
class Accounts:
    """One user; passwords are checked as long as `hold` is not set."""

    people: dict[str, Person] = field(default_factory=lambda: {"ada": ADA})
    hold: threading.Event = field(default_factory=threading.Event)
    asked: int = 0
    most: int = 0
    busy: int = 0

    def person(self, name: str) -> Person | None:
        self.asked += 1
        return self.people.get(name)

    def check(self, name: str, password: str) -> Person | None:
        self.busy += 1
        self.most = max(self.most, self.busy)
        self.hold.wait(5)
        self.busy -= 1
        return self.people.get(name) if password == "right" else None


@pytest.fixture
def accounts() -> Accounts:
    accounts = Accounts()
    accounts.hold.set()
    return accounts


def test_the_token_lets_its_owner_in() -> None:
    door = TokenDoor(ADA)
    assert asyncio.run(door.enter("", door.token, "")) == ADA
    assert asyncio.run(door.knows(ADA))
    assert not asyncio.run(door.knows(Person("ada", "viewer")))


@pytest.mark.parametrize("token", ["", "wrong", "ü", "0" * 43])
def test_no_other_token_does(token: str) -> None:
    with pytest.raises(RunError, match="the token is not right"):
        asyncio.run(TokenDoor(ADA).enter("ada", token, ""))


def test_tokens_are_random() -> None:
    assert TokenDoor(ADA).token != TokenDoor(ADA).token


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong"), ("ada", ""), ("bob", "right")])
def test_wrong_names_and_passwords_sound_the_same(
    accounts: Accounts, name: str, password: str
) -> None:
    with pytest.raises(RunError, match=r"^the name or the password is not right$") as error:
        asyncio.run(NameDoor(accounts).enter(name, password, "10.0.0.1"))
    assert error.value.code == "BL973"


def test_failures_make_even_the_right_password_wait(accounts: Accounts) -> None:
    door = NameDoor(accounts)

    async def flood() -> None:
        for _ in range(BY_ADDRESS):
            with pytest.raises(RunError):
                await door.enter("ada", "wrong", "10.0.0.1")
        with pytest.raises(RunError, match="the next is answered in 300 s") as error:
            await door.enter("ada", "right", "10.0.0.1")
        assert error.value.code == "BL974"
        assert await door.enter("ada", "right", "10.0.0.2") == ADA

    asyncio.run(flood())


def test_tries_side_by_side_are_no_way_around_the_limit(accounts: Accounts) -> None:
    door = NameDoor(accounts)
    accounts.hold.clear()

    async def flood() -> list[str]:
        tries = [
            asyncio.create_task(door.enter(f"name {i}", "wrong", f"10.0.{i // BY_ADDRESS}.1"))
            for i in range(40)
        ]
        await asyncio.sleep(0.05)
        accounts.hold.set()
        done = await asyncio.gather(*tries, return_exceptions=True)
        return [error.code for error in done if isinstance(error, RunError)]

    codes = asyncio.run(flood())
    assert codes.count("BL973") == AT_ONCE + WAITING
    assert codes.count("BL974") == 40 - AT_ONCE - WAITING
    assert accounts.most == AT_ONCE, "argon2 takes much memory"


def test_a_change_of_role_ends_what_one_came_in_with(accounts: Accounts) -> None:
    now = [100.0]
    door = NameDoor(accounts, clock=lambda: now[0])

    async def changed() -> None:
        assert await door.knows(ADA)
        accounts.people["ada"] = Person("ada", "viewer")
        assert await door.knows(ADA), "asked a moment ago"
        assert accounts.asked == 1
        now[0] += FRESH + 0.1
        assert not await door.knows(ADA)
        del accounts.people["ada"]
        now[0] += FRESH + 0.1
        assert not await door.knows(Person("ada", "viewer"))

    asyncio.run(changed())
