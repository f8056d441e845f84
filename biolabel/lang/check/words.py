"""Checks of single words in patterns: wildcards, regular expressions, word attributes."""

import re
import warnings
from collections.abc import Iterator, Mapping

import re2

from biolabel.data.words import words_of
from biolabel.errors import Diagnostic, Span
from biolabel.lang import tree
from biolabel.lang.check.findings import found, unknown_type
from biolabel.lang.check.repeats import can_run_away
from biolabel.lang.nearest import nearest, suggested
from biolabel.lang.steps import Step, step_of

ATTRIBUTES = ("text", "lower", "shape", "lemma", "pos", "tag", "dep", "ent")
FLAGS = (
    "is_alpha", "is_ascii", "is_bracket", "is_currency", "is_digit", "is_lower", "is_punct",
    "is_sent_end", "is_sent_start", "is_stop", "is_title", "is_upper", "like_num",
)  # fmt: skip
PARTS_OF_SPEECH = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN",
    "PUNCT", "SCONJ", "SYM", "VERB", "X",
)  # fmt: skip
"""The coarse parts of speech that taggers give (Universal Dependencies, version 2)."""
# Letters a wildcard needs beside it (LANGUAGE.md 6, BL304).
_LETTERS = 3
_QUIET = re2.Options()
_QUIET.log_errors = False


def check_phrase(text: str, node: tree.Node, *, in_list: bool) -> Iterator[Diagnostic]:
    """Yield what a text in a pattern or list does not do, though it looks as if it did.

    BL304 wide wildcards, BL309 and BL310 texts that match nothing; outside lists and exact texts
    also BL306 idle capitals and BL308 idle hyphens.
    """
    shown = f'"{text}"'
    if not words_of(text.replace("*", "").replace("~", "")) and "*" not in text:
        yield found("BL310", f"{shown} holds no word, so it can never match", node)
        return
    for word in text.split():
        stem = word.strip("*~")
        if "*" in stem or "~" in stem or word.startswith("~"):
            message = f"in `{word}` the wildcard stands inside the word"
            yield found("BL309", message, node, "write * at an end of the word, ~ at its very end")
        elif "*" in word and sum(sign.isalnum() for sign in stem) < _LETTERS:
            message = f"the wildcard in {shown} matches almost every word"
            hint = f"give at least {_LETTERS} letters beside *"
            yield found("BL304", message, node, hint, "warning")
        if not in_list and (word.isupper() or any(sign.isupper() for sign in word[1:])):
            message = f"capitals make no difference in {shown}"
            plain = not set(text) & set('*~"\\')
            fix = f"exact {shown}" if plain else None
            yield found("BL306", message, node, f'write exact "{word}"', "warning", fix)
    if not in_list and text.strip() != text.strip().strip("-"):
        message = f"the hyphen in {shown} makes no difference: it counts as a blank"
        hint = "leave it out, or use a /regex/ if it must be there"
        fix = f'"{text.strip().strip("-").strip()}"' if not set(text) & set('"\\') else None
        yield found("BL308", message, node, hint, "warning", fix)


def check_regex(node: tree.Regex) -> Iterator[Diagnostic]:
    """Yield BL301 with the place inside a bad regular expression, BL314 for one that may not end."""
    pattern = _with_flags(node)
    try:
        with warnings.catch_warnings():
            # A pattern that may change its meaning in a later Python is not wrong today.
            warnings.simplefilter("ignore")
            re.compile(pattern)
            if can_run_away(pattern):
                message = "a repeat of a repeat can take for ever, as each part may end anywhere"
                hint = "leave out the inner or the outer repeat, or put a fixed sign between"
                yield found("BL314", message, node, hint)
    except (OverflowError, RecursionError) as error:
        yield found("BL301", f"bad regular expression: {error}", node)
    except re.error as error:
        at = max(0, (error.pos or 0) - len(pattern) + len(node.pattern))
        # Every slash of the expression is written with a backslash before it.
        at = len(node.pattern[:at].replace("/", r"\/"))
        start = min(node.span.start + 1 + at, node.span.end - 1)
        message = f"bad regular expression: {error.msg}"
        yield Diagnostic("BL301", "error", message, Span(node.span.file, start, start + 1))


def check_speed(node: tree.Regex) -> Iterator[Diagnostic]:
    """Yield BL305 for a regular expression over sentences that the fast engine does not know."""
    if any(check_regex(node)):
        return
    try:
        re2.compile(_with_flags(node), _QUIET)
    except re2.error:
        message = "look-around and back-references cannot use the fast engine"
        hint = "the rule still works, about 50 times slower"
        yield found("BL305", message, node, hint, "warning")


def _with_flags(node: tree.Regex) -> str:
    flags = "".join(sorted(set(node.flags)))
    return f"(?{flags}){node.pattern}" if flags else node.pattern


def check_word_test(
    node: tree.Node, pipeline: Mapping[str, tuple[str, ...]], types: frozenset[str]
) -> Iterator[Diagnostic]:
    """Yield BL113 unknown attributes, BL114 unknown types, BL404 steps that are missing."""
    match node:
        case tree.TokenIs(attribute=attribute) | tree.TokenIn(attribute=attribute):
            if attribute not in ATTRIBUTES:
                message = f"`{attribute}` is no attribute of a word"
                hint, fix = suggested(
                    attribute, ATTRIBUTES, _start(node, attribute),
                    f"attributes: {', '.join(ATTRIBUTES)}",
                )  # fmt: skip
                yield Diagnostic("BL113", "error", message, node.span, hint, (), fix)
            for value in node.values if isinstance(node, tree.TokenIs) else ():
                if isinstance(value, str):
                    yield from _value(attribute, value, node)
        case tree.TokenFlag(flag=flag) if flag not in FLAGS:
            message = f"`{flag}` is no property of a word"
            hint, fix = suggested(flag, FLAGS, node.span, f"properties: {', '.join(FLAGS)}")
            yield Diagnostic("BL113", "error", message, node.span, hint, (), fix)
    step = step_of(node)
    if step is not None:
        what = "a dependency path"
        if isinstance(node, tree.TokenIs | tree.TokenIn):
            what = f"[{node.attribute}=...]"
        yield from _step(step, what, node, pipeline)
    if isinstance(node, tree.TokenIs) and node.attribute == "ent":
        for value in node.values:
            wrong = unknown_type(value, node, types) if isinstance(value, str) else None
            if wrong:
                yield wrong


def _value(attribute: str, value: str, node: tree.Node) -> Iterator[Diagnostic]:
    """Yield BL012 and BL310 for a value that no word has."""
    if attribute == "pos" and value not in PARTS_OF_SPEECH:
        near = nearest(value, PARTS_OF_SPEECH)
        hint = f"did you mean `{near}`?" if near else f"they are {', '.join(PARTS_OF_SPEECH)}"
        yield found("BL012", f"there is no part of speech `{value}`", node, hint)
    elif attribute == "lower" and value != value.lower():
        message = f"[lower={value}] never matches: `lower` is the word in small letters"
        yield found("BL310", message, node, f"write [lower={value.lower()}]")
    elif attribute in ("text", "lower", "lemma") and len(words_of(value)) != 1:
        kind = "no word" if not words_of(value) else "more than one word"
        message = f'[{attribute}="{value}"] never matches: it is {kind}'
        yield found("BL310", message, node, 'write several words as "text" without brackets')


def _start(node: tree.Node, word: str) -> Span:
    return Span(node.span.file, node.span.start, node.span.start + len(word))


def _step(
    step: Step, what: str, node: tree.Node, pipeline: Mapping[str, tuple[str, ...]]
) -> Iterator[Diagnostic]:
    if pipeline.get(step, ("off",)) == ("off",):
        message = f"{what} needs a {step}, but the pipeline has none"
        hint = f'add `{step}: spacy "en_core_web_sm"` to `pipeline`'
        yield found("BL404", message, node, hint)
