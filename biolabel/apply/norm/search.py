"""Which concepts a text may mean by itself, whatever its document says."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from biolabel.apply.norm.book import WAYS, NameBook, keys_of
from biolabel.apply.norm.forms import content, sense_words, stem
from biolabel.apply.spelling import stand_ins
from biolabel.data.concepts import Ranked

SCORES = dict(zip(WAYS, (1.0, 0.95, 0.9, 0.85), strict=True))
"""What a name is worth that is the text in a way: an order, with room between for what a document says."""
LIKELY = 0.6
"""From here on the first concept is more often right than not: below it, linking to it costs more documents'
concepts than it finds, on the training parts of BC5CDR and of the NCBI disease corpus alike."""
SURE = SCORES["ending"] - 0.05
"""From here on a text is some name, in whatever way; below it only resembles one."""
KINDS = {"preferred": 0.01, "exact": 0.0, "lay": -0.01, "abbreviation": -0.01}
"""What it is worth of which kind a name is, `OTHER` for kinds that mean less or more than the concept."""
OTHER = -0.03
MISSPELT = 0.05
"""What it costs that a word had to be corrected."""
CUT = 0.88
"""How alike a word that no name has must be to one that a name has, to be meant for it."""
PART = 0.75
"""What a name is worth that has the same words as the text but for common ones."""
LEAST = 0.45
"""Names that resemble a text less are not listed."""
LONG = 4
"""A text of shorter words only, such as "A-T" or "Na", shares words by chance."""
MOST_KEYS = 40
"""So many names that share words with a text are looked at."""
MOST = 10
"""So many concepts are listed for a text."""


NEVER: Mapping[str, int] = MappingProxyType({})
"""No concept was counted anywhere."""


def search(
    texts: Iterable[str], book: NameBook, often: Mapping[str, int] = NEVER
) -> dict[str, tuple[Ranked, ...]]:
    """Return the concepts that each text may mean, best first; nothing depends on the other texts.

    A name that is the text, in any of `WAYS`, is worth `SCORES`. Where there is none, words that no name
    has are taken for those that they are most alike (`spelling.stand_ins`); where that does not help
    either, names count that share words with the text (`SharedWords`), which covers missing and
    additional ones: "acute", "hereditary", "disease". Of concepts that a text means equally well, those
    of earlier ontologies come first, and of one ontology those that are named more often, where `often`
    has how often each one is.
    """
    every = list(dict.fromkeys(texts))
    found = {text: _named(text, book) for text in every}
    lost = [text for text in every if not found[text]]
    corrected = _corrected(lost, book)
    for text, better in corrected.items():
        found[text] = [(n, s - MISSPELT, ("misspelt", *why)) for n, s, why in _named(better, book)]
    lost = [text for text in lost if not found[text]]
    found.update(zip(lost, _sharing([corrected.get(t, t) for t in lost], book), strict=True))
    return {text: _ranked(hits, book, often) for text, hits in found.items()}


_Hit = tuple[int, float, tuple[str, ...]]
"""The number of a name, its score and the ways to it."""


def _named(text: str, book: NameBook) -> list[_Hit]:
    keys = keys_of(text)
    return [
        (name, SCORES[way], (way,))
        for way, table, key in zip(WAYS, book.tables, keys, strict=True)
        for name in table.get(key, ())
    ]


def _corrected(texts: Sequence[str], book: NameBook) -> dict[str, str]:
    """Return texts with unknown words corrected, of those that have some."""
    words = {text: sense_words(text) for text in texts}
    unknown = {word for found in words.values() for word in found if word not in book.words}
    meant: dict[str, list[str]] = {}
    for known, others in stand_ins(sorted(book.words), sorted(unknown), CUT).items():
        for other in others:
            meant.setdefault(other, []).append(known)
    instead = {word: min(near) for word, near in meant.items()}
    return {
        text: " ".join(instead.get(word, word) for word in found)
        for text, found in words.items()
        if not instead.keys().isdisjoint(found)
    }


def _sharing(texts: Sequence[str], book: NameBook) -> list[list[_Hit]]:
    """Return the names that share words with each text, the most alike ones."""
    if not texts or not book.shared.keys:
        return [[] for _ in texts]
    stems = [[stem(word) for word in content(sense_words(text))] for text in texts]
    table = book.shared.likeness(stems)
    by_stems = book.tables[-1]
    found: list[list[_Hit]] = []
    for number, asked in enumerate(stems):
        low, high = table.indptr[number], table.indptr[number + 1]
        columns, values = table.indices[low:high], table.data[low:high]
        best = np.flatnonzero(values >= LEAST)
        best = best[np.lexsort((columns[best], -values[best]))][:MOST_KEYS]
        found.append(
            [
                (name, PART * float(values[i]), ("words",))
                for i in (best.tolist() if max(map(len, asked), default=0) >= LONG else ())
                for name in by_stems[book.shared.keys[columns[i]]]
            ]
        )
    return found


def _ranked(hits: Sequence[_Hit], book: NameBook, often: Mapping[str, int]) -> tuple[Ranked, ...]:
    """Return each concept once, by its best name; then the preferred, frequent and earlier ones first."""
    best: dict[str, tuple[float, int, tuple[str, ...]]] = {}
    for name, score, why in hits:
        worth = score + KINDS.get(book.kinds[name], OTHER)
        concept = book.concepts[name]
        if concept not in best or (-worth, name) < (-best[concept][0], best[concept][1]):
            best[concept] = (worth, name, why)
    order: Mapping[str, tuple[float, int, int, int]] = {
        concept: (-score, book.source(name) if often else 0, -often.get(concept, 0), name)
        for concept, (score, name, _) in best.items()
    }
    return tuple(
        Ranked(concept, min(score, 1.0), book.names[name], why)
        for concept, (score, name, why) in sorted(best.items(), key=lambda each: order[each[0]])
    )[:MOST]
