from pathlib import Path

from biolabel.kb.aliases import of_aliases, same_concepts
from biolabel.kb.ontology import Ontology
from biolabel.kb.pairs import read_pairs
from biolabel.kb.sources import Source

OLD = Ontology({}, replaced={"X:1": "X:3", "X:2": "X:3", "Y:1": "X:3", "Z:1": "Z:2"})


def test_identifiers_of_one_concept_and_vocabulary() -> None:
    same = same_concepts([OLD, Ontology({})])
    assert same["X:1"] == {"X:2", "X:3"}
    assert same["X:3"] == {"X:1", "X:2"}
    assert same["Z:2"] == {"Z:1"}
    assert "Y:1" not in same
    assert of_aliases("subject", {}) == ()


def test_pairs_hold_for_old_and_current_identifiers_with_the_evidence_of_all(
    tmp_path: Path,
) -> None:
    (tmp_path / "k.tsv").write_text(
        "subject\tobject\tevidence\nX:1\tZ:2\t20001|20002\nX:3\tZ:1\t20002|20003\n"
    )
    same = same_concepts([OLD])
    expand = [*of_aliases("subject", same), *of_aliases("object", same)]
    found = read_pairs(Source("tsv", (str(tmp_path / "k.tsv"),)), expand=expand)
    assert dict(found.counts[""]) == {
        (subject, object_): 3 for subject in ("X:1", "X:2", "X:3") for object_ in ("Z:1", "Z:2")
    }
