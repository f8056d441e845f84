"""Who asks: a person with a role, and what each role may do."""

from dataclasses import dataclass

from biolabel.curation.review import Role
from biolabel.errors import RunError

ROLES: tuple[Role, ...] = ("viewer", "curator", "admin")
"""Roles in order: each may do what those before it may."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was let in; `stamp` is another one when the person's password is."""

    name: str
    role: Role
    adjudicator: bool = False
    stamp: str = ""

    def may(self, need: Role) -> bool:
        """Return whether the person's role is at least the one needed."""
        return ROLES.index(self.role) >= ROLES.index(need)


def allow(person: Person, need: Role) -> None:
    """Refuse a person whose role is too low.

    Raises:
        RunError: BL971.
    """
    if not person.may(need):
        raise RunError(
            "BL971",
            f"{person.name} is a {person.role}, and this needs the role {need}",
            hint="an admin can change roles: biolabel curate users role",
        )


def allow_settling(person: Person) -> None:
    """Refuse a person who may not settle disputes: neither an admin nor a named adjudicator.

    Raises:
        RunError: BL971.
    """
    if not (person.may("admin") or (person.adjudicator and person.may("curator"))):
        raise RunError(
            "BL971",
            f"{person.name} is a {person.role}, and only admins and adjudicators settle disputes",
        )
