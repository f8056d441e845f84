"""A lexer for Pygments, so that documentation and terminals color rules; an entry point names it."""

from typing import ClassVar

from pygments.lexer import RegexLexer, bygroups, include
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
)

from biolabel.lang.highlight import declarations, fields, keywords, terminal

_NAMED, _NAMELESS = declarations()


class RulesLexer(RegexLexer):  # type: ignore[misc]
    """Rule files of biolabel; its words are read off the grammar."""

    name = "biolabel rules"
    aliases: ClassVar = ["biolabel"]
    filenames: ClassVar = ["*.rules"]
    tokens: ClassVar = {
        "root": [
            include("blank"),
            (
                rf"^({_NAMED})([ \t]+)([A-Za-z_][\w.]*)",
                bygroups(Keyword.Declaration, Whitespace, Name.Function),
            ),
            (rf"^({_NAMELESS})\b", Keyword.Declaration),
            (
                r"\b(words)([ \t]*)(:)",
                bygroups(Name.Attribute, Whitespace, Punctuation),
                "words",
            ),
            (
                rf"\b({fields()})([ \t]*)(:)",
                bygroups(Name.Attribute, Whitespace, Punctuation),
            ),
            include("text"),
            (terminal("REGEX"), String.Regex),
            (terminal("ARG"), Name.Variable),
            (terminal("REPEAT"), Operator),
            (terminal("GAP"), Operator),
            (terminal("EDGE"), Name.Tag),
            (r"->|=>|>=|<=|!=|[<>=|&!]", Operator),
            (terminal("NUMBER"), Number),
            (rf"\b(?:{keywords()})\b(?!\.)", Keyword),
            (terminal("UNIT"), Keyword.Type),
            (terminal("NAME"), Name),
            (r"[()\[\],:]", Punctuation),
        ],
        "blank": [(terminal("COMMENT"), Comment.Single), (r"\n|[ \t\r]+", Whitespace)],
        "text": [('"', String, "quoted")],
        "quoted": [
            (r"\\.", String.Escape),
            (r"\{[^{}\"\n]*\}", String.Interpol),
            (r'[^"\\\n{]+', String),
            (r"\{", String),
            (r'"|(?=\n)', String, "#pop"),
        ],
        "words": [
            (r"(?=^[ \t]+\w+[ \t]*:)", Whitespace, "#pop"),
            (r"(?=^[^ \t\r\n#])", Whitespace, "#pop"),
            include("blank"),
            include("text"),
            (terminal("BARE"), String.Symbol),
            (",", Punctuation),
        ],
    }
