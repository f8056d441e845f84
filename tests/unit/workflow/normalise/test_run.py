import json
from pathlib import Path

import pytest

from biolabel.errors import CorpusError
from biolabel.workflow.corpora import Sources
from biolabel.workflow.normalise import run as runs
from biolabel.workflow.normalise.run import Normalised, Wanted, normalise
from biolabel.workflow.normalise.vocabulary import named_vocabulary

TEXTS = """1|t|Severe colds and renal or hepatic failure
1|a|Iron helps.
1\t0\t12\tSevere colds\tDisease\t-1
1\t17\t41\trenal or hepatic failure\tDisease\t-1
1\t42\t46\tIron\tChemical\tC:1

2|t|Nothing of the kind
2|a|A cold.

"""
TERMS = (
    "id\tname\nX:1\tcold\nX:2\trenal failure\nX:3\thepatic failure\nX:4\tcommon disease\nX:5\ton\n"
)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "terms.tsv").write_text(TERMS)
    path = tmp_path / "a.pubtator"
    path.write_text(TEXTS)
    return path


def run(docs: Path, out: Path, wanted: Wanted | None = None, type_: str = "Disease=") -> Normalised:
    vocabulary = named_vocabulary([f"{type_}{docs.parent / 'terms.tsv'}"])
    return normalise(Sources([docs]), vocabulary, out, wanted)


def test_given_mentions_of_the_type(docs: Path, tmp_path: Path) -> None:
    done = run(docs, tmp_path / "o.jsonl")
    assert (done.documents, done.mentions) == (2, 2)
    assert done.left == {"Chemical": 1}
    assert done.ways["part, exact"] == 2
    rows = [json.loads(line) for line in (tmp_path / "o.jsonl").read_text().splitlines()]
    assert [[r["ranked"][0]["concept"] for r in row["readings"]] for row in rows] == [
        ["X:1"],
        ["X:2", "X:3"],
    ]
    assert not (tmp_path / "o.jsonl.rejects.tsv").exists()


def test_names_are_found(docs: Path, tmp_path: Path) -> None:
    done = run(docs, tmp_path / "o.pubtator", Wanted(("Ill",), find=True), "")
    assert done.mentions == 3
    lines = (tmp_path / "o.pubtator").read_text().splitlines()
    assert [line.split("\t")[3:] for line in lines if "\t" in line] == [
        ["colds", "Ill", "X:1"], ["renal or hepatic failure", "Ill", "X:2|X:3"], ["cold", "Ill", "X:1"],
    ]  # fmt: skip


def test_rejects_are_told(docs: Path, tmp_path: Path) -> None:
    docs.write_text(TEXTS.replace("0\t12", "0\t11"))
    done = run(docs, tmp_path / "o.tsv")
    assert done.mentions == 1
    assert done.rejects.counts() == {"mention": 1}
    assert (tmp_path / "o.tsv.rejects.tsv").exists()


@pytest.mark.parametrize(
    ("wanted", "type_", "hint"),
    [
        (Wanted(("Diseases",)), "", "did you mean Disease?"),
        (None, "Ill=", "TYPE=NAME"),
    ],
)
def test_nothing_to_normalize(
    docs: Path, tmp_path: Path, wanted: Wanted | None, type_: str, hint: str
) -> None:
    with pytest.raises(CorpusError) as caught:
        run(docs, tmp_path / "o.tsv", wanted, type_)
    assert caught.value.code == "BL741"
    assert hint in caught.value.hint
    assert not (tmp_path / "o.tsv").exists()


def test_documents_without_mentions_or_names(docs: Path, tmp_path: Path) -> None:
    docs.write_text("1|t|Nothing\n1|a|of the kind\n\n")
    with pytest.raises(CorpusError, match="no mentions"):
        run(docs, tmp_path / "o.tsv")
    with pytest.raises(CorpusError, match="no name"):
        run(docs, tmp_path / "o.tsv", Wanted(find=True))


FREQUENT = """1|t|Cold
1|a|.
1\t0\t4\tCold\tDisease\t-1
1\t0\t3\tCool\tDisease\t-1

2|t|Chilly feeling
2|a|.
2\t0\t14\tChilly feeling\tDisease\t-1

"""


def test_of_equals_the_concept_that_other_documents_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_BATCH", 1)
    terms = "id\tname\tsynonyms\nX:1\tcold\t\nX:2\tcold\tchilly feeling\n"
    (tmp_path / "terms.tsv").write_text(terms)
    docs = tmp_path / "a.pubtator"
    docs.write_text(FREQUENT)

    def firsts(wanted: Wanted) -> list[str]:
        done = run(docs, tmp_path / "o.jsonl", wanted)
        assert (done.documents, done.rejects.counts()) == (2, {"mention": 1})
        rows = [json.loads(line) for line in (tmp_path / "o.jsonl").read_text().splitlines()]
        return [row["readings"][0]["ranked"][0]["concept"] for row in rows]

    assert firsts(Wanted()) == ["X:1", "X:2"]
    assert firsts(Wanted(frequent=True)) == ["X:2", "X:2"]
