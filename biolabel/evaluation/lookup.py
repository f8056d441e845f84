"""Ontologies cut down to the names that a small corpus could hold.

Indexing every name of an ontology takes seconds; a few examples hold a handful of them.
"""

from collections.abc import Iterator
from dataclasses import replace

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.ontologies import OntologyIndex
from biolabel.compile.plan import FindPlan, Plan
from biolabel.data.corpus import Corpus
from biolabel.data.words import words_of
from biolabel.evaluation.needs import rules_of
from biolabel.lang import tree
from biolabel.lang.walk import nodes

_BORN = frozenset({"of", "the"})
"""Words that turning a name round can add or take away."""
_ENDING = 3
"""Signs at the end of a word that its plural or singular may change: "ies" and "y", "ses" and "sis"."""


def within(knowledge: Knowledge, corpus: Corpus, plan: Plan) -> Knowledge:
    """Return the knowledge without names that no word of the corpus can be part of.

    A name stays if the corpus has all of its words but one, and a word that begins as that one does:
    another order keeps the words of a name, and a plural changes the ending of one. Names looked up
    `via fuzzy` all stay, and so do all concepts, which may then have no name.
    """
    words = _BORN.union(corpus.lowers)
    starts = {word[:size] for word in words for size in range(1, len(word) + 1)}
    fuzzy = set(_fuzzy(knowledge, plan))
    found = {
        name: index if name in fuzzy else _cut(index, words, starts)
        for name, index in knowledge.ontologies.items()
    }
    return replace(knowledge, ontologies=found)


def _cut(index: OntologyIndex, words: frozenset[str], starts: set[str]) -> OntologyIndex:
    names = {
        concept: tuple(text for text in texts if _possible(text.lower(), words, starts))
        for concept, texts in index.ontology.names.items()
    }
    return replace(index, ontology=replace(index.ontology, names=names))


def _possible(name: str, words: frozenset[str], starts: set[str]) -> bool:
    if name[:1].isalnum() and name[:1] not in starts:
        return False
    others = [word for word in words_of(name) if word not in words]
    return not others or (
        len(others) == 1 and others[0][: max(1, len(others[0]) - _ENDING)] in starts
    )


def _fuzzy(knowledge: Knowledge, plan: Plan) -> Iterator[str]:
    for name, index in knowledge.ontologies.items():
        if any(way.startswith("fuzzy") for way in index.via):
            yield name
    for rule in rules_of(plan).values():
        if isinstance(rule.find, FindPlan) and any(via.name == "fuzzy" for via in rule.find.via):
            named = (node for node in nodes(rule.find.pattern) if isinstance(node, tree.Ref))
            yield from (node.name.text for node in named)
