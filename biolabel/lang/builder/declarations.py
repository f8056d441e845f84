"""Tasks, constraints and rules: Lark trees to syntax tree."""

from dataclasses import dataclass
from typing import Any, cast

from lark import Token, v_args
from lark.tree import Meta

from biolabel.errors import Span
from biolabel.lang import tree
from biolabel.lang.builder.resources import ResourceBuilder
from biolabel.lang.nearest import nearest

PICKS: tuple[tree.Pick, ...] = ("one", "many")


@dataclass(frozen=True, slots=True)
class Header:
    """The line `biolabel 1`."""

    version: str
    span: Span


@v_args(meta=True)
class DeclarationBuilder(ResourceBuilder):
    """One method for each production of tasks and rules; the whole builder."""

    def start(self, _meta: Meta, children: list[Any]) -> list[Header | tree.Declaration]:
        """Return what stands in the piece."""
        return children

    def header(self, meta: Meta, children: list[Token]) -> Header:
        """Return the language version as written."""
        return Header(str(children[1]), self.at(meta))

    def entity_decl(self, meta: Meta, children: list[Any]) -> tree.EntityDecl:
        """Return an entity task."""
        fields, common = self.common(meta, children)
        return tree.EntityDecl(
            labels=fields.names("labels"),
            unit=fields.word("unit", ("word", "span")),
            pick=fields.word("pick", PICKS),
            **common,
        )

    def arg(self, meta: Meta, children: list[Token]) -> tree.Argument:
        """Return an argument of a relation."""
        name, *types = self.names(children)
        return tree.Argument(name, tuple(types), span=self.at(meta))

    def scope(self, meta: Meta, children: list[Token]) -> tree.Scope:
        """Return how far apart arguments may stand."""
        first, *unit = children
        if unit:
            return tree.Scope("window", self.whole(first), self.unit(unit[0]), span=self.at(meta))
        return tree.Scope(cast(Any, first.value), span=self.at(meta))

    def relation_decl(self, meta: Meta, children: list[Any]) -> tree.RelationDecl:
        """Return a relation task."""
        fields, common = self.common(meta, children)
        return tree.RelationDecl(
            arguments=tuple(c for c in children if isinstance(c, tree.Argument)),
            labels=fields.names("labels"),
            scope=fields.only("scope", tree.Scope("sentence")),
            mentions=fields.name("mentions"),
            level=fields.word("level", ("mention", "concept")),
            order=fields.word("order", ("free", "text")),
            pick=fields.word("pick", PICKS),
            when=fields.only("when", None),
            **common,
        )

    def document_decl(self, meta: Meta, children: list[Any]) -> tree.DocumentDecl:
        """Return a document task."""
        fields, common = self.common(meta, children)
        return tree.DocumentDecl(
            labels=fields.names("labels"),
            pick=fields.word("pick", PICKS),
            unit=fields.word("unit", ("document", "sentence")),
            **common,
        )

    def c_or(self, meta: Meta, children: list[Any]) -> tree.ConstraintOr:
        """Return a disjunction of terms, flat."""
        first = children[0]
        parts = first.parts if isinstance(first, tree.ConstraintOr) else (first,)
        return tree.ConstraintOr((*parts, children[1]), span=self.at(meta))

    def c_and(self, meta: Meta, children: list[Any]) -> tree.ConstraintAnd:
        """Return a conjunction of terms, flat."""
        first = children[0]
        parts = first.parts if isinstance(first, tree.ConstraintAnd) else (first,)
        return tree.ConstraintAnd((*parts, children[1]), span=self.at(meta))

    def cquant(self, _meta: Meta, children: list[Token]) -> str:
        """Return `any` or `every`."""
        return str(children[0])

    def cargs(self, _meta: Meta, children: list[Token]) -> tuple[tree.Name, ...]:
        """Return the variables of a term."""
        return self.names(children)

    def cterm(self, meta: Meta, children: list[Any]) -> tree.ConstraintTerm:
        """Return `[any] TASK[(x, y)] is [not] LABEL`."""
        names = [c for c in children if isinstance(c, Token) and c.type == "NAME"]
        words = [c for c in children if not isinstance(c, Token | tuple)]
        arguments = next((c for c in children if isinstance(c, tuple)), ())
        return tree.ConstraintTerm(
            self.name(names[0]),
            self.name(names[1]),
            words[0] if words else None,
            arguments,
            any(isinstance(c, Token) and c.type == "NOT" for c in children),
            span=self.at(meta),
        )

    def _strength(self, token: Token) -> float:
        if token.type == "NUMBER":
            return self.fraction(token)
        if token != "always":
            message = f"`strength:` takes `always` or a number between 0 and 1, not `{token}`"
            fix = nearest(token, ("always",))
            self.error("BL012", message, self.at(token), "0.9 holds nine times out of ten", fix)
        return 1.0

    def constraint_decl(self, meta: Meta, children: list[Any]) -> tree.ConstraintDecl:
        """Return a constraint."""
        fields, common = self.common(meta, children)
        return tree.ConstraintDecl(
            condition=fields.only("if", None),
            consequence=fields.only("then", None),
            never=fields.only("never", None),
            strength=fields.only("strength", 1.0, self._strength),
            **common,
        )

    def defaults_decl(self, meta: Meta, children: list[Any]) -> tree.DefaultsDecl:
        """Return the defaults of a file's rules."""
        fields, common = self.common(meta, children)
        return tree.DefaultsDecl(
            task=common["name"],
            precision=fields.only("precision", None, self.fraction),
            group=fields.names("group"),
            meta=common["meta"],
            span=common["span"],
        )

    def vote_label(self, meta: Meta, children: list[Token]) -> tree.Vote:
        """Return a vote for one label."""
        return tree.Vote("label", self.names(children), span=self.at(meta))

    def vote_not(self, meta: Meta, children: list[Token]) -> tree.Vote:
        """Return a vote against one label."""
        return tree.Vote("not", self.names(children), span=self.at(meta))

    def vote_one_of(self, meta: Meta, children: list[Token]) -> tree.Vote:
        """Return a vote for several labels."""
        return tree.Vote("one of", self.names(children), span=self.at(meta))

    def vote_found(self, meta: Meta, _children: list[Token]) -> tree.Vote:
        """Return a vote for the type that was found."""
        return tree.Vote("found type", span=self.at(meta))

    def vote_model(self, meta: Meta, children: list[Token]) -> tree.Vote:
        """Return a model's vote."""
        return tree.Vote("from model", self.names(children), span=self.at(meta))

    def case(self, meta: Meta, children: list[Any]) -> tree.Case:
        """Return one case of a rule."""
        return tree.Case(children[0], children[1], span=self.at(meta))

    def find_pattern(self, meta: Meta, children: list[Any]) -> tree.FindPattern:
        """Return where spans come from."""
        via = tuple(child for child in children if isinstance(child, tree.Via))
        region = next((child for child in children if isinstance(child, tree.Region)), None)
        return tree.FindPattern(children[0], via, region, span=self.at(meta))

    def find_model(self, meta: Meta, children: list[Any]) -> tree.FindModel:
        """Return the model that finds spans."""
        score = children[1] if len(children) > 1 else None
        return tree.FindModel(self.name(children[0]), score, span=self.at(meta))

    def rule_decl(self, meta: Meta, children: list[Any]) -> tree.RuleDecl:
        """Return a rule."""
        fields, common = self.common(meta, children)
        return tree.RuleDecl(
            task=self.name(children[2]),
            votes=fields.only("votes", None),
            otherwise=fields.only("else", None),
            cases=fields.all("case"),
            find=fields.only("find", None),
            when=fields.only("when", None),
            unless=fields.all("unless"),
            precision=fields.only("precision", None, self.fraction),
            group=fields.names("group"),
            tests=self.tests_of(fields),
            **common,
        )
