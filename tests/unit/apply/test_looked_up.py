"""What declarations of ontologies say about looking up, each beside the same without it."""

from pathlib import Path

import pytest

from biolabel.apply.knowledge import load_knowledge
from biolabel.apply.terms import TermFinder
from tests.unit.apply.world import corpus, plan_of, text_of

ALPHA = "\N{GREEK SMALL LETTER ALPHA}"
TABLE = """id\tname\tkind\ttree\ttype\tsource
X:1\tALL\tabbreviation\tC04.1\tT191\tmesh
X:2\tkidney cancer\texact\tC04.2\tT191\tdoid
X:3\theadache\texact\tC10\tT184\tmesh
X:4\tTNF alpha\texact\tD12\tT116\tmesh
X:5\ttumor\texact\tC04\tT191\tmesh
X:6\thypertension\texact\tC14\tT047\tmesh
X:7\theart failure\texact\tC14.5\tT047\tmesh
"""
RULES = """
list everyday
  words: head*, tumor
ontology o
  from: tsv "names.tsv"
  columns: id = "id", name = "name", kind = "kind", tree = "tree", type = "type"
  ids: "X"
{field}
document t
  labels: yes, other
rule x for t
  votes: yes
  when: document has o
"""


def found(folder: Path, field: str, text: str) -> list[str]:
    (folder / "names.tsv").write_text(TABLE, encoding="utf-8")
    plan = plan_of(folder, RULES.format(field=f"  {field}" if field else ""))
    over = corpus(text)
    hits = TermFinder(over, load_knowledge(plan, frozenset())).hits("o")
    spans = zip(hits.first.tolist(), hits.end.tolist(), strict=True)
    return [text_of(over, first, end) for first, end in spans]


@pytest.mark.parametrize(
    ("field", "text", "without", "with_it"),
    [
        ("case: smart", "in all, ALL", ["all", "ALL"], ["ALL"]),
        ("via: exact", "two headaches", ["headaches"], []),
        ("via: reorder, plural", "cancer of kidneys", [], ["cancer of kidneys"]),
        ("via: reorder", "cancer of the kidney", [], ["cancer of the kidney"]),
        ("via: spelling", f"TNF-{ALPHA}", [], [f"TNF-{ALPHA}"]),
        ("via: spelling", "a tumour", [], ["tumour"]),
        ("via: fuzzy 0.9", "hypertenssion", [], ["hypertenssion"]),
        ("via: fuzzy 0.99", "hypertenssion", [], []),
        ("via: fuzzy 0.9", "hypotension", [], []),
        ("min_length: 4", "ALL, tumor", ["ALL", "tumor"], ["tumor"]),
        ("stop: everyday", "tumor, headache, ALL", ["tumor", "headache", "ALL"], ["ALL"]),
        ('drop: "heart failure"', "heart failure, ALL", ["heart failure", "ALL"], ["ALL"]),
        ('add: "grippe" = "X:9"', "grippe", [], ["grippe"]),
        ('under: "C04"', "kidney cancer, headache", ["kidney cancer", "headache"], ["kidney cancer"]),
        ('under: "T047"', "heart failure, ALL", ["heart failure", "ALL"], ["heart failure"]),
        ('not_under: "T047"', "heart failure, ALL", ["heart failure", "ALL"], ["ALL"]),
        ('where: source = "doid"', "ALL, kidney cancer", ["ALL", "kidney cancer"], ["kidney cancer"]),
        ('where: kind = "exact"', "ALL, tumor", ["ALL", "tumor"], ["tumor"]),
    ],
)  # fmt: skip
def test_each_field_changes_what_is_found(
    tmp_path: Path, field: str, text: str, without: list[str], with_it: list[str]
) -> None:
    assert found(tmp_path, "", text) == without
    assert found(tmp_path, field, text) == with_it


def test_hyphens_never_count(tmp_path: Path) -> None:
    assert found(tmp_path, "", "Heart-failure") == ["Heart-failure"]
