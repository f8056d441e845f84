"""Failed logins: how many, from where, for how long."""

from dataclasses import dataclass

import pytest

from biolabel.web.access.throttle import BY_ADDRESS, BY_NAME, REMEMBERED, WINDOW, Throttle


@dataclass
class Clock:
    """A clock that stands still until it is told."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def throttle(clock: Clock) -> Throttle:
    return Throttle(clock)


def test_an_address_waits_after_its_failures(throttle: Throttle, clock: Clock) -> None:
    for number in range(BY_ADDRESS):
        assert throttle.wait("10.0.0.1", f"name {number}") == 0
        throttle.failed("10.0.0.1", f"name {number}")
        clock.now += 1
    assert throttle.wait("10.0.0.1", "another") == WINDOW - BY_ADDRESS
    assert throttle.wait("10.0.0.2", "another") == 0
    clock.now = WINDOW
    assert throttle.wait("10.0.0.1", "another") == 0, "the first failure is forgotten"


def test_a_name_waits_wherever_its_failures_come_from(throttle: Throttle) -> None:
    for number in range(BY_NAME):
        throttle.failed(f"10.0.0.{number}", "ada")
    assert throttle.wait("192.168.0.1", "ada") == WINDOW
    assert throttle.wait("192.168.0.1", "carl") == 0


def test_a_right_login_does_not_hide_guesses(throttle: Throttle) -> None:
    for _ in range(BY_ADDRESS - 1):
        throttle.failed("10.0.0.1", "ada")
    for _ in range(5):  # an attacker who has a password of his own logs in between
        throttle.failed("10.0.0.1", "mallory")
        throttle.forgiven("10.0.0.1", "mallory")
    assert throttle.wait("10.0.0.1", "ada") == 0
    throttle.failed("10.0.0.1", "ada")
    assert throttle.wait("10.0.0.1", "ada") > 0


def test_what_is_remembered_is_bounded(throttle: Throttle) -> None:
    for number in range(REMEMBERED):
        throttle.failed(f"address {number}", f"name {number}")
    assert len(throttle._failed) == REMEMBERED
