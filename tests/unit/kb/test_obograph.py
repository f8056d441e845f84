from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.obograph import curies_of_iris, read_obograph, tail_of


def test_addresses_become_curies() -> None:
    iris = ["http://purl.obolibrary.org/obo/DOID_4", "DOID:5", "http://x.org/thing", "", "no"]
    assert curies_of_iris(iris) == ("DOID:4", "DOID:5")


def test_the_tail_of_an_address() -> None:
    assert tail_of("http://a.b/c#d") == "d"
    assert tail_of("http://a.b/c") == "c"
    assert tail_of("hasExactSynonym") == "hasExactSynonym"


def test_graphs_may_share_classes_and_one_may_not_repeat_them(tmp_path: Path) -> None:
    node = '{"id": "X:1", "lbl": "a", "type": "CLASS"}'
    (tmp_path / "a.json").write_text(
        f'{{"graphs": [{{"nodes": [{node}]}}, {{"nodes": [{node}]}}]}}'
    )
    assert read_obograph(tmp_path / "a.json").names == {"X:1": ("a",)}
    (tmp_path / "a.json").write_text(f'{{"graphs": [{{"nodes": [{node}, {node}]}}]}}')
    with pytest.raises(KnowledgeError, match="X:1 is defined again") as raised:
        read_obograph(tmp_path / "a.json")
    assert raised.value.code == "BL721"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"graphs": [{"x": ' + "9" * 5000 + "}]}",
        '{"graphs": [{"nodes": [{"id": "X:1", "lbl": "\\ud800", "type": "CLASS"}]}]}',
    ],
)
def test_json_that_breaks_the_parser(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, "utf-8")
    with pytest.raises(KnowledgeError) as raised:
        read_obograph(path)
    assert raised.value.code == "BL705"
