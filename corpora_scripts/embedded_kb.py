"""Put the tables that may be shipped, and are small, into the catalog, so that a wheel works without data.

The tables are those of BIOLABEL_DATA (or ../shared/data), byte for byte, so that their SHA-256 stays the
one that tasks were written for; that of PharmacotherapyDB is the part of the indications which its authors
put under CC0. Licences that allow shipping: MeSH (acknowledged), CC0, CC BY (named), BSD. Run
`python corpora_scripts/embedded_kb.py` in the checkout; it writes the tables and their hashes.
"""

import gzip
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from biolabel.resources import data_root

KB = Path(__file__).resolve().parent.parent / "kb"
COPIED: Mapping[str, str] = {
    "mesh_descriptors": "mesh_descriptors.tsv.gz",
    "mesh_chemicals": "mesh_chemicals.tsv.gz",
    "mesh_diseases": "mesh_diseases.tsv.gz",
    "mesh_xrefs": "mesh_xrefs.tsv.gz",
    "disease_ontology": "disease_ontology.tsv.gz",
    "disease_ontology_2026": "disease_ontology_2026.tsv.gz",
    "genes": "genes.tsv.gz",
}
"""Each entry of the catalog and the table below kb/ of the data that it holds."""
OWN = "pharmacotherapydb"
_TREES = re.compile(
    r'(\[trees\]\nfile = "\.\./mesh_descriptors/.*?sha256 = ")[0-9a-f]{64}', re.DOTALL
)
_MAIN = re.compile(r'^sha256 = "[0-9a-f]*"', re.MULTILINE)


def pharmacotherapydb(source: bytes) -> bytes:
    """Return the rows of the indications that physicians curated, without the column of the source."""
    header, *lines = gzip.decompress(source).decode().splitlines()
    column = header.split("\t").index("source")

    def without(line: str) -> str:
        cells = line.split("\t")
        return "\t".join([*cells[:column], *cells[column + 1 :]])

    rows = {without(line) for line in lines if line.split("\t")[column] == OWN}
    return "".join(f"{line}\n" for line in (without(header), *sorted(rows))).encode()


def described(settings: str, table: bytes, descriptors: bytes) -> str:
    """Return a kb.toml with the hash of its table, and of the table of tree numbers if it has one."""
    written = _MAIN.sub(f'sha256 = "{hashlib.sha256(table).hexdigest()}"', settings, count=1)
    return _TREES.sub(rf"\g<1>{hashlib.sha256(descriptors).hexdigest()}", written)


def main() -> None:
    """Write every table and its hash."""
    source = data_root() / "kb"
    descriptors = (source / COPIED["mesh_descriptors"]).read_bytes()
    tables = {(name, file): (source / file).read_bytes() for name, file in COPIED.items()}
    tables[OWN, "indications.tsv"] = pharmacotherapydb((source / "indications.tsv.gz").read_bytes())
    for (name, file), content in tables.items():
        (KB / name / file).write_bytes(content)
        settings = KB / name / "kb.toml"
        text = described(settings.read_text("utf-8"), content, descriptors)
        settings.write_text(text, "utf-8")
        print(f"{name}/{file}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
