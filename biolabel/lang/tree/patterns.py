"""Patterns: what may match in a sentence (LANGUAGE.md 2.6)."""

from dataclasses import dataclass

from biolabel.lang.tree.base import Name, Node


@dataclass(frozen=True, slots=True)
class Phrase(Node):
    """A text in any case, word by word, with `*` for any ending or beginning and `~` for inflections."""

    text: str


@dataclass(frozen=True, slots=True)
class Exact(Node):
    """A text whose case counts."""

    text: str


@dataclass(frozen=True, slots=True)
class Regex(Node):
    """A regular expression over characters, the text between the slashes, and its flags (`i`, `s`)."""

    pattern: str
    flags: str = ""


@dataclass(frozen=True, slots=True)
class Arg(Node):
    """An argument of the candidate, `{chemical}`."""

    name: str


@dataclass(frozen=True, slots=True)
class Gap(Node):
    """Between `low` and `high` words of any kind; `high` None is any number within the sentence."""

    low: int = 0
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Ref(Node):
    """A list, pattern, ontology, pattern parameter or entity type by name."""

    name: Name


@dataclass(frozen=True, slots=True)
class Macro(Node):
    """`use NAME(a, b)`: a pattern with parameters."""

    name: Name
    args: tuple["Pattern", ...]


@dataclass(frozen=True, slots=True)
class Keep(Node):
    """The part of a `find:` pattern that becomes the span."""

    pattern: "Pattern"


@dataclass(frozen=True, slots=True)
class Alt(Node):
    """One of several patterns; at least two options."""

    options: tuple["Pattern", ...]


@dataclass(frozen=True, slots=True)
class Seq(Node):
    """Patterns one after another; at least two items."""

    items: tuple["Pattern", ...]


@dataclass(frozen=True, slots=True)
class Repeat(Node):
    """A pattern `low` to `high` times; `high` None is unrolled to 8."""

    pattern: "Pattern"
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Token(Node):
    """One word that passes a test; None is any word."""

    test: "TokenTest | None"


@dataclass(frozen=True, slots=True)
class TokenIs(Node):
    """`[lemma=(cause|induce)]`: an attribute equals one of the values (`Regex` values are searched)."""

    attribute: str
    values: tuple[str | Regex, ...]


@dataclass(frozen=True, slots=True)
class TokenIn(Node):
    """`[text in my_list]`: an attribute is an entry of a list or ontology."""

    attribute: str
    name: Name


@dataclass(frozen=True, slots=True)
class TokenFlag(Node):
    """`[is_upper]`: a property of a word."""

    flag: str


@dataclass(frozen=True, slots=True)
class TokenNot(Node):
    """A word that fails a test."""

    test: "TokenTest"


@dataclass(frozen=True, slots=True)
class TokenAll(Node):
    """A word that passes every test."""

    tests: tuple["TokenTest", ...]


@dataclass(frozen=True, slots=True)
class TokenAny(Node):
    """A word that passes at least one test."""

    tests: tuple["TokenTest", ...]


TokenTest = TokenIs | TokenIn | TokenFlag | TokenNot | TokenAll | TokenAny
Pattern = Phrase | Exact | Regex | Arg | Gap | Ref | Macro | Keep | Alt | Seq | Repeat | Token
