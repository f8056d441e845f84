"""What a code means, in words and with an example of the mistake and of its right form."""

import textwrap
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from biolabel.errors import RunError
from biolabel.errors.codes import CATALOGUE
from biolabel.lang.nearest import did_you_mean
from biolabel.resources import root

PREAMBLE = """biolabel 1

entity mentions
  labels: Chemical, Disease

relation cid(chemical: Chemical, disease: Disease)
  labels: causes

document topic
  labels: adverse, other

"""
"""What the examples stand below, unless they are whole files."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A mistake and its right form; `whole` files start with their first line, others are parts."""

    wrong: str
    right: str
    whole: bool = False


@cache
def mistakes() -> Mapping[str, Shown]:
    """Return the examples by code, from grammar/mistakes.toml.

    Raises:
        RunError: BL901 when the grammar is not installed.
    """
    text = (root("grammar") / "mistakes.toml").read_text(encoding="utf-8")
    return {code: Shown(**entry) for code, entry in tomllib.loads(text).items()}


def explained(code: str) -> str:
    """Return a code's paragraph and example as text.

    Raises:
        RunError: BL913 for an unknown code.
    """
    name = code.strip().upper()
    if name not in CATALOGUE:
        hint = did_you_mean(name, CATALOGUE, "`biolabel explain` lists all codes")
        raise RunError("BL913", f"there is no code `{code}`", hint=hint)
    parts = [f"{name}: {CATALOGUE[name]}"]
    shown = mistakes().get(name)
    if shown is not None:
        parts += ["wrong:", textwrap.indent(shown.wrong.rstrip(), "    ")]
        parts += ["right:", textwrap.indent(shown.right.rstrip(), "    ")]
    return "\n\n".join(parts)
