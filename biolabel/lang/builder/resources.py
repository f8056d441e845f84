"""Files, lists, knowledge, patterns, contexts and models: Lark trees to syntax tree."""

from itertools import pairwise
from typing import Any, cast

from lark import Token, v_args
from lark.tree import Meta

from biolabel.errors import Diagnostic, Edit, Span
from biolabel.lang import tree
from biolabel.lang.builder.conditions import ConditionBuilder
from biolabel.lang.builder.fields import Field, Fields
from biolabel.lang.builder.sink import text_of
from biolabel.lang.grammar import declaration_words

KNOWLEDGE_FORMATS = (
    "catalog", "mesh", "obo", "owl", "umls", "hgnc", "chebi", "ctd", "sssom", "tsv", "csv", "parquet",
)  # fmt: skip
MODEL_FORMATS = ("spacy", "huggingface", "file", "python")
WAYS = ("exact", "plural", "reorder", "spelling", "abbreviation", "fuzzy")
TERM_COLUMNS = (
    "id", "name", "synonyms", "related", "broad", "narrow", "lay", "abbreviation", "kind", "parents",
    "tree", "type", "old_ids", "references", "separator",
)  # fmt: skip
KB_COLUMNS = ("subject", "object", "subset", "evidence", "count", "separator")
CASES: tuple[tree.CasePolicy, ...] = ("fold", "exact", "smart")


@v_args(meta=True)
class ResourceBuilder(ConditionBuilder):
    """One method for each production of the declarations that rules build on."""

    def field(self, meta: Meta, children: list[Any]) -> Field:
        """Return one line of a declaration."""
        name = children[0].rstrip(":").rstrip(" \t")
        return Field(name, tuple(children[1:]), self.at(meta))

    def common(self, meta: Meta, children: list[Any]) -> tuple[Fields, dict[str, Any]]:
        """Return the fields of a declaration, and what every declaration has."""
        fields = Fields(self, [child for child in children if isinstance(child, Field)])
        span = self.at(meta)
        return fields, {"name": self.name(children[1]), "meta": fields.meta(span), "span": span}

    def alias(self, _meta: Meta, children: list[Token]) -> tree.Name:
        """Return the name space of an import."""
        return self.name(children[0])

    def only(self, _meta: Meta, children: list[Token]) -> tuple[tree.Name, ...]:
        """Return the names that an import asks for."""
        return self.names(children)

    def import_decl(self, meta: Meta, children: list[Any]) -> tree.ImportDecl:
        """Return an import; its span is that of the path."""
        alias = next((c for c in children if isinstance(c, tree.Name)), None)
        only = next((c for c in children if isinstance(c, tuple)), ())
        return tree.ImportDecl(
            path=text_of(children[1]), alias=alias, only=only, span=self.at(meta)
        )

    def project_decl(self, meta: Meta, children: list[Any]) -> tree.ProjectDecl:
        """Return a project."""
        return tree.ProjectDecl(**self.common(meta, children)[1])

    def setting(self, _meta: Meta, children: list[Token]) -> tuple[str, ...]:
        """Return the words of a setting."""
        return tuple(text_of(c) if c.type == "STRING" else str(c) for c in children)

    def pipeline_decl(self, meta: Meta, children: list[Any]) -> tree.PipelineDecl:
        """Return a pipeline."""
        found = [child for child in children if isinstance(child, Field)]
        fields = Fields(self, found)
        settings = {f.name: fields.all(f.name)[0] for f in found if isinstance(f.values[0], tuple)}
        span = self.at(meta)
        return tree.PipelineDecl(
            settings=tuple(settings.items()), meta=fields.meta(span), span=span
        )

    def word(self, _meta: Meta, children: list[Token]) -> str:
        """Return one entry of a list; one that goes over the end of a line wants a comma (BL312)."""
        if children[0].type == "STRING":
            return text_of(children[0])
        for before, after in pairwise(children):
            if before.end_line != after.line:
                self._broken_entry(before, after)
                break
        return " ".join(children)

    def _broken_entry(self, before: Token, after: Token) -> None:
        if after in declaration_words():
            message = f"`{after}` starts a declaration, which belongs at the left margin"
            self.error("BL013", message, self.at(after), "remove the blanks before it")
            return
        place = Span(self.path, self.at(before).end, self.at(before).end)
        message = f"`{before}` and `{after}` stand on two lines, but are one entry"
        hint = f"write a comma after `{before}`, or both on one line"
        self.diagnostics.append(
            Diagnostic("BL312", "warning", message, self.at(after), hint, (), Edit(place, ","))
        )

    def list_decl(self, meta: Meta, children: list[Any]) -> tree.ListDecl:
        """Return a word list."""
        fields, common = self.common(meta, children)
        return tree.ListDecl(
            words=fields.all("words"),
            files=fields.texts("file"),
            include=fields.names("include"),
            case=fields.word("case", CASES),
            **common,
        )

    def source(self, meta: Meta, children: list[Token]) -> tuple[Token, tree.Source]:
        """Return the token of the format, to be checked, and the source."""
        paths = tuple(text_of(token) for token in children[1:])
        return children[0], tree.Source(str(children[0]), paths, span=self.at(meta))

    def _source(self, fields: Fields, formats: tuple[str, ...]) -> tree.Source | None:
        found = fields.only("from", None)
        if found is None:
            return None
        token, source = found
        fields.option("from", token, formats)
        return cast(tree.Source, source)

    def added(self, _meta: Meta, children: list[Token]) -> tuple[str, str]:
        """Return a term and its id."""
        return text_of(children[0]), text_of(children[2])

    def column(self, _meta: Meta, children: list[Token]) -> tuple[Token, str]:
        """Return the token of the role, to be checked, and the name of the column."""
        return children[0], text_of(children[2])

    def _columns(self, fields: Fields, roles: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """Return columns by role: one of the format's, or any name that `where:` asks for."""
        asked = tuple(test.column for test in fields.all("where"))
        found: dict[str, str] = {}
        for role, column in fields.all("columns"):
            name = fields.option("columns", role, (*roles, *asked))
            if name == role and name in found:
                self.error("BL011", f"`{name}` is given twice in `columns:`", self.at(role))
            found.setdefault(name, column)
        return tuple(found.items())

    def wtest(self, meta: Meta, children: list[Any]) -> tree.Where:
        """Return one row filter."""
        column, operator, value = children
        found = text_of(value) if value.type == "STRING" else self.number(value)
        return tree.Where(str(column), operator, found, span=self.at(meta))

    def via(self, meta: Meta, children: list[Token]) -> tree.Via:
        """Return one way to look terms up."""
        name, *number = children
        fields = Fields(self, ())
        way = fields.option("via", name, WAYS)
        threshold = self.fraction(number[0]) if number else None
        if number and way != "fuzzy":
            self.error("BL012", f"`{way}` takes no number", self.at(number[0]))
        return tree.Via(way, threshold, span=self.at(meta))

    def ontology_decl(self, meta: Meta, children: list[Any]) -> tree.OntologyDecl:
        """Return an ontology."""
        fields, common = self.common(meta, children)
        return tree.OntologyDecl(
            source=self._source(fields, KNOWLEDGE_FORMATS),
            type=fields.name("type"),
            ids=fields.text("ids"),
            columns=self._columns(fields, TERM_COLUMNS),
            under=fields.texts("under"),
            not_under=fields.texts("not_under"),
            case=fields.word("case", CASES),
            min_length=fields.only("min_length", 1, self.whole),
            stop=fields.names("stop"),
            drop=fields.texts("drop"),
            add=fields.all("add"),
            via=fields.all("via"),
            where=fields.all("where"),
            **common,
        )

    def expand(self, meta: Meta, children: list[Token]) -> tree.Expand:
        """Return how far pairs extend to neighbors in the ontology."""
        fields = Fields(self, ())
        argument = fields.option("expand", children[0], ("subject", "object"))
        direction = fields.option("expand", children[1], ("ancestors", "descendants"))
        depth = self.whole(children[2]) if len(children) > 2 else None
        return tree.Expand(argument, direction, depth, span=self.at(meta))

    def kb_decl(self, meta: Meta, children: list[Any]) -> tree.KbDecl:
        """Return a knowledge base of pairs."""
        fields, common = self.common(meta, children)
        pairs = fields.names("pairs")
        return tree.KbDecl(
            source=self._source(fields, KNOWLEDGE_FORMATS),
            columns=self._columns(fields, KB_COLUMNS),
            pairs=(pairs[0], pairs[1]) if pairs else None,
            ids=fields.text("ids"),
            where=fields.all("where"),
            expand=fields.all("expand"),
            complete=fields.word("complete", ("no", "yes")) == "yes",
            **common,
        )

    def params(self, _meta: Meta, children: list[Token]) -> tuple[tree.Name, ...]:
        """Return the parameters of a pattern."""
        return self.names(children)

    def pattern_decl(self, meta: Meta, children: list[Any]) -> tree.PatternDecl:
        """Return a named pattern."""
        fields, common = self.common(meta, children)
        params = next((child for child in children if isinstance(child, tuple)), ())
        return tree.PatternDecl(
            params=params, pattern=fields.only("is", None), tests=self.tests_of(fields), **common
        )

    def condition_decl(self, meta: Meta, children: list[Any]) -> tree.ConditionDecl:
        """Return a named condition."""
        fields, common = self.common(meta, children)
        return tree.ConditionDecl(
            task=self.name(children[2]),
            condition=fields.only("is", None),
            tests=self.tests_of(fields),
            **common,
        )

    def context_decl(self, meta: Meta, children: list[Any]) -> tree.ContextDecl:
        """Return a context."""
        fields, common = self.common(meta, children)
        reach = fields.all("reach")
        return tree.ContextDecl(
            cues_before=fields.only("cues_before", None),
            cues_after=fields.only("cues_after", None),
            pseudo=fields.only("pseudo", None),
            stop_at=fields.only("stop_at", None),
            reach=(self.whole(reach[0]), self.unit(reach[1])) if reach else None,
            applies_to=fields.names("applies_to"),
            **common,
        )

    def section_decl(self, meta: Meta, children: list[Any]) -> tree.SectionDecl:
        """Return a section."""
        fields, common = self.common(meta, children)
        return tree.SectionDecl(headings=fields.texts("headings"), **common)

    def mapping(self, _meta: Meta, children: list[Token]) -> tuple[str, tree.Name]:
        """Return what a model's label means here."""
        label = text_of(children[0]) if children[0].type == "STRING" else str(children[0])
        return label, self.name(children[1])

    def model_decl(self, meta: Meta, children: list[Any]) -> tree.ModelDecl:
        """Return a model."""
        fields, common = self.common(meta, children)
        return tree.ModelDecl(
            source=self._source(fields, MODEL_FORMATS),
            maps=fields.all("maps"),
            min_score=fields.only("min_score", None, self.number),
            **common,
        )

    def example_meta(self, _meta: Meta, children: list[Token]) -> tuple[str, tuple[str, ...]]:
        """Return one metadata field of an example."""
        return str(children[0]), tuple(text_of(token) for token in children[1:])

    def example(self, meta: Meta, children: list[Any]) -> tree.Example:
        """Return an inline example."""
        fields = tuple(child for child in children if isinstance(child, tuple))
        label = next((c for c in children if isinstance(c, Token) and c.type == "NAME"), None)
        return tree.Example(
            text_of(children[0]), fields, self.name(label) if label else None, span=self.at(meta)
        )

    def tests_of(self, fields: Fields) -> tree.Tests:
        """Return the examples of a declaration."""
        return tree.Tests(
            fields.all("matches"),
            fields.all("rejects"),
            fields.all("todo_matches"),
            fields.all("todo_rejects"),
        )
