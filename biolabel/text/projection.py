"""What taggers and parsers say of their tokens, told of the words of the language.

Tokens are whatever a trained pipeline cuts; rows are cut by `biolabel.data.words`. A row takes part
of speech, tag and lemma from its last token; the rows of one token share its part of speech and
tag, and its lemma is cut like a text if that gives as many words (else each row's lemma is its own
text in lower case, as it is for a row over several tokens). Of the rows of a token the last word
stands in the tree for the token, and the others hang on it as `compound`. A row over several tokens
stands where the one nearest to the root does (of several, the last). A token without a row, such as
a hyphen, is left out of the tree: what hangs on it hangs on the next token above that has one. So
the rows of a sentence form a forest whenever its tokens do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.data.words import words_of

Ints = NDArray[np.int32]
PART = "compound"
"""The dependency label of the rows of a token that are not its last word."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one document in order, none overlapping another, all columns equally long.

    start, end: code points, half-open; lemma, pos, tag, dep: "" where unknown; head: the index of
    the token above, -1 for a root and where `dep` is unknown.
    """

    start: tuple[int, ...]
    end: tuple[int, ...]
    lemma: tuple[str, ...]
    pos: tuple[str, ...]
    tag: tuple[str, ...]
    dep: tuple[str, ...]
    head: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The same for the rows of a document; head is a row of the document, -1 for a root."""

    lemma: list[str]
    pos: list[str]
    tag: list[str]
    dep: list[str]
    head: Ints


def rows_over(rows: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return the half-open ranges of the rows that overlap spans of the same text.

    rows: int32[n, 2], ascending; start, end: int32[s] in code points, half-open. Returns first
    int32[s] and end int32[s] row; both are the same where a span holds only soft signs or blanks.
    """
    first = np.searchsorted(rows[:, 1], start, side="right").astype(np.int32)
    last = np.searchsorted(rows[:, 0], end, side="left").astype(np.int32)
    return first, np.maximum(first, last)


def project(tokens: Tokens, spans: Ints, forms: Sequence[str]) -> Words:
    """Return the attributes of rows; spans: int32[n, 2], ascending; forms: the n texts."""
    start, end = np.array(tokens.start, np.int32), np.array(tokens.end, np.int32)
    first_row, end_row = (found.tolist() for found in rows_over(spans, start, end))
    table = np.stack([start, end], axis=1)
    first_token, end_token = (
        found.tolist() for found in rows_over(table, spans[:, 0], spans[:, 1])
    )
    places = [
        _place(range(first, stop), forms) for first, stop in zip(first_row, end_row, strict=True)
    ]
    depth = _depths(tokens.head)
    n = len(forms)
    found = Words([""] * n, [""] * n, [""] * n, [""] * n, np.full(n, -1, np.int32))
    for row, form in enumerate(forms):
        mine = range(first_token[row], end_token[row])
        if not mine:
            continue
        last = mine[-1]
        found.pos[row], found.tag[row] = tokens.pos[last], tokens.tag[last]
        if tokens.lemma[last]:
            rows = range(first_row[last], end_row[last])
            found.lemma[row] = _lemma(form, tokens.lemma[last], row, rows, len(mine))
        top = min(mine, key=lambda token: (depth[token], -token))
        if tokens.dep[top]:
            inner = places[top] != row
            found.dep[row] = PART if inner else tokens.dep[top]
            found.head[row] = places[top] if inner else _above(top, tokens.head, places)
    return found


def _place(rows: range, forms: Sequence[str]) -> int:
    """Return the row that stands for a token: its last word, else its last sign, else -1."""
    words = [row for row in rows if forms[row][0].isalnum() or forms[row][0] == "_"]
    return (words or [-1, *rows])[-1]


def _lemma(form: str, lemma: str, row: int, rows: range, n_tokens: int) -> str:
    if n_tokens > 1:
        return form.lower()
    if len(rows) == 1:
        return lemma
    parts = words_of(lemma)
    return parts[row - rows[0]] if len(parts) == len(rows) else form.lower()


def _above(token: int, heads: Sequence[int], places: Sequence[int]) -> int:
    """Return the row of the nearest token above that has one, -1 if there is none."""
    above = heads[token]
    while above >= 0 and places[above] < 0:
        above = heads[above]
    return places[above] if above >= 0 else -1


def _depths(heads: Sequence[int]) -> list[int]:
    """Return how many tokens stand above each token."""
    depths: dict[int, int] = {-1: -1}
    for token in range(len(heads)):
        way = [token]
        while heads[way[-1]] not in depths and len(way) <= len(heads):
            way.append(heads[way[-1]])
        for each in reversed(way):
            depths.setdefault(each, depths.get(heads[each], -1) + 1)
    return [depths[token] for token in range(len(heads))]
