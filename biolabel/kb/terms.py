"""Ontologies as terms: which names mean which concepts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from biolabel.data.words import key_of
from biolabel.errors import KnowledgeError
from biolabel.kb.catalog import Entry, entry_of, table_path, trees_path
from biolabel.kb.curie import curie_of
from biolabel.kb.tables import column, keep_rows, read_table


@dataclass(frozen=True, slots=True)
class Ontology:
    """Names and tree numbers of concepts, as read from a table.

    names: CURIE to its names as written, preferred name first where the source says which; trees:
    CURIE to tree numbers (empty where the source has none).
    """

    names: Mapping[str, tuple[str, ...]]
    trees: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def under(self, roots: Iterable[str]) -> frozenset[str]:
        """Return the concepts at or below the given tree numbers or identifiers.

        Raises:
            KnowledgeError: BL710 a root that no concept is at or below.
        """
        tops = {root: {root, *self.trees.get(curie_of(root) or root, ())} for root in roots}
        every = {top for named in tops.values() for top in named}
        hit: set[str] = set()
        below: set[str] = set()
        for concept, numbers in self.trees.items():
            met = every & _lineage(numbers)
            if met:
                hit |= met
                below.add(concept)
        for root, named in tops.items():
            if hit.isdisjoint(named):
                raise _nothing_under(root, has_trees=any(self.trees.values()))
        return frozenset(below)


@dataclass(frozen=True, slots=True)
class Terms:
    """The look-up side of an ontology: normalized names, each with its concepts, ranked.

    keys: row texts in lower case joined by blanks (`data.words.key_of`), unique; concepts[i]: the
    CURIEs that keys[i] can mean; written[i]: one spelling as the source has it, for case policies.
    """

    keys: tuple[str, ...]
    concepts: tuple[tuple[str, ...], ...]
    written: tuple[str, ...]


def read_ontology(name: str, folder: Path | None = None) -> Ontology:
    """Read an ontology of the catalog.

    Raises:
        KnowledgeError: BL701 to BL706, BL709 as the catalog and its tables raise them.
    """
    found = entry_of("terms", name, folder)
    path = table_path(found, folder)
    table = read_table(path)
    if found.filter:
        table = keep_rows(table, found.filter.column, found.filter.equals, path)
    concepts = [curie_of(raw, found.prefix) for raw in column(table, found.columns.id, path)]
    cells = [column(table, found.columns.name, path)]
    if found.columns.synonyms:
        cells.append(column(table, found.columns.synonyms, path))
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for concept, *texts in zip(concepts, *cells, strict=True):
        if concept:
            parts = [texts[0], *(p for text in texts[1:] for p in text.split(found.separator))]
            names[concept].update(dict.fromkeys(p.strip() for p in parts if p.strip()))
    frozen = {concept: tuple(found_names) for concept, found_names in names.items()}
    return Ontology(frozen, _trees(found, frozen, folder))


def _trees(
    found: Entry, names: Mapping[str, tuple[str, ...]], folder: Path | None
) -> dict[str, tuple[str, ...]]:
    """Read the tree numbers: a column of the entry's own table, or of another one."""
    if found.trees is not None:
        path = trees_path(found, found.trees, folder)
        table, id_, trees = read_table(path), found.trees.id, found.trees.trees
    elif found.columns.trees:
        path = table_path(found, folder)
        table, id_, trees = read_table(path), found.columns.id, found.columns.trees
    else:
        return {}
    numbers: dict[str, dict[str, None]] = defaultdict(dict)
    for raw, cell in zip(column(table, id_, path), column(table, trees, path), strict=True):
        numbers[curie_of(raw, found.prefix) or ""].update(
            dict.fromkeys(filter(None, cell.split(found.separator)))
        )
    return {concept: tuple(numbers.get(concept, ())) for concept in names}


def _lineage(numbers: Iterable[str]) -> set[str]:
    """Return tree numbers with all above them and the bare letters of their trees."""
    found = {number[:1] for number in numbers}
    for number in numbers:
        parts = number.split(".")
        found.update(".".join(parts[:i]) for i in range(1, len(parts) + 1))
    return found


def _nothing_under(root: str, *, has_trees: bool) -> KnowledgeError:
    message = f"no concept is at or below `{root}`"
    if not has_trees:
        return KnowledgeError("BL710", f"{message}: the ontology has no tree numbers")
    return KnowledgeError(
        "BL710", message, hint="write a tree number or an identifier of the ontology"
    )


def build_terms(
    names: Mapping[str, tuple[str, ...]],
    *,
    plural: bool = False,
    reorder: bool = False,
) -> Terms:
    """Index names under their keys, with the variants asked for.

    A concept ranks first for a name that it is written with itself, after that for variants.
    """
    exact: dict[str, list[str]] = {}
    variants: dict[str, list[str]] = {}
    written: dict[str, str] = {}
    for concept, texts in names.items():
        for text in texts:
            key = key_of(text)
            if not key:
                continue
            exact.setdefault(key, []).append(concept)
            written.setdefault(key, text)
            forms = [key]
            if reorder and ", " in text:
                forms.append(key_of(_inverted(text)))
            if plural:
                forms += [other for form in forms for other in _numbers(form)]
            for form in forms[1:]:
                variants.setdefault(form, []).append(concept)
                written.setdefault(form, text)
    keys = tuple(sorted(exact.keys() | variants.keys()))
    found = (exact.get(key, []) + variants.get(key, []) for key in keys)
    concepts = tuple(tuple(dict.fromkeys(each)) for each in found)
    return Terms(keys, concepts, tuple(written[key] for key in keys))


def _inverted(text: str) -> str:
    """Turn "leukemia, plasmacytic" round; a name with several commas is turned at each."""
    return " ".join(reversed(text.split(", ")))


def _numbers(key: str) -> list[str]:
    """Return the key with its last word in the other grammatical number, by the regular endings."""
    head, _, last = key.rpartition(" ")
    if len(last) < 4 or not last.isalpha():
        return []
    if last.endswith("ies"):
        forms = [last[:-3] + "y"]
    elif last.endswith(("ses", "xes", "ches", "shes")):
        forms = [last[:-2], last[:-1], last[:-2] + "is"]
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")):
        forms = [last[:-1]]
    elif last.endswith("sis"):
        forms = [last[:-2] + "es"]
    elif last.endswith(("s", "x", "ch", "sh")):
        forms = [last + "es"]
    elif last.endswith("y") and last[-2] not in "aeiou":
        forms = [last[:-1] + "ies"]
    else:
        forms = [last + "s"]
    return [f"{head} {form}".strip() for form in forms]
