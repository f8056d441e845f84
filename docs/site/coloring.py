"""Colors of rules on the site: Pygments learns the words of the language from its grammar."""

from pygments.lexer import RegexLexer, bygroups, words
from pygments.lexers import LEXERS
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text

from biolabel.lang.grammar import declaration_words, reserved_words

__all__ = ["RulesLexer"]  # Pygments reads the names of its lexers here


class RulesLexer(RegexLexer):  # type: ignore[misc]  # Pygments ships no types
    """Rule files of biolabel."""

    name = "biolabel rules"
    aliases = ("biolabel",)
    tokens = {  # noqa: RUF012 (Pygments looks for a plain dictionary)
        "root": [
            (r"#[^\n]*", Comment),
            (r"^biolabel(?=\s+\d)", Keyword.Declaration),
            (
                rf"^({'|'.join(sorted(declaration_words()))})(\s+)([\w.]+)",
                bygroups(Keyword.Declaration, Text, Name.Function),
            ),
            (r"^([ \t]+)([a-z_]+)(:)", bygroups(Text, Name.Attribute, Punctuation)),
            (r'"(\\.|[^"\\\n])*"', String),
            (r"/(\\.|[^/\\\n])+/[a-z]*", String.Regex),
            (words(sorted(reserved_words()), prefix=r"\b", suffix=r"\b"), Keyword),
            (r"\d+(\.\d+)?", Number),
            (r"\{[^}\n]*\}", Name.Variable),
            (r"\w+", Name),
            (r"->|\.\.|[<>=!]=?|[|?*+~]", Operator),
            (r"[()\[\],:.]", Punctuation),
            (r"\n|[ \t]+|.", Text),
        ]
    }


def register() -> None:
    """Let Pygments find the lexer by the language of a block, `biolabel`."""
    LEXERS[RulesLexer.__name__] = (__name__, RulesLexer.name, RulesLexer.aliases, (), ())
