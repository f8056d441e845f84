"""Knowledge bases of pairs, for distant supervision."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from biolabel.data.words import key_of
from biolabel.errors import KnowledgeError
from biolabel.kb.pair_rows import PairRows, read_rows
from biolabel.kb.sources import Source

Pair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Citations:
    """Which documents state each pair of a subset, in the order of its counts.

    first: int64[n + 1], where the citations of each pair begin; document: int32[k], indices into
    `documents`, ascending within a pair.
    """

    first: NDArray[np.int64]
    document: NDArray[np.int32]
    documents: Sequence[str]


@dataclass(frozen=True)
class PairIndex:
    """Pairs of concepts with the number of pieces of evidence that remain after the leak guard.

    counts: subset name ("" = all subsets together) to (subject, object) CURIEs to evidence count;
    withheld: pieces of evidence left out because they come from the documents being labeled;
    complete: whether a pair that is not here is known not to hold, whatever its identifiers; citations:
    the documents that state the pairs of each subset, those left out not among them; withheld_from:
    the documents being labeled that state pairs; ready: the columns of subsets that are there
    already.
    """

    counts: Mapping[str, Mapping[Pair, int]]
    withheld: int = 0
    complete: bool = False
    citations: Mapping[str, Citations] = field(default_factory=dict)
    withheld_from: frozenset[str] = frozenset()
    ready: Mapping[str, "PairColumns"] = field(default_factory=dict)

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """The prefixes of all identifiers."""
        found = self.columns("", "")
        sides = (found.subjects, found.objects)
        return frozenset(concept.partition(":")[0] for side in sides for concept in side)

    def cited(self, pair: Pair, subset: str = "") -> tuple[str, ...]:
        """Return the documents that state a pair, older PubMed ids first; none where none is named."""
        found, row = self.citations.get(subset), self._rows(subset).get(pair)
        if found is None or row is None:
            return ()
        cited = found.document[found.first[row] : found.first[row + 1]]
        return tuple(found.documents[i] for i in cited.tolist())

    def _rows(self, subset: str) -> Mapping[Pair, int]:
        """Return the place of each pair in a subset."""
        if subset not in self._places:
            pairs = self.counts.get(subset, {})
            self._places[subset] = {pair: row for row, pair in enumerate(pairs)}
        return self._places[subset]

    @cached_property
    def _places(self) -> dict[str, Mapping[Pair, int]]:
        return {}

    @cached_property
    def _columns(self) -> dict[str, "PairColumns"]:
        return {}

    def columns(self, name: str, subset: str) -> "PairColumns":
        """Return the pairs of a subset as columns, for look-ups of many pairs at once.

        Raises:
            KnowledgeError: as `part`.
        """
        if subset in self.ready:
            return self.ready[subset]
        if subset not in self._columns:
            found = self.part(name, subset)
            sides = tuple(_coded([pair[side] for pair in found]) for side in (0, 1))
            numbers = np.fromiter(found.values(), dtype=np.float64, count=len(found))
            self._columns[subset] = PairColumns(*sides[0], *sides[1], numbers)
        return self._columns[subset]

    def part(self, name: str, subset: str) -> Mapping[Pair, int]:
        """Return the pairs of a subset of the knowledge base `name`.

        Raises:
            KnowledgeError: BL711 a subset that it does not have.
        """
        if subset not in self.counts:
            parts = sorted(part for part in self.counts if part)
            near = get_close_matches(subset, parts, n=1)
            hint = f"parts: {', '.join(parts)}" if parts else "its table has no subset column"
            hint = f"did you mean `{near[0]}`?" if near else hint
            message = f"the knowledge base `{name}` has no part `{subset}`"
            raise KnowledgeError("BL711", message, hint=hint)
        return self.counts[subset]


@dataclass(frozen=True, slots=True)
class PairColumns:
    """Pairs by number: the subjects and objects there are, and int32[n] indices into them.

    evidence: float64[n], the pieces of evidence of each pair.
    """

    subjects: tuple[str, ...]
    subject: NDArray[np.int32]
    objects: tuple[str, ...]
    object: NDArray[np.int32]
    evidence: NDArray[np.float64]


def _coded(names: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Return the different names and the number of each."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return tuple(numbers), np.array([numbers[name] for name in names], dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Expansion:
    """Let a pair also hold for the concepts above or below one of its sides, so many steps (None: all).

    above: concept to the concepts directly above it (`Ontology.above`).
    """

    side: Literal["subject", "object"]
    direction: Literal["ancestors", "descendants"]
    depth: int | None
    above: Mapping[str, frozenset[str]]


def read_pairs(
    source: Source,
    documents: frozenset[str] = frozenset(),
    *,
    complete: bool = False,
    expand: Sequence[Expansion] = (),
) -> PairIndex:
    """Read a knowledge base of pairs, without the evidence from the given documents (leak guard).

    Tables are joined: a pair has the evidence that all give it. A row that names no evidence counts as
    one piece. A pair whose evidence is all withheld is gone, but its subset remains known.

    Raises:
        KnowledgeError: BL701 to BL706 and BL709 from the catalog, BL402 unknown columns, BL703 a missing
            file, BL705 a broken one, BL709 a format without pairs, BL712 other identifiers than `ids`
            says, BL713 to BL715 columns that do not hold what they are named for, BL717 `columns:`
            without a table.
    """
    rows = _in_pairs(_oldest_first(read_rows(source)))
    own = np.array([name in documents for name in rows.documents], dtype=bool)
    withheld = own[rows.document]
    kept = replace(rows, cited_by=rows.cited_by[~withheld], document=rows.document[~withheld])
    n = len(rows.subject)
    lost = np.bincount(rows.cited_by, minlength=n) > 0
    lost &= np.bincount(kept.cited_by, minlength=n) == 0
    rules = [_reaching(each) for each in expand]
    counts: dict[str, Mapping[Pair, int]] = {}
    citations: dict[str, Citations] = {}
    for name, chosen in _parts(rows).items():
        counts[name], citations[name] = _grouped(kept, np.flatnonzero(chosen & ~lost), rules)
    return PairIndex(
        counts,
        int(withheld.sum()),
        complete,
        citations,
        frozenset(rows.documents[i] for i in np.unique(rows.document[withheld]).tolist()),
    )


def _oldest_first(rows: PairRows) -> PairRows:
    """Return rows with their documents in order: numbers of PubMed by size, the oldest first."""
    names = rows.documents
    order = sorted(range(len(names)), key=lambda i: (len(names[i]), names[i]))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return replace(rows, documents=tuple(names[i] for i in order), document=place[rows.document])


def _in_pairs(rows: PairRows) -> PairRows:
    """Return rows without the citations of those that lack a concept."""
    whole = ((rows.subject >= 0) & (rows.object >= 0))[rows.cited_by]
    return replace(rows, cited_by=rows.cited_by[whole], document=rows.document[whole])


def _parts(rows: PairRows) -> dict[str, NDArray[np.bool_]]:
    """Return which rows are pairs, all together and of each subset, by the name that rules can write."""
    whole = (rows.subject >= 0) & (rows.object >= 0)
    found = {"": whole}
    for number, written in enumerate(rows.subsets):
        name = key_of(written).replace(" ", "_")
        if name:
            of = whole & (rows.subset == number)
            found[name] = found[name] | of if name in found else of
    return found


@dataclass(frozen=True, slots=True)
class _Reach:
    """An expansion ready to be applied: the side, and a concept to itself and those reached from it."""

    side: Literal["subject", "object"]
    of: Callable[[str], Sequence[str]]


def _reaching(expand: Expansion) -> _Reach:
    reach = reachable(expand)
    return _Reach(expand.side, lambda concept: [concept, *sorted(reach(concept))])


def _grouped(
    rows: PairRows, chosen: NDArray[np.int64], expand: Sequence[_Reach]
) -> tuple[dict[Pair, int], Citations]:
    """Return the pairs of some rows, or of what these are expanded to, with counts and documents."""
    names = list(rows.concepts)
    row, sides = chosen, {"subject": rows.subject[chosen], "object": rows.object[chosen]}
    for each in expand:
        at, concepts = _reached(each, sides[each.side], names)
        row, sides = row[at], {side: column[at] for side, column in sides.items()}
        sides[each.side] = concepts
    wide = max(len(names), 1)
    keys, pair = np.unique(sides["subject"] * wide + sides["object"], return_inverse=True)
    others = np.bincount(pair, rows.number[row], minlength=len(keys)).astype(np.int64)
    # Which citations belong to each row that is left, and from there to its pair.
    first = np.searchsorted(rows.cited_by, np.arange(len(rows.subject) + 1))
    at, place = _ranges(first[row], np.diff(first)[row])
    many = max(len(rows.documents), 1)
    cited = np.unique(pair[at] * many + rows.document[place])
    stated = np.bincount(cited // many, minlength=len(keys))
    pairs = zip(
        (names[i] for i in (keys // wide).tolist()),
        (names[i] for i in (keys % wide).tolist()),
        strict=True,
    )
    counts = dict(zip(pairs, (stated + others).tolist(), strict=True))
    begins = np.r_[0, np.cumsum(stated)].astype(np.int64)
    return counts, Citations(begins, (cited % many).astype(np.int32), rows.documents)


def _reached(
    expand: _Reach, concepts: NDArray[np.int64], names: list[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for each concept and each that it reaches, its place and the number of the reached one.

    names: what concepts are called; those that are reached are added.
    """
    numbers = {name: number for number, name in enumerate(names)}
    different, place = np.unique(concepts, return_inverse=True)
    reached = [expand.of(names[i]) for i in different.tolist()]
    for name in dict.fromkeys(name for group in reached for name in group):
        if name not in numbers:
            numbers[name] = len(names)
            names.append(name)
    sizes = np.array([len(group) for group in reached], dtype=np.int64)
    flat = np.array([numbers[name] for group in reached for name in group], dtype=np.int64)
    at, where = _ranges((np.cumsum(sizes) - sizes)[place], sizes[place])
    return at, flat[where]


def _ranges(
    first: NDArray[np.int64], sizes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the members of ranges one after the other, each with the number of its range."""
    steps = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(np.arange(len(first)), sizes), np.repeat(first, sizes) + steps


def reachable(expand: Expansion) -> Callable[[str], frozenset[str]]:
    """Return a function from a concept to those above or below it within the expansion's depth."""
    steps: Mapping[str, Iterable[str]] = expand.above
    if expand.direction == "descendants":
        below: defaultdict[str, set[str]] = defaultdict(set)
        for concept, above in expand.above.items():
            for parent in above:
                below[parent].add(concept)
        steps = below
    known: dict[str, frozenset[str]] = {}

    def of(concept: str) -> frozenset[str]:
        if concept not in known:
            seen, edge, depth = {concept}, {concept}, 0
            while edge and (expand.depth is None or depth < expand.depth):
                edge = {after for at in edge for after in steps.get(at, ())} - seen
                seen |= edge
                depth += 1
            known[concept] = frozenset(seen - {concept})
        return known[concept]

    return of
