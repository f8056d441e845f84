"""Two versions of an ontology or of a table of pairs: what came, what went, what changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from biolabel.data.words import key_of
from biolabel.errors import KnowledgeError
from biolabel.kb.ontology import Ontology
from biolabel.kb.pairs import Pair, PairIndex

Change = tuple[str, str, str]
"""A concept, what was, what is now."""


@dataclass(frozen=True)
class OntologyDiff:
    """How concepts and names of two versions differ; everything sorted.

    added, gone: concepts that only one version has a name for, without those merged and obsoleted;
    merged: concepts of the old version that stand for another one now, as (concept, name, the other);
    obsoleted: those that the new version has, without a name, and says not to use; renamed:
    another preferred name; names_added, names_gone: (concept, name) of concepts that both have; moved:
    concepts with other parents or tree numbers. called: concept to a name, that of the new version
    where it has one.
    """

    added: tuple[str, ...]
    gone: tuple[str, ...]
    merged: tuple[Change, ...]
    obsoleted: tuple[str, ...]
    renamed: tuple[Change, ...]
    names_added: tuple[tuple[str, str], ...]
    names_gone: tuple[tuple[str, str], ...]
    moved: tuple[str, ...]
    called: Mapping[str, str]

    @cached_property
    def changes(self) -> Mapping[str, str]:
        """What happened to each concept that is not as it was, the gravest in one phrase."""
        said = dict.fromkeys(self.moved, "moved")
        said |= {concept: f'lost the name "{name}"' for concept, name in self.names_gone}
        said |= {c: f'renamed from "{old}" to "{new}"' for c, old, new in self.renamed}
        return {**said, **self.lost}

    @cached_property
    def lost(self) -> Mapping[str, str]:
        """What happened to each concept of the old version that the new one does not have."""
        merged = {concept: f"merged into {new}" for concept, _, new in self.merged}
        obsolete = dict.fromkeys(self.obsoleted, "obsolete, without a replacement")
        return merged | obsolete | dict.fromkeys(self.gone, "gone")


@dataclass(frozen=True)
class PairsDiff:
    """How two versions of a table of pairs differ; everything sorted.

    evidence: pairs that both have with other numbers of pieces, as (pair, before, now); parts_added,
    parts_gone: names of subsets.
    """

    added: tuple[Pair, ...]
    gone: tuple[Pair, ...]
    evidence: tuple[tuple[Pair, int, int], ...]
    parts_added: tuple[str, ...]
    parts_gone: tuple[str, ...]


def diff_ontologies(old: Ontology, new: Ontology) -> OntologyDiff:
    """Return how two versions of an ontology differ; names that differ in case or signs are the same.

    Raises:
        KnowledgeError: BL732 if they have no identifier in common.
    """
    both = old.names.keys() & new.names.keys()
    if old.names and new.names and not both:
        theirs = (", ".join(sorted(each.prefixes)) for each in (old, new))
        message = f"they have no identifier in common: {' against '.join(theirs)}"
        raise KnowledgeError("BL732", message, hint="a diff is of two versions of one ontology")
    left = old.names.keys() - both
    merged = {c: new.replaced[c] for c in left if c in new.replaced}
    names_added, names_gone = [], []
    for concept in both:
        before, now = ({key_of(t): t for t in each.names[concept]} for each in (old, new))
        names_added += [(concept, now[key]) for key in now.keys() - before.keys()]
        names_gone += [(concept, before[key]) for key in before.keys() - now.keys()]
    return OntologyDiff(
        added=tuple(sorted(new.names.keys() - both)),
        gone=tuple(sorted(left - merged.keys() - new.obsolete)),
        merged=tuple(sorted((c, old.names[c][0], now) for c, now in merged.items())),
        obsoleted=tuple(sorted((left & new.obsolete) - merged.keys())),
        renamed=tuple(
            sorted(
                (c, old.names[c][0], new.names[c][0])
                for c in both
                if key_of(old.names[c][0]) != key_of(new.names[c][0])
            )
        ),
        names_added=tuple(sorted(names_added)),
        names_gone=tuple(sorted(names_gone)),
        moved=tuple(sorted(c for c in both if _place(old, c) != _place(new, c))),
        called={c: texts[0] for each in (old, new) for c, texts in each.names.items()},
    )


def _place(found: Ontology, concept: str) -> tuple[frozenset[str], frozenset[str]]:
    trees = frozenset(found.trees.get(concept, ()))
    return trees, frozenset(found.parents.get(concept, ()))


def diff_pairs(old: PairIndex, new: PairIndex) -> PairsDiff:
    """Return how two versions of a table of pairs differ, all subsets together.

    Raises:
        KnowledgeError: BL732 if their identifiers have no prefix in common.
    """
    if old.prefixes and new.prefixes and not old.prefixes & new.prefixes:
        theirs = (", ".join(sorted(each.prefixes)) for each in (old, new))
        message = f"they have no identifiers in common: {' against '.join(theirs)}"
        raise KnowledgeError("BL732", message, hint="a diff is of two versions of one table")
    before, now = old.counts[""], new.counts[""]
    both = before.keys() & now.keys()
    return PairsDiff(
        added=tuple(sorted(now.keys() - both)),
        gone=tuple(sorted(before.keys() - both)),
        evidence=tuple(sorted((p, before[p], now[p]) for p in both if before[p] != now[p])),
        parts_added=tuple(sorted(new.counts.keys() - old.counts.keys())),
        parts_gone=tuple(sorted(old.counts.keys() - new.counts.keys())),
    )
