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
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from biolabel.data.rows import Bools, Ints
from biolabel.data.words import words_of
from biolabel.text.layout import Places, rows_over

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


@dataclass(frozen=True, eq=False, slots=True)
class Words:
    """The same for rows, null where unknown; head: int32[r], the row above, -1 for a root."""

    lemma: pa.StringArray
    pos: pa.StringArray
    tag: pa.StringArray
    dep: pa.StringArray
    head: Ints


NAMED = ("lemma", "pos", "tag", "dep")
"""The columns of rows that a tagger and a parser give."""


def told(
    said: Sequence[Sequence[tuple[int, Tokens]]],
    start: Places,
    end: Places,
    is_word: Bools,
    sentence: Ints,
    lower: pa.StringArray,
) -> tuple[Sequence[pa.StringArray], Ints]:
    """Return the columns `NAMED`, and the heads, of rows of which several pipelines may speak.

    said: for each pipeline as for `project`; what a later one knows holds. sentence: int32[r], that
    of each row: an edge that leaves it is cut.
    """
    columns: list[pa.StringArray] = [pa.nulls(len(start), pa.string())] * len(NAMED)
    head = np.full(len(start), -1, np.int32)
    for of_pipeline in said:
        words = project(of_pipeline, start, end, is_word, lower)
        found = (getattr(words, name) for name in NAMED)
        columns = [pc.coalesce(new, old) for new, old in zip(found, columns, strict=True)]
        inside = sentence == sentence[words.head]
        parsed = np.asarray(words.dep.is_valid())
        head = np.where(parsed, np.where(inside & (words.head >= 0), words.head, -1), head)
    return columns, head


def project(
    said: Sequence[tuple[int, Tokens]],
    start: Places,
    end: Places,
    is_word: Bools,
    lower: pa.StringArray,
) -> Words:
    """Return the attributes of the rows of many documents.

    said: the tokens of each document and where it starts on the line of all; start, end: int64[r],
    ascending places of the rows; is_word: bool[r]; lower: their r texts in lower case.
    """
    n = len(start)
    firsts = np.cumsum([0, *(len(tokens.start) for _, tokens in said)])
    if not n or not firsts[-1]:
        nothing = pa.nulls(n, pa.string())
        return Words(nothing, nothing, nothing, nothing, np.full(n, -1, np.int32))

    def numbers(name: str, moved: Sequence[int]) -> Places:
        columns = (np.array(getattr(tokens, name), np.int64) for _, tokens in said)
        shifted = (np.where(c < 0, c, c + by) for c, by in zip(columns, moved, strict=False))
        return np.concatenate(list(shifted))

    def texts(name: str) -> pa.StringArray:
        column = pa.array(chain.from_iterable(getattr(tokens, name) for _, tokens in said))
        return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)

    bases = [base for base, _ in said]
    token_start, token_end = numbers("start", bases), numbers("end", bases)
    heads = numbers("head", firsts.tolist())
    rows = np.stack(rows_over(start, end, token_start, token_end))
    first_token, end_token = rows_over(token_start, token_end, start, end)
    covered = end_token > first_token
    last = np.maximum(end_token - 1, 0)
    top = _tops(first_token, last, _depths(heads))
    place = _places(rows, is_word)
    dep = texts("dep").take(pa.array(top, mask=~covered))
    inner = place[top] != np.arange(n)
    head = np.where(inner, place[top], _above(heads, place)[top])
    hangs = np.asarray(dep.is_valid())
    lemma = texts("lemma").take(pa.array(last, mask=~covered))
    return Words(
        _lemmas(lemma, end_token - first_token, rows[:, last], lower),
        texts("pos").take(pa.array(last, mask=~covered)),
        texts("tag").take(pa.array(last, mask=~covered)),
        pc.if_else(pa.array(hangs & inner), PART, dep),
        np.where(hangs, head, -1).astype(np.int32),
    )


def _places(rows: Ints, is_word: Bools) -> Ints:
    """Return the row that stands for each token: its last word, else its last sign, else -1."""
    first, end = rows
    last_word = np.maximum.accumulate(np.where(is_word, np.arange(len(is_word)), -1))[end - 1]
    return np.where(first == end, -1, np.where(last_word >= first, last_word, end - 1))


def _tops(first: Ints, last: Ints, depths: Places) -> Ints:
    """Return which of the tokens from first to last is nearest to the root, of several the last."""
    top = last.copy()
    for back in range(1, int((last - first).max()) + 1):
        other = last - back
        better = (other >= first) & (depths[other] < depths[top])
        top[better] = other[better]
    return top


def _lemmas(lemma: pa.StringArray, n_tokens: Ints, rows: Ints, lower: pa.StringArray) -> pa.Array:
    """Return the lemmas of rows, from those of their last tokens; rows: int32[2, r] of the token."""
    known = np.asarray(lemma.is_valid())
    lemma = pc.if_else(pa.array(known & (n_tokens > 1)), lower, lemma)
    first, end = rows
    shared = np.flatnonzero(known & (n_tokens == 1) & (end - first > 1))
    found = []
    for row, lemma_, text in zip(
        shared.tolist(), lemma.take(pa.array(shared)).to_pylist(),
        lower.take(pa.array(shared)).to_pylist(), strict=True,
    ):  # fmt: skip
        parts = words_of(lemma_)
        found.append(parts[row - first[row]] if len(parts) == end[row] - first[row] else text)
    mask = np.zeros(len(known), np.bool_)
    mask[shared] = True
    return pc.replace_with_mask(lemma, pa.array(mask), pa.array(found, pa.string()))


def _above(heads: Places, place: Ints) -> Ints:
    """Return the row of the nearest token above that has one, -1 if there is none."""
    above = heads.copy()
    while (bare := np.flatnonzero((above >= 0) & (place[above] < 0))).size:
        above[bare] = heads[above[bare]]
    return np.where(above >= 0, place[above], -1)


def _depths(heads: Places) -> Places:
    """Return how many tokens stand above each token; each round looks twice as far up."""
    depths, above = (heads >= 0).astype(np.int64), heads.copy()
    while (inner := np.flatnonzero(above >= 0)).size:
        depths[inner] += depths[above[inner]]
        above[inner] = above[above[inner]]
    return depths
