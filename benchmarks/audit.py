"""Whether `biolabel kb audit` sees that a knowledge base holds the answers, and leaves clean ones alone.

`python benchmarks/audit.py` plants leaks: a share of BC5CDR's gold pairs, drawn at random, is added to
tables that were made without them, or makes a table by itself. The tables are CTD's pairs with the numbers
of their papers only, SIDER's side effects and the indications; candidates are all pairs of given concepts
of a document. The thresholds of `evaluation.audit` were set by what this prints of the training part;
figures of dev, on which nothing was chosen, stand beside.

A leak of all gold of a part must be seen in every table, and no clean table be suspected. How small a
leak is still seen is told without a target. Last, CTD gets all gold of the training part with the PubMed
ids of its documents, as CTD itself has it: the guard must take away just that.
"""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from frame import Row, write

from biolabel.evaluation.audit import Overlap, Pair, Placed, overlap, suspicion
from biolabel.kb.catalog import table_path
from biolabel.kb.named import named
from biolabel.kb.tables import read_table
from biolabel.resources import data_root
from biolabel.text.formats import pubtator
from biolabel.text.rejects import Rejects

TABLES = ("ctd", "side_effects", "indications")
SHARES = tuple(share / 20 for share in range(21))
Part = tuple[frozenset[Placed], frozenset[Placed]]
"""Candidate pairs and gold pairs of some documents."""


def read(name: str) -> Part:
    """Return the pairs of a part of BC5CDR."""
    candidates: set[Placed] = set()
    gold: set[Placed] = set()
    path = data_root() / "corpora" / "cdr" / f"{name}.pubtator.gz"
    for number, document in enumerate(pubtator.read(path, Rejects())):
        concepts = {
            kind: {c for m in document.mentions if m.type == kind for c in m.concepts}
            for kind in ("Chemical", "Disease")
        }
        candidates |= {(number, a, b) for a in concepts["Chemical"] for b in concepts["Disease"]}
        gold |= {(number, r.subject, r.object) for r in document.relations}
    return frozenset(candidates), frozenset(gold)


def leaked(table: frozenset[Pair], gold: frozenset[Placed], share: float) -> frozenset[Pair]:
    """Return a table with a share of the gold pairs, drawn with one seed."""
    pairs = sorted({placed[1:] for placed in gold})
    order = np.random.default_rng(0).permutation(len(pairs))
    return table | {pairs[i] for i in order[: round(share * len(pairs))]}


def overlaps(table: frozenset[Pair], parts: Mapping[str, Part]) -> dict[str, Overlap]:
    """Return the overlap of a table with each part."""
    return {name: overlap(*part, table) for name, part in parts.items()}


def smallest(table: frozenset[Pair], parts: Mapping[str, Part], gold: frozenset[Placed]) -> float:
    """Return the smallest share of leaked gold from which on the audit suspects the table, 2 for none."""
    seen = [bool(suspicion(overlaps(leaked(table, gold, s), parts), cites=False)) for s in SHARES]
    return next((s for i, s in enumerate(SHARES) if all(seen[i:])), 2.0)


def main() -> None:
    """Plant leaks in each table and write how the audit takes them."""
    parts = {name: read(name) for name in ("train", "dev")}
    train, both = parts["train"][1], parts["train"][1] | parts["dev"][1]
    tables = {name: frozenset(named(name).pairs().counts[""]) for name in TABLES}
    rows: list[Row] = []
    for name, table in tables.items():
        for part, found in overlaps(table, parts).items():
            rows += [
                Row(f"{name}, clean: recall on {part}", found.recall),
                Row(f"{name}, clean: precision on {part}", found.precision),
            ]
        clean = bool(suspicion(overlaps(table, parts), cites=False))
        rows.append(Row(f"{name}, clean: suspected", float(clean), 0.0, "", not clean))
    for name, table in {**tables, "nothing": frozenset[Pair]()}.items():
        for part, pairs in (("train", train), ("train and dev", both)):
            least = smallest(table, parts, pairs)
            title = f"{name} with gold of {part}: smallest share that is seen"
            rows.append(Row(title, least, 1.0, "of the gold", least <= 1.0))
        alone = smallest(table, {"train": parts["train"]}, train)
        title = f"{name} with gold of train, dev unknown: smallest share that is seen"
        rows.append(Row(title, alone, 1.0, "of the gold", alone <= 1.0))
    rows += guarded(parts["train"])
    write("audit", rows)


def guarded(part: Part) -> list[Row]:
    """Return what CTD with the gold of the training part has of it, with and without the guard."""
    path = data_root() / "corpora" / "cdr" / "train.pubtator.gz"
    ids = [document.id for document in pubtator.read(path, Rejects())]
    ctd = named("ctd")
    clean = overlap(*part, ctd.pairs().counts[""])
    if ctd.entry is None:
        raise SystemExit("the catalog has no CTD")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "ctd.tsv"
        table = read_table(table_path(ctd.entry)).select(
            ["chemical_id", "disease_id", "pubmed_ids"]
        )
        known = ("\t".join(row.values()) for row in table.to_pylist())
        planted = (f"{a}\t{b}\t{ids[number]}" for number, a, b in sorted(part[1]))
        head = "chemical_id\tdisease_id\tpubmed_ids"
        file.write_text("\n".join([head, *known, *planted]) + "\n", encoding="utf-8")
        leaky = named(str(file), like=ctd.entry)
        off, on = leaky.pairs(), leaky.pairs(frozenset(ids))
    open_, shut = overlap(*part, off.counts[""]), overlap(*part, on.counts[""])
    title = "CTD with the gold of train and its documents"
    return [
        Row(f"{title}: recall without guard", open_.recall, 1.0, "", open_.recall == 1.0),
        Row(f"{title}: recall with guard", shut.recall, clean.recall, "", shut == clean),
        Row(f"{title}: pieces of evidence withheld", on.withheld, len(part[1]), "",
            on.withheld == len(part[1])),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
