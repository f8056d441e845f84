"""Reviewed assertions as a knowledge base of pairs that rules can look up."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from biolabel.curation.exports.kgx import stating
from biolabel.curation.review import Reviewed
from biolabel.curation.table import write_lines
from biolabel.errors import RunError

COLUMNS = ("subject", "object", "kind", "evidence", "subject_name", "object_name", "probability")
"""The columns of the table; `kind` is the predicate, `evidence` the documents, for the leak guard."""
_TABLE = "pairs.tsv"


def write_pairs(folder: Path, name: str, reviewed: Sequence[Reviewed]) -> tuple[Path, ...]:
    """Write the table `pairs.tsv` and its `kb.toml` (CONTRIBUTING.md: a knowledge base); return their paths.

    Pairs of concepts count; a mention without one is none that another text could be compared with.
    `pair in NAME.LABEL` asks for the assertions with one label. Evidence from documents that are being
    labeled is left out when rules look pairs up, as that of any knowledge base is.

    Raises:
        RunError: BL984 when there is no pair to write.
        CorpusError: BL604 when a file cannot be written.
    """
    rows = sorted(_row(each) for each in reviewed if _concepts(each))
    if not rows:
        raise RunError(
            "BL984",
            "there are no assertions between concepts to make a knowledge base of",
            hint="accept some first, or export with --all",
        )
    table = write_lines(folder / _TABLE, map("\t".join, (COLUMNS, *rows)))
    prefix = rows[0][0].partition(":")[0]
    lines = [
        f'name = "{name}"',
        'kind = "pairs"',
        'title = "Assertions that curators have reviewed"',
        'source = "biolabel export --to kb"',
        f'version = "{len(rows)} pairs"',
        'licence = "that of the documents and decisions behind it"',
        f'file = "{_TABLE}"',
        'where = "package"',
        f'sha256 = "{sha256(table.read_bytes()).hexdigest()}"',
        f'prefix = "{prefix}"',
        'separator = "|"',
        "",
        "[columns]",
        'subject = "subject"',
        'object = "object"',
        'subset = "kind"',
        'evidence = "evidence"',
    ]
    return table, write_lines(folder / "kb.toml", lines)


def _concepts(reviewed: Reviewed) -> bool:
    return all(":" in side for side in (reviewed.assertion.subject, reviewed.assertion.object))


def _row(reviewed: Reviewed) -> tuple[str, ...]:
    a = reviewed.assertion
    names = (" ".join(name.split()) for name in (a.subject_name, a.object_name))
    documents = "|".join(stating(reviewed))
    return a.subject, a.object, a.predicate, documents, *names, f"{a.probability:.6g}"
