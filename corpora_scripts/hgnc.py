"""HGNC's human genes: symbols, names, aliases and what they were called before.

hgnc_complete_set_DATE.txt is a table with a header, tabs between cells, and `"` around cells that hold
several values with `|` between them. Tested on a made-up file only.
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from biolabel.errors import KnowledgeError
from biolabel.kb.streams import broken, opened
from corpora_scripts.download import Remote
from corpora_scripts.frame import Made, Source, run
from corpora_scripts.members import AtHand
from corpora_scripts.writing import Base, Name, not_at_hand, write_names

RELEASE = "2025-04-01"
FILES = ("hgnc_complete_set*.txt", "hgnc_complete_set*.tsv*")
COLUMNS = {
    "symbol": "symbol",
    "name": "name",
    "alias_symbol": "alias",
    "alias_name": "alias",
    "prev_symbol": "previous",
    "prev_name": "previous",
}
"""The columns of names, and what kind of name each holds."""
_ORDER = list(dict.fromkeys(COLUMNS.values()))


def convert(source: Source, files: AtHand, to: Path) -> Iterator[Made]:
    """Write kb/hgnc, genes that were withdrawn left out."""
    base = Base("hgnc", "Human genes: symbols, names, aliases and former names", "HGNC")
    member = files.first(*FILES)
    if member is None:
        yield not_at_hand(to / "kb" / base.name, FILES)
        return
    date = re.search(r"\d{4}-\d\d-\d\d", member.path.name)
    base = base._replace(version=date[0] if date else "not known")
    yield write_names(source, to, base, names(files.on_disk(member)))


def names(path: Path) -> Iterator[Name]:
    """Yield the names of each gene, its symbol first; a text that several columns have once.

    Raises:
        KnowledgeError: BL703, BL705 as `opened`; BL705 also for a line with a wrong number of cells;
            BL706 a missing column.
    """
    with opened(path) as stream:
        lines = (line.decode("utf-8-sig" if not i else "utf-8") for i, line in enumerate(stream))
        table = csv.DictReader(lines, delimiter="\t", restkey="", strict=True)
        missing = {"hgnc_id", "status", *COLUMNS} - set(table.fieldnames or ())
        if missing:
            raise KnowledgeError("BL706", f"column `{min(missing)}` is not in {path}")
        for row in _rows(table, path):
            if row["status"] != "Approved":
                continue
            found = {
                text.strip(): kind
                for column, kind in reversed(COLUMNS.items())
                for text in row[column].split("|")
            }
            found.pop("", None)
            for text, kind in sorted(found.items(), key=lambda item: _ORDER.index(item[1])):
                yield Name(row["hgnc_id"], text, kind)


def _rows(table: "csv.DictReader[str]", path: Path) -> Iterator[dict[str, str]]:
    try:
        for row in table:
            if "" in row or None in row.values():
                raise broken(path, f"line {table.line_num} has not as many cells as the header")
            yield row
    except csv.Error as error:
        raise broken(path, f"line {table.line_num}: {error}") from error


SOURCE = Source(
    name="hgnc",
    title="The HUGO Gene Nomenclature Committee's genes",
    release=RELEASE,
    licence="CC0",
    cite="Seal et al. 2023, Nucleic Acids Research 51:D1003",
    home="https://www.genenames.org",
    remotes=(
        Remote(
            "https://storage.googleapis.com/public-download-files/hgnc/archive/archive/quarterly/tsv/"
            f"hgnc_complete_set_{RELEASE}.txt",
            size=16_700_000,
        ),
    ),
    convert=convert,
)


if __name__ == "__main__":
    sys.exit(run(SOURCE))
