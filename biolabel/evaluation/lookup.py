"""Ontologies cut down to the names that a small corpus could hold.

Indexing every name of an ontology takes seconds; a few examples hold a handful of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.ontologies import OntologyIndex, cut_of, ways_of
from biolabel.apply.spelling import american, borders, correctable
from biolabel.compile.plan import FindPlan, Plan
from biolabel.data.corpus import Corpus
from biolabel.data.words import key_of
from biolabel.evaluation.needs import rules_of
from biolabel.kb.bare import bare_key
from biolabel.kb.forms import numbers_of
from biolabel.kb.spellings import one_spelling
from biolabel.lang import tree
from biolabel.lang.walk import nodes

_BORN = frozenset({"of", "the"})
"""Words that turning a name round can add or take away."""
_ENDING = 3
"""Signs at the end of a word that its plural or singular may change: "ies" and "y", "ses" and "sis"."""


def within(knowledge: Knowledge, corpus: Corpus, plan: Plan) -> Knowledge:
    """Return the knowledge without names that no word of the corpus can be part of.

    A name stays if the corpus has all of its words but one, and a word that begins as that one does:
    another order keeps the words of a name, and a plural changes the ending of one. A name looked up
    `via fuzzy` also stays if all other words of it may be misspelt in the corpus, or what stands in
    front may be missing; one looked up `via spelling` is compared in one spelling. All concepts stay,
    which may then have no name.
    """
    words = _BORN.union(corpus.lowers)
    starts = _starts(words)
    same = words.union(part for word in words for part in one_spelling(word).split(" "))
    spelled, first = _spelled(knowledge, plan), _starts(same)
    cuts: dict[str, float] = {}
    for name, cut in _fuzzy(knowledge, plan):
        cuts[name] = min(cut, cuts.get(name, 1))
    slips = {cut: _slips(words, cut) for cut in cuts.values()}

    def smaller(name: str, index: OntologyIndex) -> OntologyIndex:
        def possible(key: str) -> bool:
            return _possible(key, words, starts) or (
                name in spelled and _possible(one_spelling(key), same, first)
            )

        if name not in cuts:
            return _cut(index, possible)
        slip = slips[cuts[name]]

        def likely(key: str) -> bool:
            return possible(key) or possible(bare_key(key)) or all(map(slip, key.split(" ")))

        less = _cut(index, likely)
        return replace(less, whole=index.ontology.names)

    found = {name: smaller(name, index) for name, index in knowledge.ontologies.items()}
    return replace(knowledge, ontologies=found)


def _cut(index: OntologyIndex, possible: Callable[[str], bool]) -> OntologyIndex:
    names = {
        concept: tuple(text for text in texts if possible(key_of(text)))
        for concept, texts in index.ontology.names.items()
    }
    return replace(index, ontology=replace(index.ontology, names=names))


def _starts(words: frozenset[str]) -> set[str]:
    return {word[:size] for word in words for size in range(1, len(word) + 1)}


def _possible(key: str, words: frozenset[str], starts: set[str]) -> bool:
    if key[:1] not in starts:
        return False
    others = [word for word in key.split(" ") if word not in words]
    return not others or (
        len(others) == 1 and others[0][: max(1, len(others[0]) - _ENDING)] in starts
    )


def _slips(words: frozenset[str], cut: float) -> Callable[[str], bool]:
    """Return what tells whether a word, in either number, may stand in the corpus, misspelt or not.

    It says so of every word that `spelling.misspelt` finds, and of others.
    """
    sizes: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for word in filter(correctable, words):
        sizes[borders(word)].add(len(american(word)))

    @cache
    def slip(word: str) -> bool:
        return word in words or any(
            form in words or (correctable(form) and near(form))
            for form in (word, *numbers_of(word))
        )

    def near(word: str) -> bool:
        size = len(american(word))
        return any(2 * min(size, n) >= cut * (size + n) for n in sizes.get(borders(word), ()))

    return slip


def _fuzzy(knowledge: Knowledge, plan: Plan) -> Iterator[tuple[str, float]]:
    """Yield the ontologies that are looked up fuzzily, each time with how alike words must be."""
    for name, ways in _looked_up(knowledge, plan):
        cut = cut_of(ways)
        if cut is not None:
            yield name, cut


def _spelled(knowledge: Knowledge, plan: Plan) -> frozenset[str]:
    """Return the ontologies that are looked up in other spellings."""
    return frozenset(name for name, ways in _looked_up(knowledge, plan) if "spelling" in ways)


def _looked_up(knowledge: Knowledge, plan: Plan) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each ontology with each set of ways in which it may be looked up."""
    for name, index in knowledge.ontologies.items():
        yield name, index.via
    for rule in rules_of(plan).values():
        if isinstance(rule.find, FindPlan):
            ways = ways_of(rule.find.via)
            named = (node for node in nodes(rule.find.pattern) if isinstance(node, tree.Ref))
            yield from ((node.name.text, ways) for node in named)
