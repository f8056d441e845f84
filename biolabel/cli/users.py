"""The commands on users: `biolabel curate users add`, `list`, `role`, `disable`, `enable`, `password`."""

import sys
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from biolabel.cli.databases import opened_database
from biolabel.cli.export import DATABASE, WHERE, WORKSPACE
from biolabel.cli.jobs import JSON
from biolabel.cli.screen import screen, show_json

if TYPE_CHECKING:
    from biolabel.curation.review import Role

_NAME = typer.Argument(help="The user's name.")
_ROLE = typer.Option("curator", help="viewer, curator or admin.")
_NEW_ROLE = typer.Argument(help="viewer, curator or admin.")
_SETTLES = typer.Option(
    None, "--adjudicator/--no-adjudicator", help="May settle disputes without being an admin."
)


def register(group: typer.Typer) -> None:
    """Add the commands to a group, as a group of their own."""
    users = typer.Typer(no_args_is_help=True, help="Who may log in to `biolabel serve`.")
    users.command("add")(add)
    users.command("list")(list_all)
    for command in (role, disable, enable, password):
        users.command()(command)
    group.add_typer(users, name="users")


def add(
    where: Path = WHERE,
    name: str = _NAME,
    role: str = _ROLE,
    adjudicator: bool | None = _SETTLES,
    workspace: Path | None = WORKSPACE,
    database: str | None = DATABASE,
) -> None:
    """Add a user; asks for the password, or reads it from the first line of standard input."""
    from biolabel.curation.store import add_user

    with opened_database(where, workspace, database, new=True) as opened:
        made = add_user(
            opened, name, _password(), _as_role(role), by=getuser(), adjudicator=bool(adjudicator)
        )
    screen().print(f"{made.name} may log in as {made.role}")


def list_all(
    where: Path = WHERE,
    workspace: Path | None = WORKSPACE,
    database: str | None = DATABASE,
    as_json: bool = JSON,
) -> None:
    """List the users and what they may do."""
    from biolabel.cli.curating import plain_values, users_table
    from biolabel.curation.store import list_users

    with opened_database(where, workspace, database) as opened:
        found = list_users(opened)
    if as_json:
        show_json(plain_values(found))
    else:
        screen().print(users_table(found))


def role(
    where: Path = WHERE,
    name: str = _NAME,
    role: str = _NEW_ROLE,
    adjudicator: bool | None = _SETTLES,
    workspace: Path | None = WORKSPACE,
    database: str | None = DATABASE,
) -> None:
    """Give a user another role."""
    from biolabel.curation.store import change_user

    with opened_database(where, workspace, database) as opened:
        done = change_user(opened, name, by=getuser(), role=_as_role(role), adjudicator=adjudicator)
    screen().print(f"{done.name} is now {done.role}")


def disable(
    where: Path = WHERE,
    name: str = _NAME,
    workspace: Path | None = WORKSPACE,
    database: str | None = DATABASE,
) -> None:
    """Let a user not log in anymore; the name stays with what they decided."""
    _change_disabled(where, name, workspace, database, disabled=True)
    screen().print(f"{name} is disabled")


def enable(
    where: Path = WHERE,
    name: str = _NAME,
    workspace: Path | None = WORKSPACE,
    database: str | None = DATABASE,
) -> None:
    """Let a user who was disabled log in again."""
    _change_disabled(where, name, workspace, database, disabled=False)
    screen().print(f"{name} may log in again")


def password(
    where: Path = WHERE,
    name: str = _NAME,
    workspace: Path | None = WORKSPACE,
    database: str | None = DATABASE,
) -> None:
    """Give a user another password; asks for it, or reads the first line of standard input."""
    from biolabel.curation.store import change_user

    with opened_database(where, workspace, database) as opened:
        change_user(opened, name, by=getuser(), password=_password())
    screen().print(f"{name} has another password")


def _change_disabled(
    where: Path, name: str, workspace: Path | None, database: str | None, *, disabled: bool
) -> None:
    from biolabel.curation.store import change_user

    with opened_database(where, workspace, database) as opened:
        change_user(opened, name, by=getuser(), disabled=disabled)


def _as_role(role: str) -> "Role":
    return role  # type: ignore[return-value]  # the store refuses what is none, with the nearest


def _password() -> str:
    """Return what was typed twice without being shown, or a line of what is piped in."""
    if sys.stdin.isatty():
        typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")
