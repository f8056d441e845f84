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

_BORN = frozenset({"of", "th"})
"""How the words begin that turning a name round can add or take away: "of", "the"."""


def within(knowledge: Knowledge, corpus: Corpus, plan: Plan) -> Knowledge:
    """Return the knowledge without names that no word of the corpus can be part of.

    A name stays if each of its words begins with two letters that a word of the corpus begins with:
    plurals and other orders of words keep those. Names looked up `via fuzzy` all stay, and so do all
    concepts, which may then have no name.
    """
    starts = {word[:2] for word in corpus.lowers} | _BORN
    fuzzy = set(_fuzzy(knowledge, plan))
    found = {
        name: index if name in fuzzy else _cut(index, starts)
        for name, index in knowledge.ontologies.items()
    }
    return replace(knowledge, ontologies=found)


def _cut(index: OntologyIndex, starts: set[str]) -> OntologyIndex:
    names = {
        concept: tuple(text for text in texts if _possible(text.lower(), starts))
        for concept, texts in index.ontology.names.items()
    }
    return replace(index, ontology=replace(index.ontology, names=names))


def _possible(name: str, starts: set[str]) -> bool:
    # Most names fall at their first word, before they are cut into words.
    if name[:1].isalnum() and name[1:2].isalnum() and name[:2] not in starts:
        return False
    return all(word[:2] in starts for word in words_of(name))


def _fuzzy(knowledge: Knowledge, plan: Plan) -> Iterator[str]:
    for name, index in knowledge.ontologies.items():
        if any(way.startswith("fuzzy") for way in index.via):
            yield name
    for rule in rules_of(plan).values():
        if isinstance(rule.find, FindPlan) and any(via.name == "fuzzy" for via in rule.find.via):
            named = (node for node in nodes(rule.find.pattern) if isinstance(node, tree.Ref))
            yield from (node.name.text for node in named)
