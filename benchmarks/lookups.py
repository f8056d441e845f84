"""What the Python functions of `functions.py` look up."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, fields
from typing import Any

Pairs = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Tables:
    """What the functions look up: pairs with the number of papers, and sets of concepts.

    measured: substances that are measured rather than given; treated: what drugs are given for.
    """

    ctd: Pairs
    side_effects: Pairs
    indications: Pairs
    measured: Set[str]
    treated: Set[str]


def tables_of(raw: Mapping[str, Any]) -> Tables:
    """Return tables that came as JSON: rows of pairs with a number, lists of concepts."""
    pairs = {
        name: {(chemical, disease): number for chemical, disease, number in raw[name]}
        for name in ("ctd", "side_effects", "indications")
    }
    return Tables(**pairs, measured=set(raw["measured"]), treated=set(raw["treated"]))


def resources_of(function: Callable[..., int], tables: Tables) -> dict[str, Any]:
    """Return the tables that a function asks for by the names of its parameters."""
    asked = function.__code__.co_varnames[1 : function.__code__.co_argcount]
    return {
        field.name: getattr(tables, field.name) for field in fields(tables) if field.name in asked
    }
