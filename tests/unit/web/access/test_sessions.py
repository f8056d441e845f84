"""Sessions end by themselves, by their owner, and are worth nothing to anybody else."""

from dataclasses import dataclass

import pytest

from biolabel.web.access.people import Person
from biolabel.web.access.sessions import IDLE, LONGEST, MOST, Sessions

ADA = Person("ada", "admin")


@dataclass
class Clock:
    """A clock that stands still until it is told."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock) -> Sessions:
    return Sessions(clock)


def test_a_cookie_stands_for_its_session(sessions: Sessions) -> None:
    cookie, session = sessions.begin(ADA)
    assert sessions.find(cookie) is session
    assert session.person == ADA
    assert cookie not in repr(sessions), "the cookie itself is not kept"


@pytest.mark.parametrize("forged", ["", "x", "0" * 43])
def test_a_forged_cookie_stands_for_nothing(sessions: Sessions, forged: str) -> None:
    _, session = sessions.begin(ADA)
    assert sessions.find(forged) is None
    assert sessions.find(session.key) is None, "what the server keeps is no cookie"


def test_cookies_and_tokens_differ(sessions: Sessions) -> None:
    made = [sessions.begin(Person(f"p{i}", "viewer")) for i in range(50)]
    secrets = {cookie for cookie, _ in made} | {session.csrf for _, session in made}
    assert len(secrets) == 100
    assert min(map(len, secrets)) == 43, "256 bits in base64"


def test_an_ended_session_is_over(sessions: Sessions) -> None:
    cookie, session = sessions.begin(ADA)
    sessions.end(session)
    assert sessions.find(cookie) is None
    assert not sessions.has(session)


def test_use_keeps_a_session_open_for_a_week(sessions: Sessions, clock: Clock) -> None:
    cookie, session = sessions.begin(ADA)
    while clock.now + IDLE / 2 < 1000 + LONGEST:
        clock.now += IDLE / 2
        assert sessions.find(cookie) is session
    clock.now += IDLE / 2
    assert sessions.find(cookie) is None


def test_an_unused_session_ends(sessions: Sessions, clock: Clock) -> None:
    cookie, session = sessions.begin(ADA)
    clock.now += IDLE - 1
    assert sessions.has(session)
    clock.now += 1
    assert not sessions.has(session), "to ask whether it is open is no use of it"
    assert sessions.find(cookie) is None


def test_one_session_too_many_ends_the_oldest(sessions: Sessions) -> None:
    other = sessions.begin(Person("carl", "curator"))[0]
    cookies = [sessions.begin(ADA)[0] for _ in range(MOST + 1)]
    assert [sessions.find(cookie) is None for cookie in cookies] == [True] + [False] * MOST
    assert sessions.find(other)
