"""Changes to the parts of a file instead of its bytes: values of JSON, cells and words of a text.

Bytes that change by chance mostly make a file that is no JSON any more, which its reader sees at once; these
changes reach what it does with the values.
"""

import json
import random
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

_VALUES: tuple[object, ...] = (
    *(None, True, 0, -1, 1, 2**31, 2**63, 10**400, 0.5, -0.0, float("nan"), float("inf")),
    *("", "0", "a", "a/../b", "\ud800", "\0", "é", "e\u0301", "x" * 300),
    *([], [[]], [None], ["a", "a"], {}, {"a": 1}, {"": []}),
)
_WORDS = (
    *("", "0", "-1", "1", "99999999999999999999", "0.5", "nan", "1e999", "a", "\0", "é", "\ufeff"),
    *(
        "../x",
        "|",
        ",",
        '"',
        "'",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        "&",
        "\t",
        "\n",
        "\r",
        " ",
        "[[a]]",
    ),
)
_PARTS = re.compile(r"([\t\n|,;:=<>\[\]{}\"' ]+)")


def changed(data: bytes, choices: random.Random) -> bytes:
    """Return a file with one to three of its parts replaced, left out, doubled or moved."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return _changed_text(text, choices).encode("utf-8")
    whole = [value]
    for _ in range(choices.randint(1, 3)):
        _change(whole, choices)
    return json.dumps(whole[0] if whole else None).encode("utf-8")


def _change(whole: list[Any], choices: random.Random) -> None:
    """Change one of the values inside of `whole`."""
    places = list(_places(whole))
    if not places:
        return
    holder, key = choices.choice(places)
    kind = choices.randrange(4)
    if kind == 0:
        del holder[key]
    elif kind == 1:
        other, at = choices.choice(places)
        holder[key] = deepcopy(other[at])
    elif kind == 2 and isinstance(holder, list):
        holder.insert(key, deepcopy(holder[key]))
    elif kind == 2:
        holder[choices.choice(["a", "", "0", "1", "text"])] = holder.pop(key)
    else:
        holder[key] = deepcopy(choices.choice(_VALUES))


def _places(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Yield where each value stands: in what, and at which key or number."""
    for key in holder if isinstance(holder, dict) else range(len(holder)):
        yield holder, key
        if isinstance(holder[key], dict | list):
            yield from _places(holder[key])


def _changed_text(text: str, choices: random.Random) -> str:
    parts = _PARTS.split(text)
    for _ in range(choices.randint(1, 3)):
        at = choices.randrange(len(parts))
        kind = choices.randrange(4)
        if kind == 0:
            parts[at] = ""
        elif kind == 1:
            parts[at] = choices.choice(parts)
        elif kind == 2:
            end = min(at + choices.randrange(1, 20), len(parts))
            parts[at:at] = parts[at:end]
        else:
            parts[at] = choices.choice(_WORDS)
    return "".join(parts)
