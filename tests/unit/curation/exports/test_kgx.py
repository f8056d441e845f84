import csv
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from biolabel.curation.exports.kgx import stating, write_kgx
from biolabel.curation.exports.tables import write_table
from biolabel.curation.exports.vocabulary import Vocabulary
from biolabel.curation.review import Outcome, Reviewed, Verdict
from biolabel.errors import CorpusError

WORDS = Vocabulary({"causes": "biolink:causes"})
TYPES = {"MESH:D008094": "Chemical", "MESH:D014202": "Disease", "drug x|y": "Chemical"}
LEVELS = {
    "knowledge_assertion", "logical_entailment", "prediction", "statistical_association",
    "observation", "not_provided",
}  # fmt: skip
AGENTS = {
    "manual_agent", "automated_agent", "data_analysis_pipeline", "computational_model",
    "text_mining_agent", "image_processing_agent", "manual_validation_of_automated_agent",
    "not_provided",
}  # fmt: skip
CURIE = re.compile(r"[A-Za-z_][\w.-]*:\S+")


def rows(path: Path) -> list[dict[str, str]]:
    """Read a table as KGX does: no quotes, no escapes."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def check_graph(folder: Path) -> tuple[dict[str, dict[str, str]], list[dict[str, str]]]:
    """Return nodes by id and edges, after checking what Biolink demands of every node and edge."""
    nodes = {row["id"]: row for row in rows(folder / "nodes.tsv")}
    edges = rows(folder / "edges.tsv")
    for node in nodes.values():
        assert CURIE.fullmatch(node["id"])
        assert re.fullmatch(r"biolink:[A-Z][A-Za-z]+", node["category"])
    for edge in edges:
        assert {edge["subject"], edge["object"]} <= nodes.keys()
        assert re.fullmatch(r"biolink:[a-z_]+", edge["predicate"])
        assert edge["category"] == "biolink:Association"
        assert edge["knowledge_level"] in LEVELS
        assert edge["agent_type"] in AGENTS
        assert re.fullmatch(r"infores:[a-z-]+", edge["primary_knowledge_source"])
        assert all(CURIE.fullmatch(each) for each in edge["publications"].split("|") if each)
        assert re.fullmatch(r"ECO:\d{7}", edge["has_evidence"])
        assert 0 <= float(edge["extraction_confidence_score"]) <= 1
    assert len({edge["id"] for edge in edges}) == len(edges)
    return nodes, edges


def test_a_graph(tmp_path: Path, accepted: Reviewed, undecided: Reviewed) -> None:
    write_kgx(tmp_path / "new", (accepted, undecided), TYPES, WORDS)
    nodes, (confirmed, mined) = check_graph(tmp_path / "new")
    assert {id_: (n["category"], n["name"]) for id_, n in nodes.items()} == {
        "MESH:D008094": ("biolink:ChemicalEntity", "lithium carbonate"),
        "MESH:D014202": ("biolink:Disease", 'tremor "fine"'),
        "BIOLABEL:drug%20x%7Cy": ("biolink:ChemicalEntity", "Drug X|Y"),
    }
    assert confirmed["predicate"] == "biolink:causes"
    assert confirmed["knowledge_level"] == "knowledge_assertion"
    assert confirmed["agent_type"] == "manual_validation_of_automated_agent"
    assert (confirmed["publications"], confirmed["evidence_count"]) == ("PMID:11|PMID:12", "2")
    assert (mined["knowledge_level"], mined["agent_type"]) == ("not_provided", "text_mining_agent")
    assert mined["publications"] == "PMC:PMC7"
    evidence = rows(tmp_path / "new" / "evidence.tsv")
    assert [row["edge"] for row in evidence] == [confirmed["id"]] * 3 + [mined["id"]]
    assert [row["document"] for row in evidence] == ["11", "12", "13", "PMC7"]


def test_documents_are_those_that_curators_see_it_in(accepted: Reviewed) -> None:
    assert stating(accepted) == ("11", "12")
    undone = replace(accepted, decisions=(), outcome=Outcome())
    assert stating(undone) == ("11", "12")
    said: Mapping[int, Verdict] = {0: "reject", 2: "accept"}
    on_rows = tuple(
        replace(accepted.decisions[0], id=9 + n, evidence=accepted.evidence_ids[n], verdict=verdict)
        for n, verdict in said.items()
    )
    judged = replace(accepted, decisions=(*accepted.decisions, *on_rows))
    assert stating(judged) == ("12", "13")


def test_an_empty_graph(tmp_path: Path) -> None:
    write_kgx(tmp_path, (), {}, WORDS)
    assert check_graph(tmp_path) == ({}, [])


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError) as caught:
        write_table(tmp_path / "file" / "nodes.tsv", ("id",), ())
    assert caught.value.code == "BL604"
