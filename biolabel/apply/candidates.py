"""Candidates of a task: words, pairs of mentions or of concepts, documents."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.matches import expand_ranges
from biolabel.apply.scene import Frame, Side
from biolabel.data.corpus import Corpus
from biolabel.data.mentions import MentionTable
from biolabel.lang import tree

Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class PairCandidates:
    """The candidates of a relation task: pairs of concepts or of mentions of one document.

    doc, subject, object: int32[n], the latter two indices into `names`, which holds CURIEs at the
    level of concepts and mention keys at that of mentions; frame: the pairs of mentions behind them.
    """

    doc: Ints
    subject: Ints
    object: Ints
    frame: Frame
    names: tuple[str, ...]


def document_frame(corpus: Corpus) -> Frame:
    """Return a frame with one row a document."""
    everyone = np.arange(len(corpus.ids), dtype=np.int32)
    return Frame(everyone, everyone, len(everyone), {})


def span_frame(corpus: Corpus, first: Ints, end: Ints, types: tuple[str, ...]) -> Frame:
    """Return a frame with one row a span, called `span` in conditions."""
    none = np.full(len(first), -1, dtype=np.int32)
    rows = np.arange(len(first), dtype=np.int32)
    return Frame(
        corpus.row_doc[first],
        rows,
        len(rows),
        {"span": Side(first, end, none, none, types)},
        whole_concepts=False,
    )


def pair_candidates(
    corpus: Corpus, mentions: MentionTable, relation: tree.RelationDecl
) -> PairCandidates:
    """Return all pairs of the argument types within the relation's scope.

    A mention with several concepts stands for each of them. At the level of concepts one without a
    concept makes no candidate, and a concept is never paired with itself. At the level of mentions
    every mention is an argument, known by its place and type, and is never paired with itself.
    """
    concepts = tuple(sorted({c for found in mentions.concepts for c in found}))
    one, two = relation.arguments
    by_mention = relation.level == "mention"
    a = _entries(mentions, concepts, _types(one), without_concept=by_mention)
    b = _entries(mentions, concepts, _types(two), without_concept=by_mention)
    low = np.searchsorted(b[0], a[0])
    which, at = expand_ranges(low, np.searchsorted(b[0], a[0], side="right"))
    doc, m, c = (column[which] for column in a)
    n, d = b[1][at], b[2][at]
    place = mentions.places()
    x, y = (place[m], place[n]) if by_mention else (c, d)
    keep = (place[m] != place[n]) & (x != y)
    if relation.order == "text" or set(_types(one)) == set(_types(two)):
        keep &= place[m] < place[n]
    keep &= _in_scope(corpus, mentions, m, n, relation.scope)
    doc, m, n, c, d, x, y = (column[keep] for column in (doc, m, n, c, d, x, y))
    found, candidate = np.unique(np.stack([doc, x, y]), axis=1, return_inverse=True)
    sides = {
        one.name.text: Side(mentions.first_row[m], mentions.end_row[m], m, c, _types(one)),
        two.name.text: Side(mentions.first_row[n], mentions.end_row[n], n, d, _types(two)),
    }
    frame = Frame(
        doc,
        candidate.reshape(-1).astype(np.int32),
        found.shape[1],
        sides,
        concepts,
        whole_concepts=not by_mention or relation.scope.kind == "document",
    )
    names = mentions.keys() if by_mention else concepts
    return PairCandidates(found[0], found[1], found[2], frame, names)


def _types(argument: tree.Argument) -> tuple[str, ...]:
    return tuple(name.text for name in argument.types)


def _entries(
    mentions: MentionTable,
    concepts: tuple[str, ...],
    types: tuple[str, ...],
    *,
    without_concept: bool,
) -> tuple[Ints, Ints, Ints]:
    """Return document, mention and concept of every mention of the types, sorted by document.

    A mention without a concept has the concept -1, or is left out.
    """
    ids = {concept: i for i, concept in enumerate(concepts)}
    wanted = np.zeros(len(mentions), dtype=bool)
    for name in types:
        wanted |= mentions.of_type(name)
    rows = []
    for mention in np.flatnonzero(wanted).tolist():
        known = dict.fromkeys(ids[c] for c in mentions.concepts[mention])
        if without_concept and not known:
            known[-1] = None
        rows += [(int(mentions.doc[mention]), mention, concept) for concept in known]
    table = np.array(rows, dtype=np.int32).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _in_scope(
    corpus: Corpus, mentions: MentionTable, a: Ints, b: Ints, scope: tree.Scope
) -> NDArray[np.bool_]:
    if scope.kind == "document":
        return np.ones(len(a), dtype=bool)
    sentence = corpus.row_sentence[mentions.first_row]
    apart = np.abs(sentence[a] - sentence[b])
    if scope.kind == "sentence":
        return apart == 0
    if scope.unit == "sentences":
        return apart < scope.number
    words = corpus.words_before
    first, end = mentions.first_row, mentions.end_row
    gap = words[np.maximum(first[a], first[b])] - words[np.minimum(end[a], end[b])]
    return gap <= scope.number


def narrowed(pairs: PairCandidates, keep: NDArray[np.bool_]) -> PairCandidates:
    """Return the candidates for which bool[n] holds, numbered anew."""
    number = np.cumsum(keep, dtype=np.int32) - 1
    frame = pairs.frame
    rows = keep[frame.candidate]
    sides = {
        name: Side(s.first[rows], s.end[rows], s.mention[rows], s.concept[rows], s.types)
        for name, s in frame.sides.items()
    }
    smaller = replace(
        frame,
        doc=frame.doc[rows],
        candidate=number[frame.candidate[rows]],
        n_candidates=int(keep.sum()),
        sides=sides,
    )
    return replace(
        pairs,
        doc=pairs.doc[keep],
        subject=pairs.subject[keep],
        object=pairs.object[keep],
        frame=smaller,
    )
