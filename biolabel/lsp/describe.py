"""What an editor shows of the word under the pointer, as Markdown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lark import Token

from biolabel.errors import SourceFile
from biolabel.lang import tree
from biolabel.lang.scopes import KINDS
from biolabel.lsp import manual
from biolabel.lsp.names import Names, Occurrence
from biolabel.lsp.tokens import Field, token_at, tokens_of

if TYPE_CHECKING:
    from biolabel.lsp.results import Hit, Results

_HITS = 3
_EXPANSIONS = 12
_LONGEST = 400
"""Code points of a declaration that are shown."""


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs found: how results can be made if there are none, and if they are current."""

    results: "Results | None"
    advice: str
    current: bool = True


def describe(source: SourceFile, offset: int, names: Names, known: Known) -> str:
    """Return what is known of the word at an offset of a file, empty for nothing."""
    found = names.at(source.path, offset)
    if found is not None:
        return "\n\n".join(_symbol(found, names, known))
    at = token_at(source.text, offset)
    if at is None:
        return ""
    field, token = at
    if token.type.startswith("D_"):
        return _titled(str(token), manual.of_declaration(str(token)))
    if token.type.startswith("F_"):
        return _titled(f"{field.name}:", manual.of_field(field.declaration, field.name))
    if token.type in ("BARE", "STRING") and _is_pattern(field):
        phrase = _phrase(field, token)
        return "\n\n".join(_words(phrase, known)) if phrase else ""
    return _titled(str(token), manual.of_word(str(token)))


def _titled(title: str, text: str) -> str:
    return f"**`{title}`** {text}" if text else ""


def _symbol(found: Occurrence, names: Names, known: Known) -> Iterator[str]:
    symbol = found.symbol
    if symbol.kind == "type":
        yield f"**type** `{symbol.name}`: what mentions are names of"
        return
    declaration = names.declarations.get(symbol.home) if symbol.home else None
    if declaration is None:
        return
    kind = KINDS[type(declaration)]
    if symbol.kind != "declaration":
        yield f"**{symbol.kind}** `{symbol.name}` of the {kind} `{declaration.name.text}`"
        return
    task = f" for `{declaration.task.text}`" if hasattr(declaration, "task") else ""
    yield f"**{kind}** `{symbol.name}`{task}"
    if declaration.meta.note:
        yield declaration.meta.note
    if isinstance(declaration, tree.RuleDecl):
        yield from rule(symbol.name, known)
    if not found.defines:
        text = names.units[declaration.span.file].source.text
        shown = text[declaration.span.start : declaration.span.end].strip()
        shown = shown if len(shown) <= _LONGEST else shown[:_LONGEST].rstrip() + " ..."
        yield f"```biolabel\n{shown}\n```"


def rule(name: str, known: Known) -> Iterator[str]:
    """Yield what earlier runs found out about a rule."""
    results = known.results
    if results is None or results.task_of(name) is None:
        yield f"*No votes yet: {known.advice}*"
        return
    votes, candidates = results.votes_by_label(name)
    total = sum(votes.values())
    shown = ", ".join(f"{label} {number:,}" for label, number in votes.items()) or "none"
    share = total / candidates if candidates else 0.0
    yield f"votes: {shown} (coverage {share:.2%} of {candidates:,} candidates)"
    gold = results.dev.get(name, {}).get("gold")
    if gold:
        yield (
            f"precision on dev: {gold['precision']:.2f}"
            f" ({gold['right']:,} of {gold['judged']:,} votes)"
        )
    hits = results.hits(name, _HITS)
    if hits:
        yield "\n".join(f"- {_marked(hit)} ({hit.document})" for hit in hits)
    if not known.current:
        yield f"*The rules have changed since: {known.advice}*"


def _marked(hit: "Hit") -> str:
    def plain(text: str) -> str:
        return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", re.sub(r"\s+", " ", text))

    before, inner, after = (
        plain(hit.text[a:b])
        for a, b in ((0, hit.start), (hit.start, hit.end), (hit.end, len(hit.text)))
    )
    return f"{before}**{inner}**{after}".strip()


def _is_pattern(field: Field) -> bool:
    return field.name in (
        "words", "is", "find", "when", "unless", "case", "cues_before", "cues_after", "pseudo",
        "stop_at",
    )  # fmt: skip


def _phrase(field: Field, token: Token) -> str:
    """Return the text that a token belongs to: bare words up to the commas around them."""
    if token.type == "STRING":
        return str(token)[1:-1].replace('\\"', '"')
    words: list[Token] = []
    for other in tokens_of(field):
        if other.type == "BARE":
            words.append(other)
        elif token in words and any(other.start_pos == token.start_pos for other in words):
            break
        else:
            words = []
    return " ".join(words) if any(w.start_pos == token.start_pos for w in words) else str(token)


def _words(phrase: str, known: Known) -> Iterator[str]:
    """Yield what a phrase with wildcards means in the corpus."""
    results = known.results
    if results is None:
        yield f"*How often `{phrase}` occurs is not known yet: {known.advice}*"
        return
    yield f"`{phrase}` occurs {results.frequency(phrase):,} times in the corpus"
    for word, found in results.expansions(phrase):
        if any(sign in word for sign in "*~"):
            shown = ", ".join(f"{entry} {number:,}" for entry, number in found[:_EXPANSIONS])
            more = f" and {len(found) - _EXPANSIONS:,} more" if len(found) > _EXPANSIONS else ""
            yield f"`{word}`: {shown or 'nothing in the corpus'}{more}"
