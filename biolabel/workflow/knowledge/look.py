"""Looking into knowledge bases: searching concepts by name, and all that is known of one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from biolabel.data.progress import Progress, silent
from biolabel.errors import KnowledgeError
from biolabel.kb.cards import Card, card_of, unknown
from biolabel.kb.catalog import Entry, entry, names
from biolabel.kb.curie import curie_of
from biolabel.kb.named import Described, Named, named
from biolabel.kb.pairs import PairIndex
from biolabel.workflow.knowledge.listing import Listed, Size, listed, size_of
from biolabel.workflow.knowledge.search import Match, rank, search


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found, the best first, and the knowledge bases that could not be asked, with why."""

    matches: tuple[Match, ...]
    asked: tuple[str, ...]
    left_out: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Partner:
    """The other concept of a pair, with the evidence for it; documents are PubMed ids if there are any."""

    kb: str
    side: str
    concept: str
    name: str
    parts: tuple[str, ...]
    count: int
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A concept in one ontology, if it was asked for in one, and in tables of pairs.

    partners: the pairs with the most evidence first; left_out: as in `Searched`.
    """

    card: Card | None
    concept: str
    name: str
    partners: tuple[Partner, ...]
    left_out: Mapping[str, str]


def search_all(
    text: str,
    inside: Sequence[str] = (),
    *,
    fuzzy: bool = False,
    described: Described | None = None,
    progress: Progress = silent,
    folder: Path | None = None,
) -> Searched:
    """Search concepts by name in some knowledge bases, by default in all ontologies of the catalog.

    Those of the catalog that cannot be read are left out, unless they were named.

    Raises:
        KnowledgeError: as `named` and as reading one does; BL709 where a named one holds pairs.
    """
    left_out: dict[str, str] = {}
    asked = list(inside) or [each.name for each in _of_kind("terms", left_out, folder)]
    matches: list[Match] = []
    for name in progress(asked, name="ontologies", total=len(asked)):
        try:
            held = named(name, described, folder=folder)
            check_kind(held, "terms")
            matches += search(held.ontology(), name, text, fuzzy=fuzzy)
        except KnowledgeError as error:
            if inside:
                raise
            left_out[name] = f"{error.code}: {error.message}"
    found = tuple(name for name in asked if name not in left_out)
    return Searched(tuple(sorted(matches, key=rank)), found, left_out)


def check_kind(found: Named, kind: str) -> None:
    """Check that a knowledge base holds terms, or pairs.

    Raises:
        KnowledgeError: BL709 if it holds the other.
    """
    if found.kind != kind:
        raise KnowledgeError("BL709", f"`{found.name}` holds {found.kind}, not {kind}")


def show_source(found: Named, folder: Path | None = None) -> Listed | Size:
    """Return what there is to say of a knowledge base: of a file, its size only."""
    return listed(found.entry, folder) if found.entry is not None else size_of(found)


def show_concept(found: Named, raw: str, folder: Path | None = None) -> Shown:
    """Return what a knowledge base, and the catalog's tables of pairs, know of a concept.

    Raises:
        KnowledgeError: BL731 if the knowledge base does not have it; as reading it does.
    """
    left_out: dict[str, str] = {}
    if found.kind == "pairs":
        index = found.pairs()
        prefix = min(index.prefixes, default="") if len(index.prefixes) == 1 else "MESH"
        concept = curie_of(raw, prefix) or raw
        if not any(concept in pair for pair in index.counts[""]):
            known = (side for pair in index.counts[""] for side in pair)
            raise unknown(concept, dict.fromkeys(known), found.name)
        tables, card = {found.name: index}, None
    else:
        card = card_of(found.ontology(), raw, found.name)
        concept = card.id
        tables = dict(_tables(concept, left_out, folder))
    raw_partners = [p for kb, index in tables.items() for p in partners_of(kb, index, concept)]
    wanted = {concept, *(p.concept for p in raw_partners)}
    called = _called(wanted, left_out, folder)
    partners = [
        Partner(p.kb, p.side, p.concept, called.get(p.concept, ""), p.parts, p.count, p.documents)
        for p in raw_partners
    ]
    partners.sort(key=lambda p: (p.kb, -p.count, p.name.lower(), p.concept))
    name = (card.preferred if card is not None else "") or called.get(concept, "")
    return Shown(card, concept, name, tuple(partners), left_out)


def partners_of(kb: str, index: PairIndex, concept: str) -> Iterator[Partner]:
    """Yield the other concepts of all pairs that a concept is in, without their names."""
    for pair, count in index.counts[""].items():
        if concept not in pair:
            continue
        side = 0 if pair[0] == concept else 1
        parts = tuple(sorted(n for n, of in index.counts.items() if n and pair in of))
        where = ("object", "subject")[side]
        yield Partner(kb, where, pair[1 - side], "", parts, count, index.cited(pair))


def _of_kind(kind: str, left_out: dict[str, str], folder: Path | None) -> Iterator[Entry]:
    """Yield the entries of the catalog that hold terms, or pairs."""
    for name in names(folder):
        try:
            found = entry(name, folder)
        except KnowledgeError as error:
            left_out[name] = f"{error.code}: {error.message}"
            continue
        if found.kind == kind:
            yield found


def _same_ids(found: Entry, concept: str) -> bool:
    return concept.partition(":")[0].lower() == found.prefix.lower()


def _tables(
    concept: str, left_out: dict[str, str], folder: Path | None
) -> Iterator[tuple[str, PairIndex]]:
    """Yield the catalog's tables of pairs that have a concept."""
    for each in _of_kind("pairs", left_out, folder):
        try:
            index = named(each.name, folder=folder).pairs()
        except KnowledgeError as error:
            left_out[each.name] = f"{error.code}: {error.message}"
            continue
        if any(concept in pair for pair in index.counts[""]):
            yield each.name, index


def _called(concepts: set[str], left_out: dict[str, str], folder: Path | None) -> Mapping[str, str]:
    """Return the preferred names of concepts, from the first ontology of the catalog that has each."""
    called: dict[str, str] = {}
    for each in _of_kind("terms", left_out, folder):
        missing = concepts - called.keys()
        if not any(_same_ids(each, concept) for concept in missing):
            continue
        try:
            texts = named(each.name, folder=folder).ontology().names
        except KnowledgeError as error:
            left_out[each.name] = f"{error.code}: {error.message}"
            continue
        called |= {concept: texts[concept][0] for concept in missing if concept in texts}
    return called
