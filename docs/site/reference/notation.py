"""The rules of a Lark grammar as a reader wants them: words as typed, NAMES for what one fills in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|->|[|()?*+]|/(?:[^/\\\n]|\\.)+/\w*|[A-Za-z_]\w*')
_RULE = re.compile(r"^\??(\w+)(?:\.\d+)?:(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_SHOWN = {
    "NAME": "NAME", "STRING": '"TEXT"', "NUMBER": "N", "UNIT": "UNIT", "REGEX": "/REGEX/",
    "ARG": "{ARGUMENT}", "GAP": "..[N[-N]]", "REPEAT": "(? | * | + | {1,3})", "EDGE": "<EDGE",
    "BARE": "WORD",
    "pattern": "PATTERN", "cond": "CONDITION", "and_cond": "CONDITION", "not_cond": "CONDITION",
    "seq": "PATTERN", "item": "PATTERN", "unit": "PATTERN", "region": "REGION", "vote": "VOTE",
    "value": "VALUE", "tok": "TEST", "tand": "TEST", "tnot": "TEST", "tatom": "TEST",
    "tval": "VALUE", "op": "OP", "dpart": "STEP", "cexpr": "CLAIM",
    "cand": "CLAIM", "cterm": "CLAIM",
}  # fmt: skip
"""What stands for terminals that are not words, and for rules that have a section of their own."""


@dataclass(frozen=True)
class Group:
    """Alternatives, and whether they may be missing (`?`) or come again (`*`, `+`)."""

    options: tuple["Option", ...]
    repeat: str = ""


@dataclass(frozen=True)
class Option:
    """One alternative: words, names of rules and terminals, and groups; and what its node is called."""

    items: tuple["str | Group", ...]
    alias: str = ""


class Grammar:
    """The rules of a grammar by name."""

    def __init__(self, text: str) -> None:
        """Read the rules of a grammar in Lark's notation."""
        bare = re.sub(r"^//.*\n|[ \t]//.*$", "", text, flags=re.MULTILINE)
        self._bodies = {name: body.strip() for name, body in _RULE.findall(bare)}
        self._names = {
            name: body.split("[ \\t]")[0].strip("/")
            for name, body in self._bodies.items()
            if name.startswith("F_")
        }

    @cached_property
    def rules(self) -> Mapping[str, tuple[Option, ...]]:
        """Return the alternatives of every rule."""
        rules = {name: body for name, body in self._bodies.items() if not name.isupper()}
        return {name: _options(_TOKEN.findall(body)) for name, body in rules.items()}

    def fields(self, rule: str) -> Iterator[tuple[str, str]]:
        """Yield the terminal and the value of each field that a rule allows, as shown to readers."""
        for option in self.rules[rule]:
            first, *rest = option.items
            if isinstance(first, str) and not first.isupper():
                yield from self.fields(first)
                continue
            heads = (
                [str(each.items[0]) for each in first.options]
                if isinstance(first, Group)
                else [first]
            )
            yield from ((head, self.shown(Option(tuple(rest)))) for head in heads)

    def field_name(self, terminal: str) -> str:
        """Return the word of a field's terminal: `votes` of F_VOTES."""
        return self._names[terminal]

    def first_line(self, declaration: str) -> str:
        """Return how a declaration starts, without its fields."""
        ((*items, _),) = (option.items for option in self.rules[f"{declaration}_decl"])
        whole = self.rules[f"{declaration}_decl"][0].items
        fields = isinstance(whole[-1], Group) and whole[-1].repeat == "*"
        return self.shown(Option(tuple(items) if fields else whole))

    def shown(self, option: Option) -> str:
        """Return an alternative as one types it."""
        parts = [
            _more(option.items[:at], item) or self._item(item)
            for at, item in enumerate(option.items)
        ]
        text = re.sub(r" ([,:)\]])", r"\1", " ".join(part for part in parts if part))
        return re.sub(
            r"([(\[!]) ", r"\1", re.sub(r"\b(count|keep|use NAME|relation NAME) \(", r"\1(", text)
        )

    def _item(self, item: str | Group) -> str:
        if isinstance(item, Group):
            inside = " | ".join(self.shown(option) for option in item.options)
            many = " ..." if item.repeat in ("*", "+") else ""
            if item.repeat in ("?", "*"):
                return f"[{inside}{many}]"
            return f"({inside}){many}" if len(item.options) > 1 else f"{inside}{many}"
        if item.startswith('"'):
            return item[1:-1]
        if item in _SHOWN:
            return _SHOWN[item]
        if item.startswith("D_"):
            return item[2:].lower()
        if item.startswith("F_"):
            return f"{self._names[item]}:"
        if item.isupper():
            return self._bodies[item].strip('"')
        return self._item(Group(self.rules[item]))


def _more(before: tuple["str | Group", ...], item: "str | Group") -> str:
    """Return `, ...` for a group that is a comma and once more what stands before it, empty else."""
    if isinstance(item, str) or len(item.options) != 1 or item.repeat not in ("*", "+"):
        return ""
    sign, *again = item.options[0].items
    if sign not in ('","', '"|"', '"and"') or tuple(again) != before[len(before) - len(again) :]:
        return ""
    return f"{str(sign)[1:-1]} ..."


def _options(tokens: list[str]) -> tuple[Option, ...]:
    """Return the alternatives up to the closing bracket, which goes too, or the end."""
    found: list[Option] = []
    items: list[str | Group] = []
    alias = ""
    while tokens:
        token = tokens.pop(0)
        if token == ")":
            break
        if token == "|":
            found.append(Option(tuple(items), alias))
            items, alias = [], ""
        elif token == "->":
            alias = tokens.pop(0)
        elif token in ("?", "*", "+"):
            last = items.pop()
            options = last.options if isinstance(last, Group) else (Option((last,)),)
            items.append(Group(options, token))
        else:
            items.append(Group(_options(tokens)) if token == "(" else token)
    return (*found, Option(tuple(items), alias))
