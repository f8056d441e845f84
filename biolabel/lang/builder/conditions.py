"""Conditions, regions and values: Lark trees to syntax tree."""

from typing import Any, Literal, cast

from lark import Token, v_args
from lark.tree import Meta

from biolabel.lang import tree
from biolabel.lang.builder.patterns import PatternBuilder

_UNITS: dict[str, tree.Unit] = {
    "word": "words",
    "character": "characters",
    "sentence": "sentences",
    "edge": "edges",
}
_BOUNDS: dict[str, tree.Bound] = {"LEAST": "at least", "MOST": "at most", "EXACTLY": "exactly"}


def _has(children: list[Any], kind: str) -> bool:
    return any(isinstance(child, Token) and child.type == kind for child in children)


def _one(children: list[Any], kind: type) -> Any:
    return next((child for child in children if isinstance(child, kind)), None)


@v_args(meta=True)
class ConditionBuilder(PatternBuilder):
    """One method for each production of the grammar's condition part."""

    def unit(self, token: Token) -> tree.Unit:
        """Return a unit, in the plural."""
        return _UNITS[token.rstrip("s")]

    def _names(self, children: list[Any]) -> list[tree.Name]:
        return [self.name(c) for c in children if isinstance(c, Token) and c.type == "NAME"]

    def or_(self, meta: Meta, children: list[Any]) -> tree.Or:
        """Return a disjunction, flat."""
        first = children[0]
        parts = first.parts if isinstance(first, tree.Or) else (first,)
        return tree.Or((*parts, children[1]), span=self.at(meta))

    def and_(self, meta: Meta, children: list[Any]) -> tree.And:
        """Return a conjunction, flat."""
        first = children[0]
        parts = first.parts if isinstance(first, tree.And) else (first,)
        return tree.And((*parts, children[1]), span=self.at(meta))

    def not_(self, meta: Meta, children: list[Any]) -> tree.Not:
        """Return a negation."""
        return tree.Not(children[0], span=self.at(meta))

    def k_of(self, meta: Meta, children: list[Any]) -> tree.KOf:
        """Return `at least 2 of (...)`."""
        bound, number = children[0]
        return tree.KOf(bound, number, tuple(children[1:]), span=self.at(meta))

    def none_of(self, meta: Meta, children: list[Any]) -> tree.KOf:
        """Return `none of (...)`."""
        return tree.KOf("at most", 0, tuple(children), span=self.at(meta))

    def how_many(self, _meta: Meta, children: list[Token]) -> tuple[tree.Bound, int]:
        """Return a bound and its number."""
        return _BOUNDS[children[0].type], self.whole(children[1])

    def count(self, meta: Meta, children: list[Any]) -> tree.Count:
        """Return how many matches there must be."""
        bound, number = children[0]
        return tree.Count(bound, number, _has(children, "DIFFERENT"), span=self.at(meta))

    def both(self, _meta: Meta, _children: list[Any]) -> Literal["both ways"]:
        """Return the mark of `both ways`."""
        return "both ways"

    def has(self, meta: Meta, children: list[Any], *, negated: bool = False) -> tree.Has:
        """Return `REGION has PATTERN`."""
        region, *rest = children
        both = rest[-1] == "both ways" and rest.pop() is not None
        count = rest[0] if isinstance(rest[0], tree.Count) else None
        return tree.Has(region, rest[-1], count, negated, both, span=self.at(meta))

    def has_no(self, meta: Meta, children: list[Any]) -> tree.Has:
        """Return `REGION has no PATTERN`."""
        return self.has(meta, children, negated=True)

    def borders(self, meta: Meta, children: list[Any]) -> tree.Borders:
        """Return `REGION starts with PATTERN` or `ends with`."""
        region, side, pattern = children
        return tree.Borders(region, side.value, pattern, span=self.at(meta))

    def adjacent(self, meta: Meta, _children: list[Any]) -> tree.Adjacent:
        """Return `adjacent`."""
        return tree.Adjacent(span=self.at(meta))

    def is_(self, meta: Meta, children: list[Token]) -> tree.Is:
        """Return `ARGUMENT is [not] WHAT`."""
        argument, what = self._names(children)
        return tree.Is(argument, what, _has(children, "NOT"), span=self.at(meta))

    def under(self, _meta: Meta, children: list[Token]) -> tuple[str, ...]:
        """Return the ids after `under`."""
        return tuple(token[1:-1] for token in children)

    def member(self, meta: Meta, children: list[Any]) -> tree.Member:
        """Return `ARGUMENT [not] in ONTOLOGY [under ...]`."""
        argument, ontology = self._names(children)
        under = _one(children, tuple) or ()
        return tree.Member(argument, ontology, under, _has(children, "NOT"), span=self.at(meta))

    def order(self, meta: Meta, children: list[Token]) -> tree.Order:
        """Return `a before b` or `a after b`."""
        first, second = self._names(children)
        relation = cast(Literal["before", "after"], children[1].value)
        return tree.Order(first, relation, second, span=self.at(meta))

    def same(self, meta: Meta, children: list[Token]) -> tree.Same:
        """Return `same WHAT`."""
        return tree.Same(self.name(children[0]), span=self.at(meta))

    def closer(self, meta: Meta, children: list[Token]) -> tree.Closer:
        """Return `another TYPE closer to ARGUMENT [by FACTOR]`."""
        factor = self.number(children[2]) if len(children) > 2 else 1.0
        type_, argument = self._names(children)
        return tree.Closer(type_, argument, factor, span=self.at(meta))

    def pair(self, _meta: Meta, children: list[Token]) -> tuple[tree.Name, ...]:
        """Return the two arguments, or none for the task's own."""
        return self.names(children)

    def evidence(self, meta: Meta, children: list[Any]) -> tree.Evidence:
        """Return `with evidence >= N`."""
        return tree.Evidence(children[0], self.number(children[1]), span=self.at(meta))

    def in_kb(self, meta: Meta, children: list[Any]) -> tree.InKb:
        """Return `pair [not] in KB ...`; linking splits the subset off the name."""
        return tree.InKb(
            self._names(children)[0],
            arguments=children[0] or None,
            both_ways="both ways" in children,
            evidence=_one(children, tree.Evidence),
            negated=_has(children, "NOT"),
            span=self.at(meta),
        )

    def compare(self, meta: Meta, children: list[Any]) -> tree.Compare:
        """Return a comparison of two values."""
        return tree.Compare(children[0], children[1], children[2], span=self.at(meta))

    def op(self, _meta: Meta, children: list[Token]) -> tree.Operator:
        """Return a comparison operator."""
        return cast(tree.Operator, str(children[0]))

    def quantity(self, meta: Meta, children: list[Token]) -> tree.Quantity:
        """Return a number with or without a unit."""
        unit = self.unit(children[1]) if len(children) > 1 else None
        return tree.Quantity(self.number(children[0]), unit, span=self.at(meta))

    def distance(self, meta: Meta, children: list[Token]) -> tree.Distance:
        """Return the distance of two arguments, or of the task's own."""
        names = self.names(children)
        return tree.Distance((names[0], names[1]) if names else None, span=self.at(meta))

    def measure(self, meta: Meta, children: list[Any]) -> tree.Measure:
        """Return `sentences_apart`, `path_length` or `shared_sentences`."""
        return tree.Measure(children[0].value, span=self.at(meta))

    def count_of(self, meta: Meta, children: list[Any]) -> tree.CountOf:
        """Return `count(PATTERN) [in REGION]`."""
        region = children[1] if len(children) > 1 else None
        return tree.CountOf(children[0], region, span=self.at(meta))

    def meta_value(self, meta: Meta, children: list[Token]) -> tree.MetaValue:
        """Return `meta FIELD`."""
        return tree.MetaValue(self.name(children[0]), span=self.at(meta))

    def section_is(self, meta: Meta, children: list[Any]) -> tree.SectionIs:
        """Return `section is [not] A | B`."""
        negated = _has(children, "NOT")
        return tree.SectionIs(tuple(self._names(children)), negated, span=self.at(meta))

    def path_like(self, meta: Meta, children: list[Any]) -> tree.PathLike:
        """Return `path like ...`."""
        return tree.PathLike(tuple(children), span=self.at(meta))

    def score(self, meta: Meta, children: list[Any]) -> tree.Score:
        """Return `with score >= x`."""
        return tree.Score(children[0], self.number(children[1]), span=self.at(meta))

    def model_says(self, meta: Meta, children: list[Any]) -> tree.ModelSays:
        """Return `model M says LABEL [with score ...]`."""
        model, label = self._names(children)
        return tree.ModelSays(model, label, _one(children, tree.Score), span=self.at(meta))

    def fires(self, meta: Meta, children: list[Token]) -> tree.Fires:
        """Return `RULE fires`."""
        return tree.Fires(self.name(children[0]), span=self.at(meta))

    def rule_votes(self, meta: Meta, children: list[Token]) -> tree.RuleVotes:
        """Return `RULE votes LABEL`."""
        rule, label = self._names(children)
        return tree.RuleVotes(rule, label, span=self.at(meta))

    def any_voted(self, meta: Meta, children: list[Token]) -> tree.Voted:
        """Return `any TASK voted LABEL`."""
        task, label = self._names(children)
        return tree.Voted(task, label, span=self.at(meta))

    def k_voted(self, meta: Meta, children: list[Any]) -> tree.Voted:
        """Return `at least 2 TASK voted LABEL`."""
        bound, number = children[0]
        task, label = self._names(children)
        return tree.Voted(task, label, bound, number, span=self.at(meta))

    def python(self, meta: Meta, children: list[Token]) -> tree.Python:
        """Return `python "module:function"`."""
        return tree.Python(children[0][1:-1], span=self.at(meta))

    def cond_ref(self, meta: Meta, children: list[Token]) -> tree.CondRef:
        """Return a named condition."""
        return tree.CondRef(self.name(children[0]), span=self.at(meta))

    def window(self, meta: Meta, children: list[Token]) -> tree.Window:
        """Return `within N words`."""
        return tree.Window(self.whole(children[0]), self.unit(children[1]), span=self.at(meta))

    def region_alone(self, meta: Meta, children: list[Any]) -> tree.Region:
        """Return a region that needs no name: the sentence, the words between the arguments, ..."""
        return tree.Region(children[0].value, span=self.at(meta))

    def region_near(self, meta: Meta, children: list[Any]) -> tree.Region:
        """Return the words before, after or around an argument."""
        window = _one(children, tree.Window)
        return tree.Region(children[0].value, self.name(children[1]), window, span=self.at(meta))

    def region_named(self, meta: Meta, children: list[Any]) -> tree.Region:
        """Return a section or a metadata field."""
        return tree.Region(children[0].value, self.name(children[1]), span=self.at(meta))

    def region_argument(self, meta: Meta, children: list[Any]) -> tree.Region:
        """Return an argument itself."""
        return tree.Region("argument", self.name(children[0]), span=self.at(meta))
