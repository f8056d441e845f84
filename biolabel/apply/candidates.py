"""Candidates of a task: spans, pairs of mentions or of concepts, documents, sentences."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.frames import Frame, Side, numbered
from biolabel.apply.matches import expand_ranges
from biolabel.data.corpus import Corpus
from biolabel.data.mentions import MentionTable
from biolabel.lang import tree

Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class PairCandidates:
    """The candidates of a relation task: pairs (or longer tuples) of concepts or mentions of a document.

    doc: int32[n]; arguments: int32[n] each, indices into `names`, which holds CURIEs at the level of
    concepts and mention keys at that of mentions; frame: the tuples of mentions behind them.
    """

    doc: Ints
    arguments: tuple[Ints, ...]
    frame: Frame
    names: tuple[str, ...]

    def named(self) -> tuple[tuple[str, ...], ...]:
        """Return, for each argument, its name in every candidate."""
        return tuple(tuple(self.names[i] for i in column) for column in self.arguments)


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


def sentence_frame(corpus: Corpus) -> Frame:
    """Return a frame with one row a sentence."""
    rows = np.arange(len(corpus.sentence_doc), dtype=np.int32)
    limits = corpus.sentence_first_row, corpus.sentence_end_row
    return Frame(corpus.sentence_doc, rows, len(rows), {}, sentence=limits)


def pair_candidates(
    corpus: Corpus, mentions: MentionTable, relation: tree.RelationDecl
) -> PairCandidates:
    """Return all pairs (or longer tuples) of the argument types within the relation's scope.

    A mention with several concepts stands for each of them. At the level of concepts one without a
    concept makes no candidate, and a concept is never paired with itself. At the level of mentions
    every mention is an argument, known by its place and type, and is never paired with itself.
    With `order: text` the arguments stand in the order of their names; else either may come first,
    and two mentions that fit both arguments make two candidates.
    """
    concepts = mentions.meanings.names
    by_mention = relation.level == "mention"
    places = mentions.places()
    doc, mention, concept = _entries(
        mentions, _types(relation.arguments[0]), without_concept=by_mention
    )
    found, meant = [mention], [concept]
    for argument in relation.arguments[1:]:
        others = _entries(mentions, _types(argument), without_concept=by_mention)
        low = np.searchsorted(others[0], doc)
        which, at = expand_ranges(low, np.searchsorted(others[0], doc, side="right"))
        n, d = others[1][at], others[2][at]
        keep = np.ones(len(which), dtype=bool)
        for m, c in zip(found, meant, strict=True):
            m, c = m[which], c[which]
            keep &= places[m] != places[n]
            keep &= by_mention | (c != d)
            keep &= _in_scope(corpus, mentions, m, n, relation.scope)
            if relation.order == "text":
                keep &= places[m] < places[n]
        doc = doc[which[keep]]
        found = [*(m[which[keep]] for m in found), n[keep]]
        meant = [*(c[which[keep]] for c in meant), d[keep]]
    named = [places[m] for m in found] if by_mention else meant
    numbers, candidate = numbered([doc, *named])
    sides = {
        argument.name.text: Side(mentions.first_row[m], mentions.end_row[m], m, c, _types(argument))
        for argument, m, c in zip(relation.arguments, found, meant, strict=True)
    }
    frame = Frame(
        doc,
        candidate,
        len(numbers[0]),
        sides,
        concepts,
        whole_concepts=not by_mention or relation.scope.kind == "document",
        pairs_of_concepts=not by_mention,
    )
    names = mentions.keys() if by_mention else concepts
    doc_of, *arguments = numbers
    return PairCandidates(doc_of, tuple(arguments), frame, names)


def _types(argument: tree.Argument) -> tuple[str, ...]:
    return tuple(name.text for name in argument.types)


def _entries(
    mentions: MentionTable,
    types: tuple[str, ...],
    *,
    without_concept: bool,
) -> tuple[Ints, Ints, Ints]:
    """Return document, mention and concept of every mention of the types, sorted by document.

    A mention without a concept has the concept -1, or is left out.
    """
    meanings = mentions.meanings
    wanted = np.zeros(len(mentions), dtype=bool)
    for name in types:
        wanted |= mentions.of_type(name)
    held = wanted[meanings.mention]
    mention, concept = meanings.mention[held], meanings.concept[held]
    if without_concept:
        nameless = np.flatnonzero(wanted & (meanings.only == -1)).astype(np.int32)
        order = np.argsort(np.r_[mention, nameless], kind="stable")
        mention = np.r_[mention, nameless][order]
        concept = np.r_[concept, np.full(len(nameless), -1, dtype=np.int32)][order]
    return mentions.doc[mention], mention, concept


def _in_scope(
    corpus: Corpus, mentions: MentionTable, a: Ints, b: Ints, scope: tree.Scope
) -> NDArray[np.bool_]:
    if scope.kind == "document":
        return np.ones(len(a), dtype=bool)
    sentence = corpus.row_sentence[mentions.first_row]
    apart = np.abs(sentence[a] - sentence[b])
    if scope.kind == "sentence":
        return apart == 0
    if scope.kind == "section":
        section = corpus.sentence_section[sentence]
        return section[a] == section[b]
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
    some = frame.take(rows)
    smaller = replace(some, candidate=number[some.candidate], n_candidates=int(keep.sum()))
    return replace(
        pairs,
        doc=pairs.doc[keep],
        arguments=tuple(column[keep] for column in pairs.arguments),
        frame=smaller,
    )
