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
