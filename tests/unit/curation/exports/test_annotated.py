from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import bioc
import pytest
from bioc import biocjson, biocxml

from biolabel.curation.exports.annotated import annotated, between_mentions, claims
from biolabel.curation.review import Reviewed, Verdict
from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.text.formats import bioc_json, bioc_xml, brat, pubtator
from biolabel.text.rejects import Rejects

NAMES = {"CID": ("cid", "causes")}
LITHIUM, TREMOR, NAUSEA = "MESH:D008094", "MESH:D014202", "MESH:D009325"


def pairs(documents: Sequence[Document]) -> list[tuple[str, str, str]]:
    return [(d.id, r.subject, r.object) for d in documents for r in d.relations]


def test_only_relations_of_the_assertions_stay(
    documents: Sequence[Document], accepted: Reviewed, undecided: Reviewed
) -> None:
    found = list(annotated(documents, [accepted], NAMES))
    assert pairs(found) == [("11", LITHIUM, TREMOR), ("12", LITHIUM, TREMOR)]
    assert [d.mentions for d in found] == [d.mentions for d in documents]
    both = list(annotated(documents, [accepted, undecided], NAMES))
    assert pairs(both)[2:] == [("PMC7", "drug x|y", TREMOR)]
    assert claims(documents[0], NAMES) == [accepted.id]


def test_what_curators_say_of_a_document_counts(
    documents: Sequence[Document], accepted: Reviewed
) -> None:
    said: Mapping[int, Verdict] = {0: "reject", 2: "accept"}
    rows = tuple(
        replace(accepted.decisions[0], id=9 + n, evidence=accepted.evidence_ids[n], verdict=verdict)
        for n, verdict in said.items()
    )
    judged = replace(accepted, decisions=(*accepted.decisions, *rows))
    found = list(annotated(documents, [judged], NAMES))
    assert pairs(found) == [("12", LITHIUM, TREMOR), ("13", LITHIUM, TREMOR)]
    (added,) = found[2].relations
    assert (added.label, added.probability) == ("CID", 1)


def test_relations_between_mentions_belong_to_their_concepts(accepted: Reviewed) -> None:
    text = (Passage("title", 0, "Lithium and tremor"),)
    one, two = Mention(0, 7, "Chemical", (LITHIUM,)), Mention(12, 18, "Disease", (TREMOR,))
    relation = Relation("CID", one.names[-1], two.names[-1], "CID", 0.9)
    document = Document("11", text, (one, two), (relation,))
    (found,) = annotated([document], [accepted], NAMES)
    assert found.relations == (relation,)


def test_relations_between_concepts_go_to_their_closest_mentions() -> None:
    text = (Passage("title", 0, "A b. A c b"),)
    places = (0, "x", "X:1"), (2, "y", "Y:1"), (5, "x", "X:1"), (9, "y", "Y:1")
    mentions = [Mention(start, start + 1, type_, (id_,)) for start, type_, id_ in places]
    relations = (Relation("r", "X:1", "Y:1", "r"), Relation("r", "X:1", "Y:9", "r"))
    found = between_mentions(Document("1", text, tuple(mentions), relations))
    assert found.relations[0].subject == mentions[0].names[-1]
    assert found.relations[0].object == mentions[1].names[-1]
    assert found.relations[1] == relations[1], "what has no mentions stays as it is"


@pytest.fixture
def marked(documents: Sequence[Document], accepted: Reviewed) -> list[Document]:
    return list(annotated(documents, [accepted], NAMES))


def of_bioc(found: bioc.BioCCollection) -> list[tuple[object, ...]]:
    """Return what an independent reader finds in BioC."""
    return [
        (
            document.id,
            [
                (a.locations[0].offset, a.text, a.infons["type"], a.infons.get("identifier", ""))
                for passage in document.passages
                for a in passage.annotations
            ],
            [
                (r.infons["relation"], r.infons["subject"], r.infons["object"], r.infons["score"])
                for r in document.relations
            ],
        )
        for document in found.documents
    ]


def expected(documents: Sequence[Document]) -> list[tuple[object, ...]]:
    return [
        (
            d.id,
            [(m.start, d.text[m.start : m.end], m.type, "|".join(m.concepts)) for m in d.mentions],
            [(r.label, r.subject, r.object, repr(r.probability)) for r in d.relations],
        )
        for d in documents
    ]


def test_bioc_reads_both_forms(tmp_path: Path, marked: list[Document]) -> None:
    bioc_json.FORMAT.write(tmp_path / "a.json", marked)  # type: ignore[misc]
    bioc_xml.FORMAT.write(tmp_path / "a.xml", marked)  # type: ignore[misc]
    for found in (
        biocjson.loads((tmp_path / "a.json").read_text()),
        biocxml.loads((tmp_path / "a.xml").read_text()),
    ):
        assert of_bioc(found) == expected(marked)


def test_pubtator_and_brat_come_back(tmp_path: Path, marked: list[Document]) -> None:
    pubtator.write(tmp_path / "a.pubtator", marked)
    found = list(pubtator.read(tmp_path / "a.pubtator", Rejects()))
    assert expected(found) == expected(marked)
    moved = [between_mentions(document) for document in marked]
    brat.write(tmp_path / "brat", moved)
    there = {d.id: d for d in brat.read(tmp_path / "brat", Rejects())}
    for document in moved:
        keys = [(r.label, r.subject, r.object) for r in document.relations]
        found_keys = [(r.label, r.subject, r.object) for r in there[document.id].relations]
        assert found_keys == keys
        assert set(there[document.id].mentions) == set(document.mentions)
