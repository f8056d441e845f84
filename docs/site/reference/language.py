"""The reference of the rule language: every declaration, field and construct, read off the grammar.

What each means is what editors show of it (biolabel/lsp/manual.toml) or what the manual says of it;
every example is one of the manual's, all of which the tests run.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from biolabel.lang.check.conditions import SAME
from biolabel.lang.check.pipeline import VALUES
from biolabel.lang.check.words import ATTRIBUTES, FLAGS, PARTS_OF_SPEECH
from biolabel.lang.link import FILE_FORMATS
from biolabel.lang.references import CONTEXTS
from biolabel.lsp.manual import manual, of_declaration, of_field, of_word, values_of
from reference.manual import Manual
from reference.notation import Grammar, Option

INTRODUCTION = """# Reference of the rule language

Made from the grammar at each build. `NAME`, `"TEXT"` and other words in capitals are what you fill in,
`[ ]` may be missing, `( | )` is a choice, `...` means more of the same, `OP` is one of `<`, `<=`, `=`,
`!=`, `>=`, `>`, and `N` a number. Every example is part of [the manual](../language/README.md), whose
blocks the tests run.
"""
_HEAD = ("| field | takes | meaning | example |", "|---|---|---|---|")


@dataclass(frozen=True)
class Construct:
    """A node of the grammar, the heading of the manual that is about it, and what explains it.

    That is what editors say of `word`, or `says`, or else the first sentence below the heading.
    """

    node: str
    heading: str
    word: str = ""
    says: str = ""


CONSTRUCTS: Mapping[str, tuple[Construct, ...]] = {
    "Votes and finds": (
        Construct("vote_label", "votes", says="A vote for one label."),
        Construct(
            "vote_not",
            "votes: not LABEL, votes: one of (A, B)",
            says="A vote for all labels but one.",
        ),
        Construct("vote_one_of", "votes: not LABEL, votes: one of (A, B)", "one"),
        Construct("vote_found", "votes: found type", "found"),
        Construct("vote_model", "votes: from model M"),
        Construct(
            "find_pattern", "find", says="The spans that a rule for an entity task looks for."
        ),
        Construct("find_model", "find: model"),
    ),
    "Conditions": (
        Construct("has", "REGION has at least N PATTERN", "has"),
        Construct("has_no", "REGION has no PATTERN"),
        Construct("borders", "REGION starts with PATTERN, REGION ends with PATTERN"),
        Construct("adjacent", "adjacent"),
        Construct("order", "a before b, a after b"),
        Construct("same", "same sentence, same section, same concept, same text"),
        Construct("closer", "another TYPE closer to ARGUMENT", "another"),
        Construct("section_is", "section is NAME"),
        Construct("is_", "ARGUMENT is CONTEXT"),
        Construct("member", "ARGUMENT in ONTOLOGY"),
        Construct("in_kb", "pair in KB"),
        Construct("compare", "distance", says="Compares two numbers; the unit follows the number."),
        Construct("path_like", "path like"),
        Construct("model_says", "model M says LABEL"),
        Construct("fires", "RULE fires, RULE votes LABEL", "fires"),
        Construct("rule_votes", "RULE fires, RULE votes LABEL", "votes"),
        Construct("any_voted", "any TASK voted LABEL, at least N TASK voted LABEL"),
        Construct("k_voted", "any TASK voted LABEL, at least N TASK voted LABEL"),
        Construct("python", 'python "module:function"'),
        Construct("cond_ref", "a named condition"),
        Construct("and_", "and, or, not, brackets", "and"),
        Construct("or_", "and, or, not, brackets", says="At least one of two conditions holds."),
        Construct("not_", "and, or, not, brackets", "not"),
        Construct("k_of", "at least N of, at most N of, exactly N of, none of"),
        Construct("none_of", "at least N of, at most N of, exactly N of, none of"),
    ),
    "Regions": (
        Construct(
            "region_alone",
            "between",
            says="What a pattern is looked for in: of the candidate, or of its document.",
        ),
        Construct("region_near", "before ARGUMENT, after ARGUMENT, around ARGUMENT"),
        Construct("region_named", "section NAME"),
        Construct("region_argument", "an argument"),
    ),
    "Values": (
        Construct("distance", "distance"),
        Construct(
            "measure",
            "sentences_apart, shared_sentences",
            says="Sentences between the arguments, edges of the path between them, sentences that name both.",
        ),
        Construct("count_of", "count(PATTERN) in REGION"),
        Construct("meta_value", "meta FIELD"),
    ),
    "Patterns": (
        Construct("phrase", '"text"'),
        Construct("exact", 'exact "text"'),
        Construct("regex", "/regex/"),
        Construct(
            "token", "[ATTRIBUTE=VALUE]", says="One word that passes a test; `[]` is any word."
        ),
        Construct("ref", "a list, pattern or ontology"),
        Construct("arg_ref", "{argument}"),
        Construct("gap", "a gap"),
        Construct(
            "item",
            "{1,3}, ?, *, +",
            says="How often a pattern stands there; unlimited repeats stop at eight.",
        ),
        Construct("seq", "a sequence"),
        Construct("pattern", "alternatives", says="One of several patterns."),
        Construct("macro", "use NAME(PATTERN, ...)"),
        Construct("keep", "keep(PATTERN)"),
        Construct("group", "alternatives", says="What belongs together."),
    ),
    "Tests of a word": (
        Construct(
            "t_eq",
            "[ATTRIBUTE=VALUE]",
            says="An attribute of the word has a value; capitals count in `shape` and `ent` only.",
        ),
        Construct("t_any", "[ATTRIBUTE=VALUE]", says="The attribute has one of the values."),
        Construct("t_in", "[ATTRIBUTE in NAME]"),
        Construct("t_flag", "[PROPERTY]"),
        Construct("t_and", "[ATTRIBUTE=VALUE]", says="Both tests hold."),
        Construct("t_or", "[ATTRIBUTE=VALUE]", says="At least one of two tests holds."),
        Construct("t_not", "[ATTRIBUTE=VALUE]", says="The test does not hold."),
        Construct(
            "edge",
            "path like",
            says="One step of a path: `<` up, `>` down, over an edge with that label.",
        ),
    ),
    "Claims of constraints": (
        Construct(
            "cterm", "constraint", says="A claim about one, any or every candidate of a task."
        ),
        Construct("c_and", "constraint", says="Both claims hold."),
        Construct("c_or", "constraint", says="At least one claim holds."),
    ),
}


def page(grammar: Path, folder: Path) -> str:
    """Return the page, from the grammar's file and the folder of the manual."""
    forms, shown = Grammar(grammar.read_text(encoding="utf-8")), Manual(folder)
    parts = [INTRODUCTION, "## Declarations\n"]
    for word in manual()["declarations"]:
        if word != "biolabel":
            parts += _declaration(word, forms, shown)
    parts += ["### Fields of all declarations\n\nAll but `import` may have these.\n", *_HEAD]
    for terminal, value in forms.fields("meta"):
        parts.append(_field(terminal, f"`{value}`", "", forms, shown))
    parts.append("")
    for title, constructs in CONSTRUCTS.items():
        parts += [f"## {title}\n", *_table(constructs, forms, shown)]
    parts += _closed()
    return "\n".join(parts)


def _declaration(word: str, forms: Grammar, shown: Manual) -> Iterator[str]:
    """Yield the heading, the first line and the fields of a declaration."""
    yield f"### {word}\n\n{of_declaration(word)}\n"
    yield f"```text\n{forms.first_line(word)}\n```\n"
    rule = {"ontology": "onto_field"}.get(word, f"{word}_field")
    if rule not in forms.rules:
        return
    yield from _HEAD
    for terminal, value in forms.fields(rule):
        name = forms.field_name(terminal)
        known = VALUES.get(name, ()) if word == "pipeline" else values_of(word, name)
        number = ("N",) if known and re.search(r"\bN\b", value) else ()
        takes = " or ".join(f"`{each}`" for each in (*known, *number)) or f"`{value}`"
        yield _field(terminal, takes, word, forms, shown)
    yield ""


def _field(terminal: str, takes: str, word: str, forms: Grammar, shown: Manual) -> str:
    """Return the row of a field of a declaration."""
    name = forms.field_name(terminal)
    example = shown.shows(f"{word}.{terminal}", terminal, about={word, name})
    link = f"../language/{example.page}#{example.anchor}"
    return f"| [`{name}:`]({link}) | {takes} | {of_field(word, name)} | `{example.example}` |"


def _table(constructs: tuple[Construct, ...], forms: Grammar, shown: Manual) -> Iterator[str]:
    """Yield a table of constructs."""
    yield "| form | meaning | example |\n|---|---|---|"
    options = _by_node(forms)
    for each in constructs:
        found = shown.shows(each.node, heading=each.heading)
        link = f"../language/{found.page}#{found.anchor}"
        meaning = each.says or of_word(each.word) or found.words
        form = forms.shown(options[each.node])
        yield f"| [`{form}`]({link}) | {_elsewhere(meaning)} | `{found.example}` |"
    yield ""


def _elsewhere(text: str) -> str:
    """Return a sentence of the manual without its links, which do not lead from this page."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)


def _by_node(forms: Grammar) -> dict[str, Option]:
    """Return the alternatives of the grammar by the node that they make."""
    return {
        option.alias or rule: option for rule, options in forms.rules.items() for option in options
    }


def _closed() -> Iterator[str]:
    """Yield the words that only some places take."""
    yield "## Words that are given\n\n| where | words |\n|---|---|"
    for where, words in (
        ("`ARGUMENT is ...` without a declared context", CONTEXTS),
        ("`same ...`", SAME),
        ("`[ATTRIBUTE=VALUE]`", ATTRIBUTES),
        ("`[pos=...]`", PARTS_OF_SPEECH),
        ("`[PROPERTY]`", FLAGS),
        ("`from:` of files, beside `catalog`", sorted(FILE_FORMATS)),
    ):
        yield f"| {where} | {', '.join(f'`{word}`' for word in words)} |"
