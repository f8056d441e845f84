from collections.abc import Callable
from dataclasses import replace

from biolabel.curation import surface_names
from biolabel.data.documents import Document, Mention, Passage
from biolabel.workflow.assertions import (
    assertions,
    concept_name,
    open_assertions,
)
from biolabel.workflow.bench import Bench

OpenBench = Callable[..., Bench]


def test_predicted_pairs_become_assertions(bench: Bench) -> None:
    found = open_assertions(assertions(bench, "corpus"), "cid")
    assert found
    for each in found:
        assert each.predicate == "causes"
        assert each.subject.startswith("MESH:")
        assert each.evidence
        assert {row.document for row in each.evidence} <= set(bench.corpus("corpus").ids)
        assert all(row.by_rules is not None and row.by_text is not None for row in each.evidence)
        assert each.calibrated is not None
    assert {row.passage for each in found for row in each.evidence} <= {"title", "abstract"}


def test_concepts_are_called_as_the_texts_write_them(bench: Bench) -> None:
    text = "Haemorrhages stopped. METFORMIN again was given."
    mentions = (
        Mention(0, 12, "Disease", ("MESH:D006470",)),
        Mention(22, 37, "Chemical", ("MESH:D008687",)),
    )
    document = Document("1", (Passage("title", 0, text),), mentions)
    ontologies = list(bench.knowledge.ontologies.values())
    names = {
        concept: texts for each in ontologies for concept, texts in each.ontology.names.items()
    }

    def called(document: Document, concept: str) -> str | None:
        return concept_name(ontologies, concept, surface_names([document]).get(concept))

    assert called(document, "MESH:D008687") == names["MESH:D008687"][0], "no name of it is written"
    assert called(document, "MESH:D006470") in {"Haemorrhages", names["MESH:D006470"][0]}
    shorter = replace(document, mentions=(replace(mentions[1], end=31),))
    assert called(shorter, "MESH:D008687") == "METFORMIN"
    assert concept_name(ontologies, "text alone", "Text alone") == "Text alone"
    assert concept_name(ontologies, "nowhere", None) is None
