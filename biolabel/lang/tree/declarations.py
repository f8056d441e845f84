"""Declarations: what stands at the left margin of a rule file (LANGUAGE.md 2.3 and 2.4)."""

from dataclasses import dataclass, field
from typing import Literal

from biolabel.errors import Span
from biolabel.lang.tree.base import Name, Node
from biolabel.lang.tree.conditions import Condition, Operator, Region, Score, Unit
from biolabel.lang.tree.patterns import Pattern

CasePolicy = Literal["fold", "exact", "smart"]
Pick = Literal["one", "many"]
Status = Literal["active", "draft", "off"]


@dataclass(frozen=True, slots=True)
class Meta(Node):
    """Metadata that every declaration may carry; `given` names the fields that are written out."""

    note: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    status: Status = "active"
    cites: tuple[str, ...] = ()
    since: str = ""
    given: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decl(Node):
    """What all declarations have: a name, metadata and the span of the name in `name.span`."""

    name: Name
    meta: Meta = Meta()


@dataclass(frozen=True, slots=True)
class Example(Node):
    """An inline example: its marked text, metadata fields, and the label that a case should vote."""

    text: str
    meta: tuple[tuple[str, tuple[str, ...]], ...] = ()
    label: Name | None = None


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """The examples of a declaration."""

    matches: tuple[Example, ...] = ()
    rejects: tuple[Example, ...] = ()
    todo_matches: tuple[Example, ...] = ()
    todo_rejects: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDecl(Node):
    """`import "f.rules" as ns only a, b`."""

    path: str
    alias: Name | None = None
    only: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDecl(Decl):
    """`project NAME`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineDecl(Node):
    """`pipeline`: field name to its words (`tagger: spacy "en"` is ("spacy", "en"))."""

    settings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    meta: Meta = Meta()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDecl(Decl):
    """`list NAME`: entries as written (with `*` and `~`), files, included lists, case policy."""

    words: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    include: tuple[Name, ...] = ()
    case: CasePolicy = "fold"


@dataclass(frozen=True, slots=True)
class Source(Node):
    """`from: FORMAT "path", ...`; format `catalog` names a folder of `kb/`."""

    format: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Where(Node):
    """One row filter, `organism = "Homo sapiens"`."""

    column: str
    operator: Operator
    value: str | float


@dataclass(frozen=True, slots=True)
class Via(Node):
    """A way to look terms up: exact, plural, reorder, spelling, abbreviation, fuzzy 0.93."""

    name: str
    number: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OntologyDecl(Decl):
    """`ontology NAME`: where terms come from and which of them count."""

    source: Source | None = None
    type: Name | None = None
    ids: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    under: tuple[str, ...] = ()
    not_under: tuple[str, ...] = ()
    case: CasePolicy = "fold"
    min_length: int = 1
    stop: tuple[Name, ...] = ()
    drop: tuple[str, ...] = ()
    add: tuple[tuple[str, str], ...] = ()
    via: tuple[Via, ...] = ()
    where: tuple[Where, ...] = ()


@dataclass(frozen=True, slots=True)
class Expand(Node):
    """`expand: subject ancestors 1`."""

    argument: str
    direction: str
    depth: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KbDecl(Decl):
    """`kb NAME`: pairs of concepts for distant supervision."""

    source: Source | None = None
    columns: tuple[tuple[str, str], ...] = ()
    pairs: tuple[Name, Name] | None = None
    ids: str = ""
    where: tuple[Where, ...] = ()
    expand: tuple[Expand, ...] = ()
    complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternDecl(Decl):
    """`pattern NAME [(params)]`."""

    params: tuple[Name, ...] = ()
    pattern: Pattern | None = None
    tests: Tests = Tests()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionDecl(Decl):
    """`condition NAME for TASK`."""

    task: Name
    condition: Condition | None = None
    tests: Tests = Tests()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextDecl(Decl):
    """`context NAME`: cues before or after a mention, how far they reach, what stops or voids them."""

    cues_before: Pattern | None = None
    cues_after: Pattern | None = None
    pseudo: Pattern | None = None
    stop_at: Pattern | None = None
    reach: tuple[int, Unit] | None = None
    applies_to: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionDecl(Decl):
    """`section NAME`: headings that mean it."""

    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDecl(Decl):
    """`model NAME`: a spaCy pipeline, classifier, votes file or function whose output can vote."""

    source: Source | None = None
    maps: tuple[tuple[str, Name], ...] = ()
    min_score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityDecl(Decl):
    """`entity NAME`: a task over words or spans. Linking adds `none` as last label."""

    labels: tuple[Name, ...] = ()
    unit: Literal["word", "span"] = "word"
    pick: Pick = "one"


@dataclass(frozen=True, slots=True)
class Argument(Node):
    """`chemical: Chemical | Drug` of a relation."""

    name: Name
    types: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Scope(Node):
    """How far apart arguments may stand: sentence, section, document, a number of sentences or words."""

    kind: Literal["sentence", "section", "document", "window"]
    number: int = 0
    unit: Unit = "sentences"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationDecl(Decl):
    """`relation NAME(arg: Type, ...)`."""

    arguments: tuple[Argument, ...]
    labels: tuple[Name, ...] = ()
    scope: Scope = Scope("sentence")
    mentions: Name | None = None
    level: Literal["mention", "concept"] = "mention"
    order: Literal["free", "text"] = "free"
    pick: Pick = "one"
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDecl(Decl):
    """`document NAME`: a task over whole documents (or sentences)."""

    labels: tuple[Name, ...] = ()
    pick: Pick = "one"
    unit: Literal["document", "sentence"] = "document"


@dataclass(frozen=True, slots=True)
class ConstraintTerm(Node):
    """`any cid(c, d) is not none`."""

    task: Name
    label: Name
    quantifier: Literal["any", "every"] | None = None
    arguments: tuple[Name, ...] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ConstraintAnd(Node):
    """Every part holds."""

    parts: tuple["ConstraintExpr", ...]


@dataclass(frozen=True, slots=True)
class ConstraintOr(Node):
    """At least one part holds."""

    parts: tuple["ConstraintExpr", ...]


ConstraintExpr = ConstraintTerm | ConstraintAnd | ConstraintOr


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintDecl(Decl):
    """`constraint NAME`: `if`/`then` or `never`; strength 1.0 is `always`."""

    condition: ConstraintExpr | None = None
    consequence: ConstraintExpr | None = None
    never: ConstraintExpr | None = None
    strength: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultsDecl(Node):
    """`defaults for TASK`: for the rules of this file. Linking copies them into the rules."""

    task: Name
    precision: float | None = None
    group: tuple[Name, ...] = ()
    meta: Meta = Meta()


@dataclass(frozen=True, slots=True)
class Vote(Node):
    """What a rule says: one label, all but one, some, the found type, or a model's labels."""

    kind: Literal["label", "not", "one of", "found type", "from model"]
    names: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class FindPattern(Node):
    """`find: PATTERN via ... in REGION`."""

    pattern: Pattern
    via: tuple[Via, ...] = ()
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class FindModel(Node):
    """`find: model M with score >= x`."""

    model: Name
    score: Score | None = None


@dataclass(frozen=True, slots=True)
class Case(Node):
    """`case: LABEL when CONDITION`."""

    vote: Vote
    when: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDecl(Decl):
    """`rule NAME for TASK`: one labeling function."""

    task: Name
    votes: Vote | None = None
    otherwise: Vote | None = None
    cases: tuple[Case, ...] = ()
    find: FindPattern | FindModel | None = None
    when: Condition | None = None
    unless: tuple[Condition, ...] = ()
    precision: float | None = None
    group: tuple[Name, ...] = ()
    tests: Tests = Tests()


Declaration = (
    ImportDecl | ProjectDecl | PipelineDecl | ListDecl | OntologyDecl | KbDecl | PatternDecl | ConditionDecl
    | ContextDecl | SectionDecl | ModelDecl | EntityDecl | RelationDecl | DocumentDecl | ConstraintDecl
    | DefaultsDecl | RuleDecl
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileTree(Node):
    """One parsed rule file: its path, language version (None if missing) and declarations in order.

    `skipped` are the parts that syntax errors made unreadable: fields, or whole declarations;
    `incomplete` are the name spans of the declarations that lost a field.
    """

    path: str
    version: int | None
    declarations: tuple[Declaration, ...]
    skipped: tuple[Span, ...] = ()
    incomplete: frozenset[Span] = frozenset()
