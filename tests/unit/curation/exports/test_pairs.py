import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from biolabel.curation.exports.pairs import write_pairs
from biolabel.curation.review import Reviewed
from biolabel.errors import RunError
from biolabel.kb.catalog import entry, verify
from biolabel.kb.pairs import read_pairs
from biolabel.kb.sources import Source

PAIR = ("MESH:D008094", "MESH:D014202")


def test_the_catalog_reads_it(tmp_path: Path, accepted: Reviewed, undecided: Reviewed) -> None:
    write_pairs(tmp_path / "curated", "curated", (accepted, undecided))
    verify(entry("curated", tmp_path), tmp_path)
    source = Source("catalog", ("curated",), catalog=tmp_path)
    found = read_pairs(source)
    assert dict(found.counts["causes"]) == {PAIR: 2}
    assert found.cited(PAIR, "causes") == ("11", "12")


def test_documents_that_are_labeled_are_withheld(tmp_path: Path, accepted: Reviewed) -> None:
    write_pairs(tmp_path / "curated", "curated", (accepted,))
    source = Source("catalog", ("curated",), catalog=tmp_path)
    one = read_pairs(source, frozenset({"11"}))
    assert (dict(one.counts["causes"]), one.withheld) == ({PAIR: 1}, 1)
    none = read_pairs(source, frozenset({"11", "12"}))
    assert dict(none.counts["causes"]) == {}


def test_a_rule_file_reads_the_table_alone(tmp_path: Path, accepted: Reviewed) -> None:
    write_pairs(tmp_path, "curated", (accepted,))
    shutil.copy(tmp_path / "pairs.tsv", tmp_path / "mine.tsv")
    columns = {"subject": "subject", "object": "object", "subset": "kind", "evidence": "evidence"}
    found = read_pairs(Source("tsv", (str(tmp_path / "mine.tsv"),), tmp_path, columns=columns))
    assert dict(found.counts["causes"]) == {PAIR: 2}


def test_concepts_of_several_vocabularies(tmp_path: Path, accepted: Reviewed) -> None:
    other = replace(accepted, assertion=replace(accepted.assertion, object="OMIM:1"))
    write_pairs(tmp_path / "curated", "curated", (accepted, other))
    found = read_pairs(Source("catalog", ("curated",), catalog=tmp_path))
    assert set(found.counts["causes"]) == {PAIR, (PAIR[0], "OMIM:1")}


def test_texts_are_no_concepts(tmp_path: Path, undecided: Reviewed) -> None:
    with pytest.raises(RunError) as caught:
        write_pairs(tmp_path, "curated", (undecided,))
    assert caught.value.code == "BL984"
    assert list(tmp_path.iterdir()) == []
