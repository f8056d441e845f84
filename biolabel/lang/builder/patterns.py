"""Patterns and word tests: Lark trees to syntax tree."""

import re
from typing import Any

from lark import Token, v_args
from lark.tree import Meta

from biolabel.lang import tree
from biolabel.lang.builder.sink import Sink, text_of

MAX_REPEAT = 8
_REPEAT_SIGNS: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}


@v_args(meta=True)
class PatternBuilder(Sink):
    """One method for each production of the grammar's pattern part."""

    def pattern(self, meta: Meta, children: list[Any]) -> tree.Pattern:
        """Return alternatives, or the only one."""
        only: tree.Pattern = children[0]
        return only if len(children) == 1 else tree.Alt(tuple(children), span=self.at(meta))

    def seq(self, meta: Meta, children: list[Any]) -> tree.Pattern:
        """Return a sequence, or its only item."""
        only: tree.Pattern = children[0]
        return only if len(children) == 1 else tree.Seq(tuple(children), span=self.at(meta))

    def item(self, meta: Meta, children: list[Any]) -> tree.Pattern:
        """Return a unit, repeated if it says so."""
        unit: tree.Pattern = children[0]
        if len(children) == 1:
            return unit
        low, high = self.repeat(children[1])
        return tree.Repeat(unit, low, high, span=self.at(meta))

    def repeat(self, token: Token) -> tuple[int, int | None]:
        """Return the bounds of `?`, `*`, `+`, `{2}`, `{2,}` or `{1,3}`."""
        if token in _REPEAT_SIGNS:
            return _REPEAT_SIGNS[token]
        first, comma, second = token[1:-1].partition(",")
        low = int(first)
        high = int(second) if second else (None if comma else low)
        if (high is not None and high < low) or max(low, high or 0) > MAX_REPEAT or high == 0:
            hint = f"a repeat goes from a smaller to a larger number, at most {MAX_REPEAT}"
            self.error("BL307", f"`{token}` is no possible repeat", self.at(token), hint)
            return 1, 1
        return low, high

    def phrase(self, meta: Meta, children: list[Token]) -> tree.Phrase:
        """Return a text in any case."""
        return tree.Phrase(text_of(children[0]), span=self.at(meta))

    def exact(self, meta: Meta, children: list[Token]) -> tree.Exact:
        """Return a text whose case counts."""
        return tree.Exact(text_of(children[0]), span=self.at(meta))

    def regex(self, meta: Meta, children: list[Token]) -> tree.Regex:
        r"""Return a regular expression; `\/` in it is a slash."""
        body, _, flags = children[0][1:].rpartition("/")
        return tree.Regex(body.replace(r"\/", "/"), flags, span=self.at(meta))

    def arg_ref(self, meta: Meta, children: list[Token]) -> tree.Arg:
        """Return an argument."""
        return tree.Arg(children[0][1:-1], span=self.at(meta))

    def gap(self, meta: Meta, children: list[Token]) -> tree.Gap:
        """Return a gap: `..`, `..5` or `..2-5`."""
        span = self.at(meta)
        if children[0] == "..":
            return tree.Gap(span=span)
        low, dash, high = children[0][2:].partition("-")
        if not dash:
            return tree.Gap(0, int(low), span=span)
        if int(high) < int(low):
            right = f"..{high}-{low}"
            message = f"`{children[0]}` is no possible gap"
            self.error("BL307", message, span, f"write {right}", right)
            return tree.Gap(span=span)
        return tree.Gap(int(low), int(high), span=span)

    def ref(self, meta: Meta, children: list[Token]) -> tree.Ref:
        """Return a named pattern, list, ontology or type."""
        return tree.Ref(self.name(children[0]), span=self.at(meta))

    def macro(self, meta: Meta, children: list[Any]) -> tree.Macro:
        """Return a pattern with its parameters."""
        return tree.Macro(self.name(children[0]), tuple(children[1:]), span=self.at(meta))

    def keep(self, meta: Meta, children: list[Any]) -> tree.Keep:
        """Return the kept part."""
        return tree.Keep(children[0], span=self.at(meta))

    def group(self, _meta: Meta, children: list[Any]) -> tree.Pattern:
        """Return what the brackets hold."""
        inner: tree.Pattern = children[0]
        return inner

    def token(self, meta: Meta, children: list[Any]) -> tree.Token:
        """Return a test of one word; `[]` is any word."""
        test = children[0] if children else None
        return tree.Token(test, span=self.at(meta))

    def t_or(self, meta: Meta, children: list[Any]) -> tree.TokenAny:
        """Return a test of which one part must pass."""
        first = children[0]
        parts = first.tests if isinstance(first, tree.TokenAny) else (first,)
        return tree.TokenAny((*parts, children[1]), span=self.at(meta))

    def t_and(self, meta: Meta, children: list[Any]) -> tree.TokenAll:
        """Return a test of which every part must pass."""
        first = children[0]
        parts = first.tests if isinstance(first, tree.TokenAll) else (first,)
        return tree.TokenAll((*parts, children[1]), span=self.at(meta))

    def t_not(self, meta: Meta, children: list[Any]) -> tree.TokenNot:
        """Return a test that must fail."""
        return tree.TokenNot(children[0], span=self.at(meta))

    def t_eq(self, meta: Meta, children: list[Any]) -> tree.TokenIs:
        """Return a test of an attribute's value."""
        value = children[2]
        values = value if isinstance(value, tuple) else (self.value(value),)
        return tree.TokenIs(str(children[0]), values, span=self.at(meta))

    def t_any(self, _meta: Meta, children: list[Any]) -> tuple[str | tree.Regex, ...]:
        """Return the values in brackets; brackets within brackets change nothing."""
        values: list[str | tree.Regex] = []
        for child in children:
            values.extend(child if isinstance(child, tuple) else (self.value(child),))
        return tuple(values)

    def value(self, token: Token) -> str | tree.Regex:
        """Return one value of a word test."""
        if token.type == "REGEX":
            body, _, flags = token[1:].rpartition("/")
            return tree.Regex(body.replace(r"\/", "/"), flags, span=self.at(token))
        return text_of(token) if token.type == "STRING" else str(token)

    def t_in(self, meta: Meta, children: list[Token]) -> tree.TokenIn:
        """Return a test whether an attribute is an entry of a list or ontology."""
        return tree.TokenIn(str(children[0]), self.name(children[1]), span=self.at(meta))

    def t_flag(self, meta: Meta, children: list[Token]) -> tree.TokenFlag:
        """Return a test of a property."""
        return tree.TokenFlag(str(children[0]), span=self.at(meta))

    def edge(self, meta: Meta, children: list[Token]) -> tree.Edge:
        """Return one step of a dependency path."""
        text = re.sub(r"\s", "", children[0])
        low, high = self.repeat(children[1]) if len(children) > 1 else (1, 1)
        return tree.Edge(text, low, high, span=self.at(meta))
