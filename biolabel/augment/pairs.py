"""Pair swap: a pair of a document becomes another one of which knowledge bases say the same.

Rules that look the pair up vote as before, and so do those that read the text.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from biolabel.augment.concepts import become, single_concepts
from biolabel.augment.names import some
from biolabel.augment.spots import check_rate
from biolabel.augment.version import Version
from biolabel.data.training import LabeledDocument
from biolabel.kb.pairs import Pair, PairIndex

_DRAWS = 8
"""Pairs that are looked at for one whose concepts a document does not speak of."""
_STEPS = (1, 3, 10, 30)
"""Where pieces of evidence begin to be many: rules ask for more than a number of them."""

Said = frozenset[tuple[str, str, int]]
"""What knowledge bases say of a pair: names of bases and subsets, and how much evidence there is."""


@dataclass(frozen=True, eq=False)
class Partners:
    """Pairs by what all knowledge bases say of them; only those with concepts that have names."""

    said: Mapping[Pair, Said]
    groups: Mapping[Said, Sequence[Pair]]

    def like(
        self, pair: Pair, taken: Collection[str], generator: np.random.Generator
    ) -> Pair | None:
        """Draw another pair of which the same is said, without concepts that are taken; None if none."""
        said = self.said.get(pair)
        group = self.groups[said] if said is not None else ()
        for other in some(group, _DRAWS, generator):
            if other[0] not in taken and other[1] not in taken and other[0] != other[1]:
                return other
        return None


def partners_of(
    bases: Mapping[str, PairIndex], named: Collection[str], types: Mapping[str, Collection[str]]
) -> Partners:
    """Return the pairs of knowledge bases.

    named: concepts that have names; types: for each concept its types, of which the partners of a pair
    have the same.
    """
    found: defaultdict[Pair, list[tuple[str, str, int]]] = defaultdict(list)
    for base, index in bases.items():
        subsets = [subset for subset in index.counts if subset] or [""]
        for subset in subsets:
            for pair, count in index.counts[subset].items():
                if pair[0] in named and pair[1] in named:
                    found[pair].append((base, subset, sum(count >= step for step in _STEPS)))
    said: dict[Pair, Said] = {}
    groups: defaultdict[Said, list[Pair]] = defaultdict(list)
    known: dict[tuple[object, ...], Said] = {}
    for pair, facts in found.items():
        sides = [("", f"{side}:{t}", 0) for side, c in enumerate(pair) for t in types.get(c, ())]
        key = tuple(sorted([*facts, *sides]))
        said[pair] = known.setdefault(key, frozenset(key))
        groups[said[pair]].append(pair)
    return Partners(said, dict(groups))


def swap_pairs(
    version: Version,
    partners: Partners,
    names: Mapping[str, Sequence[str]],
    rate: float,
    generator: np.random.Generator,
) -> Version:
    """Let each pair become another one with probability `rate`; no concept becomes two others.

    Raises:
        ModelError: BL840 when `rate` is no probability.
    """
    check_rate("pairs", rate)
    mentions = version.document.mentions
    pairs = [pair for pair in dict.fromkeys(_pairs(version.document)) if pair in partners.said]
    drawn = (generator.random(len(pairs)) < rate).tolist()
    if not any(drawn):
        return version
    single = single_concepts(mentions)
    taken = {concept for mention in mentions for concept in mention.concepts}
    others: dict[str, str] = {}
    for pair, wanted in zip(pairs, drawn, strict=True):
        free = [concept in single and concept not in others for concept in pair]
        if not wanted or not all(free):
            continue
        other = partners.like(pair, taken, generator)
        if other is not None:
            others |= dict(zip(pair, other, strict=True))
            taken |= {*other}
    return become(version, others, lambda c: names[c], generator) if others else version


def _pairs(document: LabeledDocument) -> Iterator[Pair]:
    """Yield the pairs of concepts that relations are between, those of mentions by their concepts."""
    by_key: dict[str, tuple[str, ...]] = {}
    for labels in document.relations.values():
        for subject, object_ in labels.pairs:
            if subject[:1] != "@":
                yield subject, object_
                continue
            by_key = by_key or {m.names[-1]: m.concepts for m in document.mentions}
            yield from _crossed(by_key.get(subject, ()), by_key.get(object_, ()))


def _crossed(subjects: Iterable[str], objects: Sequence[str]) -> Iterator[Pair]:
    return ((subject, object_) for subject in subjects for object_ in objects)
