"""Values and properties of candidates that need no pattern: distance, order, concepts, counts."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.columns import Column, known, where_known
from biolabel.apply.frames import Frame, Side, numbered
from biolabel.apply.matches import expand_ranges, span_keys
from biolabel.apply.scene import Scene
from biolabel.data.corpus import Corpus
from biolabel.lang import tree

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
_BLOCK = 1 << 15
"""Rows whose distances are worked out together: what stands in between stays in the cache."""


def adjacent(corpus: Corpus, frame: Frame) -> Bools:
    """Return whether nothing but soft signs stands between the two arguments of a sentence."""
    a, b = frame.sides.values()
    together = corpus.row_sentence.take(a.first) == corpus.row_sentence.take(b.first)
    return together & ((a.end == b.first) | (b.end == a.first))


def distance(corpus: Corpus, frame: Frame, names: Sequence[str], unit: tree.Unit | None) -> Ints:
    """Return the words (or characters, sentences) between two arguments, 0 where they overlap.

    Words are counted over sentence borders.
    """
    a, b = (frame.sides[name] for name in names)
    if unit == "sentences":
        return sentences_apart(corpus, frame)
    found = np.empty(len(frame), dtype=np.int32)
    for start in range(0, len(found), _BLOCK):
        rows = slice(start, start + _BLOCK)
        end = np.minimum(a.end[rows], b.end[rows])
        first = np.maximum(a.first[rows], b.first[rows])
        if unit == "characters":
            between = corpus.row_start.take(first) - corpus.row_end.take(end - 1)
        else:
            between = corpus.words_before.take(first) - corpus.words_before.take(end)
        np.maximum(between, 0, out=found[rows])
    return found


def sentences_apart(corpus: Corpus, frame: Frame) -> Ints:
    """Return how many sentences further the last argument stands than the first, 0 for the same."""
    sentences = np.stack([corpus.row_sentence.take(side.first) for side in frame.sides.values()])
    return np.ptp(sentences, axis=0)


def shared_sentences(corpus: Corpus, frame: Frame) -> Floats:
    """Return the number of sentences that mention all arguments, or the concepts they stand for.

    It is NaN, unknown, where an argument should stand for its concept and has none.
    """
    sides = list(frame.sides.values())
    sentence = corpus.row_sentence[sides[0].first]
    together = sentences_apart(corpus, frame) == 0
    owner = frame.candidate
    if frame.whole_concepts:
        _, owner = numbered([frame.doc, *(side.concept for side in sides)])
    (owners, _), _ = numbered([owner[together], sentence[together]])
    counts = np.bincount(owners, minlength=int(owner.max(initial=-1)) + 1)
    nameless = np.logical_or.reduce([side.concept < 0 for side in sides])
    return np.where(frame.whole_concepts & nameless, np.nan, counts[owner])


def same(corpus: Corpus, frame: Frame, what: str) -> Column:
    """Return whether all arguments share their sentence, section, concept or text."""
    sides = list(frame.sides.values())
    if what == "concept":
        sure = np.logical_and.reduce([side.concept >= 0 for side in sides])
        return where_known(_all_equal([side.concept for side in sides]), sure)
    if what == "text":
        first = np.concatenate([side.first for side in sides])
        end = np.concatenate([side.end for side in sides])
        return known(_all_equal(np.split(span_texts(corpus, first, end), len(sides))))
    of_row = corpus.row_sentence
    if what == "section":
        of_row = corpus.sentence_section[corpus.row_sentence]
    return known(_all_equal([of_row[side.first] for side in sides]))


def _all_equal(columns: Sequence[NDArray[np.integer[Any]]]) -> Bools:
    return np.logical_and.reduce([column == columns[0] for column in columns[1:]])


def span_texts(
    corpus: Corpus, first: NDArray[np.int32], end: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Return a number for each span, equal for spans of equal lower-cased words."""
    lower = corpus.row_lower
    keys = [tuple(lower[f:e].tolist()) for f, e in zip(first.tolist(), end.tolist(), strict=True)]
    numbers: dict[tuple[int, ...], int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def has_type(scene: Scene, side: Side, types: AbstractSet[str]) -> Bools:
    """Return whether the argument is a mention of one of the types."""
    if (side.mention < 0).all():
        return np.full(len(side.first), not types.isdisjoint(side.types))
    table = scene.mentions
    numbers = [i for i, name in enumerate(table.types) if name in types]
    return np.isin(table.type[side.mention], numbers)


def closer(scene: Scene, frame: Frame, condition: tree.Closer) -> Column:
    """Return whether a mention of TYPE with another concept stands nearer to the argument.

    Nearer means less than distance / factor words away, in the argument's sentence; the distance is
    that of the nearest other argument. Where a mention has no concept, another text stands for
    another concept.
    """
    name = condition.argument.text
    side = frame.sides[name]
    limits = [
        distance(scene.corpus, frame, [name, other], None) for other in frame.sides if other != name
    ]
    limit = np.min(limits, axis=0) / condition.factor
    starts, others, distances = _beside(scene, condition.type.text, side)
    first = starts[side.mention]
    sizes = starts[side.mention + 1] - first
    # Where the nearest mention is too far all are, and mostly it has another concept.
    rows = np.flatnonzero(sizes)
    rows = rows[distances[first[rows]] < limit[rows]]
    strange = _strangers(scene, frame, rows, others[first[rows]])
    answer = np.zeros(len(frame), dtype=bool)
    answer[rows[strange]] = True
    rest = rows[~strange]
    which, at = expand_ranges(first[rest] + 1, first[rest] + sizes[rest])
    held = np.flatnonzero(distances[at] < limit[rest][which])
    which, at = rest[which[held]], at[held]
    answer[which[_strangers(scene, frame, which, others[at])]] = True
    return known(answer)


def _beside(
    scene: Scene, type_: str, side: Side
) -> tuple[NDArray[np.int64], NDArray[np.int64], Ints]:
    """Return the mentions of a type in the sentences of an argument's, the nearest of each first.

    They are where those of each mention begin, int64[mentions + 1], the mentions, and the words between.
    """
    corpus, table = scene.corpus, scene.mentions
    chosen = np.flatnonzero(table.of_type(type_))
    sentences = corpus.row_sentence[table.first_row[chosen]]
    begins = np.zeros(len(corpus.sentence_doc) + 1, dtype=np.int32)
    np.cumsum(np.bincount(sentences, minlength=len(corpus.sentence_doc)), out=begins[1:])
    asked = np.zeros(len(table), dtype=bool)
    asked[side.mention] = True
    own = np.flatnonzero(asked)
    first, end = table.first_row[own], table.end_row[own]
    sentence, words = corpus.row_sentence[first], corpus.words_before
    which, at = expand_ranges(begins[sentence], begins[sentence + 1])
    other_first = words.take(table.first_row.take(chosen))
    other_end = words.take(table.end_row.take(chosen))
    distances = np.maximum(words.take(first).take(which), other_first.take(at))
    distances -= np.minimum(words.take(end).take(which), other_end.take(at))
    distances = np.maximum(distances, 0)
    order = np.argsort(which.astype(np.int64) << 32 | distances, kind="stable")
    starts = np.zeros(len(table) + 1, dtype=np.int64)
    np.cumsum(np.bincount(own[which], minlength=len(table)), out=starts[1:])
    return starts, chosen.take(at.take(order)), distances.take(order)


def _strangers(
    scene: Scene, frame: Frame, rows: NDArray[np.integer[Any]], others: NDArray[np.int64]
) -> Bools:
    """Return whether each other mention is none of a row's arguments, in concept and name too."""
    strange = np.ones(len(rows), dtype=bool)
    for own in frame.sides.values():
        mention = own.mention.take(rows)
        strange &= (mention != others) & ~_same_name(scene, mention, others)
        strange &= ~_has_concept(scene, frame, others, own.concept.take(rows))
    return strange


def _same_name(
    scene: Scene, mention: NDArray[np.integer[Any]], other: NDArray[np.integer[Any]]
) -> Bools:
    """Return whether two mentions, of which one has no concept, are the same words."""
    table, only = scene.mentions, scene.mentions.meanings.only
    if (only != -1).all():
        return np.zeros(len(mention), dtype=bool)
    at = np.flatnonzero((only[mention] == -1) | (only[other] == -1))
    either, place = np.unique(np.r_[mention[at], other[at]], return_inverse=True)
    texts = span_texts(scene.corpus, table.first_row[either], table.end_row[either])[place]
    alike = np.zeros(len(mention), dtype=bool)
    alike[at] = texts[: len(at)] == texts[len(at) :]
    return alike


def _has_concept(
    scene: Scene, frame: Frame, mention: NDArray[np.integer[Any]], concept: NDArray[np.int32]
) -> Bools:
    """Return whether each mention stands for a concept, which may be one of several."""
    meanings = scene.mentions.meanings
    numbers = concept_numbers(scene, frame)
    of_mention = np.where(meanings.only >= 0, numbers[meanings.only], -1)
    found = of_mention[mention] == concept
    several = np.flatnonzero(meanings.only[mention] == -2)
    stride = len(frame.concepts) + 1
    held = meanings.only[meanings.mention] == -2
    keys = meanings.mention[held].astype(np.int64) * stride + numbers[meanings.concept[held]]
    found[several] = np.isin(mention[several].astype(np.int64) * stride + concept[several], keys)
    return found & (concept >= 0)


def concept_numbers(scene: Scene, frame: Frame) -> NDArray[np.int32]:
    """Return the number in a frame of each concept of the scene's mentions, -1 without: int32[c + 1]."""
    names = scene.mentions.meanings.names
    if names is frame.concepts:
        return np.r_[np.arange(len(names), dtype=np.int32), np.int32(-1)]
    ids = {name: i for i, name in enumerate(frame.concepts)}
    return np.array([*(ids.get(name, -1) for name in names), -1], dtype=np.int32)


def reached(rows: Bools, side: Side) -> Bools:
    """Return whether any of some rows of the corpus, bool[rows], is one of the argument's."""
    answer = rows.take(side.first)
    longer = np.flatnonzero(side.end - side.first > 1)
    which, row = expand_ranges(side.first[longer] + 1, side.end[longer])
    answer[longer[which[rows[row]]]] = True
    return answer


def built_in(scene: Scene, frame: Frame, name: str, what: str) -> Column:
    """Return one of the built-in properties of an argument (LANGUAGE.md 2.5 and 8)."""
    side, corpus = frame.sides[name], scene.corpus
    if what == "abbreviation":
        short = span_keys(corpus, corpus.short_first_row, corpus.short_end_row)
        return known(np.isin(span_keys(corpus, side.first, side.end), short))
    if what == "plural":
        endings = [w.endswith("s") and not w.endswith(("ss", "us", "is")) for w in corpus.lowers]
        return known(np.array([*endings, False], dtype=bool)[corpus.row_lower[side.end - 1]])
    ranks = _concept_ranks(scene, frame, name, what)
    return where_known(ranks, side.concept >= 0)


def _concept_ranks(scene: Scene, frame: Frame, name: str, what: str) -> Bools:
    """Return whether the concept is most or first mentioned, or the only one, among those of its type."""
    table, side = scene.mentions, frame.sides[name]
    wanted = np.logical_or.reduce([table.of_type(type_) for type_ in side.types])
    if what == "first_mentioned":
        held = wanted[table.meanings.mention]
        doc, concept = table.doc[table.meanings.mention[held]], table.meanings.concept[held]
        best = _starts(doc)
    else:
        keys, mentions = table.by_concept
        keys = keys[wanted[mentions]]
        starts = _starts(keys)
        doc, concept = np.divmod(keys[starts], len(table.meanings.names) + 1)
        times, documents = np.diff(np.r_[starts, len(keys)]), _starts(doc)
        sizes = np.diff(np.r_[documents, len(doc)])
        if what == "only_one":
            held = np.repeat(sizes == 1, sizes)
        else:
            held = times == np.repeat(np.maximum.reduceat(times, documents), sizes)
        best = np.flatnonzero(held)
    stride = len(frame.concepts) + 1
    keys = doc[best].astype(np.int64) * stride + concept_numbers(scene, frame)[concept[best]]
    keys = np.r_[np.sort(keys, kind="stable"), np.iinfo(np.int64).max]
    asked = frame.doc.astype(np.int64) * stride + side.concept
    return np.asarray(keys.take(np.searchsorted(keys, asked)) == asked)


def _starts(sorted_values: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return where each value of a sorted column begins."""
    return np.flatnonzero(
        np.r_[True, sorted_values[1:] != sorted_values[:-1]][: len(sorted_values)]
    )
