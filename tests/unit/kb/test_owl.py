from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.owl import read_owl


def test_other_syntaxes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.owl").write_text(
        "<Ontology xmlns='http://www.w3.org/2002/07/owl#'><Class/></Ontology>"
    )
    with pytest.raises(KnowledgeError, match="save it as RDF/XML"):
        read_owl(tmp_path / "a.owl")


HEAD = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:owl="http://www.w3.org/2002/07/owl#"
  xmlns:oboInOwl="http://www.geneontology.org/formats/oboInOwl#">"""


def test_axioms_tell_the_type_of_a_synonym(tmp_path: Path) -> None:
    (tmp_path / "a.owl").write_text(
        f"""{HEAD}
        <owl:Axiom>
          <owl:annotatedSource rdf:resource="http://purl.obolibrary.org/obo/HP_1"/>
          <owl:annotatedProperty
            rdf:resource="http://www.geneontology.org/formats/oboInOwl#hasExactSynonym"/>
          <owl:annotatedTarget>wide eyes</owl:annotatedTarget>
          <oboInOwl:hasSynonymType rdf:resource="http://purl.obolibrary.org/obo/hp#layperson"/>
        </owl:Axiom>
        <owl:Class rdf:about="http://purl.obolibrary.org/obo/HP_1">
          <rdfs:label>Hypertelorism</rdfs:label>
          <oboInOwl:hasExactSynonym>wide
            eyes</oboInOwl:hasExactSynonym>
        </owl:Class>
        <owl:Class rdf:about="http://purl.obolibrary.org/obo/HP_1">
          <oboInOwl:hasExactSynonym>far eyes</oboInOwl:hasExactSynonym>
        </owl:Class></rdf:RDF>"""
    )
    found = read_owl(tmp_path / "a.owl")
    assert found.names == {"HP:1": ("Hypertelorism", "wide eyes", "far eyes")}
    assert found.kinds == {"HP:1": {"wide eyes": "lay"}}
