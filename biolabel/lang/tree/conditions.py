"""Conditions on a candidate, with the regions and values they speak of (LANGUAGE.md 2.5 and 8)."""

from dataclasses import dataclass
from typing import Literal

from biolabel.lang.tree.base import Name, Node
from biolabel.lang.tree.patterns import Arg, Pattern, Phrase, Ref, Token

Bound = Literal["at least", "at most", "exactly"]
Operator = Literal["<", "<=", "=", "!=", ">=", ">"]
Unit = Literal["words", "characters", "sentences", "edges"]
RegionKind = Literal[
    "sentence", "document", "title", "abstract", "between", "path",
    "before", "after", "around", "section", "meta", "argument",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window(Node):
    """`within 5 words`."""

    number: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Region(Node):
    """A stretch of the document; `name` is the argument, section or metadata field it is about."""

    kind: RegionKind
    name: Name | None = None
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Count(Node):
    """`at least 2 different`: how many matches."""

    bound: Bound
    number: int
    different: bool = False


@dataclass(frozen=True, slots=True)
class Has(Node):
    """`REGION has [no | count] PATTERN [both ways]`."""

    region: Region
    pattern: Pattern
    count: Count | None = None
    negated: bool = False
    both_ways: bool = False


@dataclass(frozen=True, slots=True)
class Borders(Node):
    """`REGION starts with PATTERN` or `ends with`."""

    region: Region
    side: Literal["starts", "ends"]
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Adjacent(Node):
    """Nothing but soft signs stands between the two arguments."""


@dataclass(frozen=True, slots=True)
class Is(Node):
    """`disease is [not] negated`: a context or a built-in property of an argument."""

    argument: Name
    what: Name
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Member(Node):
    """`chemical [not] in mesh under "D02" | "D03"`."""

    argument: Name
    ontology: Name
    under: tuple[str, ...] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Order(Node):
    """`a before b` or `a after b`."""

    first: Name
    relation: Literal["before", "after"]
    second: Name


@dataclass(frozen=True, slots=True)
class Same(Node):
    """`same sentence`, `same section`, `same concept`, `same text`."""

    what: Name


@dataclass(frozen=True, slots=True)
class Closer(Node):
    """`another TYPE closer to ARGUMENT by FACTOR`."""

    type: Name
    argument: Name
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Evidence(Node):
    """`with evidence >= 3`."""

    operator: Operator
    number: float


@dataclass(frozen=True, slots=True)
class InKb(Node):
    """`pair [not] in KB[.subset] [both ways] [with evidence >= N]`; `kb` keeps the dotted name as written."""

    kb: Name
    arguments: tuple[Name, Name] | None = None
    subset: str | None = None
    both_ways: bool = False
    evidence: Evidence | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Quantity(Node):
    """A number with or without a unit; a percentage is stored as a fraction."""

    number: float
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Distance(Node):
    """Words (or characters) between two arguments."""

    arguments: tuple[Name, Name] | None = None


@dataclass(frozen=True, slots=True)
class Measure(Node):
    """A number that every candidate has: `sentences_apart`, `path_length`, `shared_sentences`."""

    what: Literal["sentences_apart", "path_length", "shared_sentences"]


@dataclass(frozen=True, slots=True)
class CountOf(Node):
    """`count(PATTERN) in REGION`; without a region, in the document."""

    pattern: Pattern
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class MetaValue(Node):
    """`meta year`."""

    field: Name


Value = Distance | Measure | CountOf | MetaValue | Quantity


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`distance < 10 words`, `count(a) in document > count(b) in document`."""

    left: Value
    operator: Operator
    right: Value


@dataclass(frozen=True, slots=True)
class SectionIs(Node):
    """`section is [not] title | results`."""

    names: tuple[Name, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Edge(Node):
    """One step of a dependency path, as written (`<nsubj`, `>(dobj|obl)`, `<<`), with its repeat."""

    text: str
    low: int = 1
    high: int | None = 1


@dataclass(frozen=True, slots=True)
class PathLike(Node):
    """`path like {a} <nsubj [lemma=cause] >dobj+ {b}`."""

    parts: tuple[Edge | Arg | Phrase | Ref | Token, ...]


@dataclass(frozen=True, slots=True)
class Score(Node):
    """`with score >= 0.5`."""

    operator: Operator
    number: float


@dataclass(frozen=True, slots=True)
class ModelSays(Node):
    """`model M says LABEL [with score >= x]`."""

    model: Name
    label: Name
    score: Score | None = None


@dataclass(frozen=True, slots=True)
class Fires(Node):
    """`RULE fires`."""

    rule: Name


@dataclass(frozen=True, slots=True)
class RuleVotes(Node):
    """`RULE votes LABEL`."""

    rule: Name
    label: Name


@dataclass(frozen=True, slots=True)
class Voted(Node):
    """`any TASK voted LABEL`, `at least 2 TASK voted LABEL`."""

    task: Name
    label: Name
    bound: Bound = "at least"
    number: int = 1


@dataclass(frozen=True, slots=True)
class Python(Node):
    """`python "module:function"`."""

    target: str


@dataclass(frozen=True, slots=True)
class CondRef(Node):
    """A named condition."""

    name: Name


@dataclass(frozen=True, slots=True)
class And(Node):
    """Every part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """At least one part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The part does not hold."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class KOf(Node):
    """`at least 2 of (...)`; `none of (...)` is `at most 0`."""

    bound: Bound
    number: int
    parts: tuple["Condition", ...]


Condition = (
    Has | Borders | Adjacent | Is | Member | Order | Same | Closer | InKb | Compare | SectionIs | PathLike
    | ModelSays | Fires | RuleVotes | Voted | Python | CondRef | And | Or | Not | KOf
)  # fmt: skip
