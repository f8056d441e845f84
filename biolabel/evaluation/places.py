"""Where the candidates of a task stand in the text, as columns: one place an argument."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.candidates import PairCandidates, pair_candidates, sentence_frame
from biolabel.apply.measures import distance
from biolabel.data.corpus import Corpus
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.lang import tree

Ints = NDArray[np.int32]
Declaration = tree.EntityDecl | tree.RelationDecl | tree.DocumentDecl


@dataclass(frozen=True, slots=True)
class Places:
    """Half-open rows, one range a candidate: first and end int32[n], both -1 where it has none.

    type: int32[n], an index into `types` of the mention that stands there, -1 if there is none.
    """

    first: Ints
    end: Ints
    type: Ints
    types: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Placed:
    """The candidates of a task in the text.

    doc: int32[n]; sides: by the name to highlight it with, the places of each argument, of an
    entity's word or span ("span") or of a sentence ("sentence"); none for whole documents.
    """

    doc: Ints
    sides: Mapping[str, Places]


def place_candidates(
    votes: TaskVotes, corpus: Corpus, mentions: MentionTable, declaration: Declaration
) -> Placed:
    """Return where the candidates of a task stand; of several mention pairs the nearest counts.

    mentions: those that the candidates of a relation are between.
    """
    doc = votes.documents
    match declaration:
        case tree.EntityDecl() if votes.spans is not None:
            return Placed(doc, {"span": _bare(votes.spans[:, 0], votes.spans[:, 1])})
        case tree.EntityDecl():
            rows = np.arange(len(doc), dtype=np.int32)
            return Placed(doc, {"span": _bare(rows, rows + 1)})
        case tree.RelationDecl():
            return Placed(doc, _nearest(votes, corpus, mentions, declaration))
        case tree.DocumentDecl(unit="sentence"):
            limits = sentence_frame(corpus).sentence
            return Placed(doc, {} if limits is None else {"sentence": _bare(*limits)})
    return Placed(doc, {})


def _bare(first: Ints, end: Ints) -> Places:
    return Places(first, end, np.full(len(first), -1, dtype=np.int32))


def _nearest(
    votes: TaskVotes, corpus: Corpus, mentions: MentionTable, relation: tree.RelationDecl
) -> dict[str, Places]:
    pairs = pair_candidates(corpus, mentions, relation)
    frame = pairs.frame
    number = _numbers(pairs, votes)[frame.candidate]
    names = list(frame.sides)
    far = distance(corpus, frame, names[:2], None) if len(names) > 1 else np.zeros(len(frame))
    order = np.lexsort((np.arange(len(frame)), far, number))
    order = order[number[order] >= 0]
    chosen = order[np.diff(number[order], prepend=-1) > 0]
    found = {}
    for name, side in frame.sides.items():
        first, end, kind = np.full((3, len(votes.documents)), -1, dtype=np.int32)
        first[number[chosen]], end[number[chosen]] = side.first[chosen], side.end[chosen]
        kind[number[chosen]] = mentions.type[side.mention[chosen]]
        found[name] = Places(first, end, kind, mentions.types)
    return found


def _numbers(pairs: PairCandidates, votes: TaskVotes) -> NDArray[np.int64]:
    """Return the number of each pair among the candidates of the votes, -1 for one that is none."""
    named = (pairs.doc.tolist(), *pairs.named())
    voted = (votes.documents.tolist(), votes.subjects, votes.objects, *votes.others)
    if len(pairs.doc) == len(votes.documents):
        return np.arange(len(pairs.doc), dtype=np.int64)
    at = {key: i for i, key in enumerate(zip(*voted, strict=True))}
    keys = zip(*named, strict=True)
    return np.fromiter((at.get(key, -1) for key in keys), np.int64, count=len(pairs.doc))
