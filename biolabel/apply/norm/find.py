"""Mentions by vocabularies alone: where names stand, the longest ones."""

import numpy as np

from biolabel.apply.matches import longest, matches
from biolabel.apply.terms import TermFinder
from biolabel.data.mentions import MentionTable, mentions_of_rows


def dictionary_mentions(finder: TermFinder) -> MentionTable:
    """Return the names of all typed ontologies as mentions, leftmost and longest, none overlapping.

    Where names of several ontologies are the same words, the first of the program says type and concept; of
    several concepts the highest ranked one is taken.
    """
    meant: dict[tuple[int, int], tuple[str, str]] = {}
    for name, index in finder.knowledge.ontologies.items():
        if not index.type:
            continue
        hits, terms = finder.hits(name), finder.terms(name, index.via)
        columns = (hits.first.tolist(), hits.end.tolist(), hits.term.tolist())
        for first, end, term in zip(*columns, strict=True):
            if (first, end) not in meant:
                meant[first, end] = (index.type, terms.concepts[term][0])
    rows = np.array(list(meant), dtype=np.int32).reshape(-1, 2)
    chosen = longest(matches(rows[:, 0], rows[:, 1]))
    spans = zip(chosen.first.tolist(), chosen.end.tolist(), strict=True)
    named = [meant[span] for span in spans]
    types, concepts = [type_ for type_, _ in named], [(concept,) for _, concept in named]
    return mentions_of_rows(finder.corpus, chosen.first, chosen.end, types, concepts)
