"""Make the demo's knowledge bases from MeSH and PharmacotherapyDB.

The tables `kb/demo_*/*.tsv.gz` are selections that look at the sources alone, never at the demo's
texts or their gold:

- chemicals: descriptors of the MeSH trees in CHEMICAL_TREES that are no class of chemicals (a
  plural name with narrower descriptors below it), and every drug of PharmacotherapyDB;
- diseases: descriptors of the MeSH trees in DISEASE_TREES;
- indications: the pairs of PharmacotherapyDB.

Of names, those with a comma (mostly inverted: "leukemia, myeloid") and those over MAX_NAME
characters are left out. Run `python corpora_scripts/demo_kb.py` in the checkout, where
BIOLABEL_DATA or ../shared/data holds the sources.
"""

import gzip
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from biolabel.resources import data_root

KB = Path(__file__).resolve().parent.parent / "kb"
CHEMICAL_TREES = re.compile(r"D0[1-69]|D20")
DISEASE_TREES = re.compile(r"C|F03")
MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A MeSH descriptor: preferred name and places in the trees."""

    name: str
    trees: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """One row of a term table."""

    id: str
    name: str
    synonyms: tuple[str, ...]
    trees: tuple[str, ...]

    def row(self) -> str:
        """Return the tab-separated line, values of a cell joined by a bar."""
        return "\t".join((self.id, self.name, "|".join(self.synonyms), "|".join(self.trees)))


def usable(name: str) -> bool:
    """Tell whether a name is kept: no comma, at most MAX_NAME characters."""
    return "," not in name and len(name) <= MAX_NAME


def natural(name: str) -> str:
    """Turn an inverted name round: "Leukemia, Myeloid" to "Myeloid Leukemia"."""
    return " ".join(reversed(name.split(", ")))


def is_class(descriptor: Descriptor, inner: frozenset[str]) -> bool:
    """Tell whether a descriptor is a class: a plural with narrower descriptors (`inner` trees)."""
    head = descriptor.name.split(",")[0]
    return head.endswith("s") and not inner.isdisjoint(descriptor.trees)


def concept(identifier: str, names: Iterable[str], descriptor: Descriptor | None) -> Concept | None:
    """Return the row of a concept, or None if none of its names is usable.

    MeSH's preferred name leads, turned round if inverted and that form is among the names.
    """
    kept = sorted({name for name in names if usable(name)})
    if not kept:
        return None
    preferred = natural(descriptor.name) if descriptor else kept[0]
    if preferred.lower() not in kept:
        preferred = kept[0]
    synonyms = tuple(name for name in kept if name != preferred.lower())
    return Concept(identifier, preferred, synonyms, descriptor.trees if descriptor else ())


def select(
    names: Mapping[str, Sequence[str]],
    descriptors: Mapping[str, Descriptor],
    trees: re.Pattern[str],
    *,
    always: frozenset[str] = frozenset(),
    classes: bool = True,
) -> list[Concept]:
    """Return the concepts whose trees match, and those of `always`, sorted by identifier."""
    inner = frozenset(
        tree.rsplit(".", 1)[0] for d in descriptors.values() for tree in d.trees if "." in tree
    )
    chosen = []
    for identifier in sorted(names):
        descriptor = descriptors.get(identifier)
        matches = descriptor is not None and (
            any(trees.match(tree) for tree in descriptor.trees)
            and (classes or not is_class(descriptor, inner))
        )
        if matches or identifier in always:
            chosen.append(concept(identifier, names[identifier], descriptor))
    return [row for row in chosen if row is not None]


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a source table by column."""
    with gzip.open(data_root() / "kb" / name, "rt", encoding="utf-8") as lines:
        header = next(lines).rstrip("\n").split("\t")
        for line in lines:
            yield dict(zip(header, line.rstrip("\n").split("\t"), strict=True))


def names_by_id(table: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    """Gather the names of each identifier."""
    names: dict[str, list[str]] = {}
    for row in table:
        names.setdefault(row["id"], []).append(row["name"])
    return names


def tables() -> dict[str, list[str]]:
    """Return the lines of every table by its path below kb/."""
    descriptors = {
        row["id"]: Descriptor(row["name"], tuple(row["tree_numbers"].split("|")))
        for row in rows("mesh_descriptors.tsv.gz")
    }
    pairs = [row for row in rows("indications.tsv.gz") if row["source"] == "pharmacotherapydb"]
    chemicals = names_by_id(rows("mesh_chemicals.tsv.gz"))
    for pair in pairs:  # drugs that are supplementary concepts have only this name here
        chemicals.setdefault(pair["chemical_id"], [pair["chemical_name"].lower()])
    drugs = frozenset(pair["chemical_id"] for pair in pairs)
    diseases = names_by_id(rows("mesh_diseases.tsv.gz"))
    header = "id\tname\tsynonyms\ttree_numbers"
    columns = ("chemical_id", "disease_id", "chemical_name", "disease_name")
    return {
        "demo_mesh_chemicals/chemicals.tsv.gz": [
            header,
            *(
                c.row()
                for c in select(chemicals, descriptors, CHEMICAL_TREES, always=drugs, classes=False)
            ),
        ],
        "demo_mesh_diseases/diseases.tsv.gz": [
            header,
            *(c.row() for c in select(diseases, descriptors, DISEASE_TREES)),
        ],
        "demo_indications/indications.tsv": [
            "\t".join(columns),
            *sorted({"\t".join(pair[column] for column in columns) for pair in pairs}),
        ],
    }


def write(path: Path, lines: Sequence[str]) -> None:
    """Write a table, compressed without a time stamp if named .gz, and its hash into kb.toml."""
    content = "".join(f"{line}\n" for line in lines).encode()
    data = gzip.compress(content, 9, mtime=0) if path.suffix == ".gz" else content
    path.write_bytes(data)
    settings = path.parent / "kb.toml"
    known = f'sha256 = "{hashlib.sha256(data).hexdigest()}"'
    settings.write_text(
        re.sub(r'^sha256 = ".*"$', known, settings.read_text("utf-8"), flags=re.MULTILINE), "utf-8"
    )


def main() -> None:
    """Write every table."""
    for name, lines in tables().items():
        write(KB / name, lines)
        print(f"{name}: {len(lines) - 1} rows, {(KB / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
