"""Which reader reads which ontology file."""

from collections.abc import Sequence
from pathlib import Path

from biolabel.kb.ctd import read_ctd
from biolabel.kb.hgnc import read_hgnc
from biolabel.kb.mesh import read_mesh
from biolabel.kb.obo import read_obo
from biolabel.kb.obograph import read_obograph
from biolabel.kb.ontology import Ontology
from biolabel.kb.owl import read_owl
from biolabel.kb.sssom import read_sssom
from biolabel.kb.streams import PACKED
from biolabel.kb.tables import RowFilter


def read_file(format_: str, file: Path, where: Sequence[RowFilter], ids: str = "") -> Ontology:
    """Read an ontology file; those of `obo` and `owl` may be of either, or OBO Graph JSON, by their ending.

    ids: the prefix of the identifiers wanted of a mapping.

    Raises:
        KnowledgeError: as the readers.
    """
    match format_:
        case "mesh":
            return read_mesh(file, where)
        case "hgnc":
            return read_hgnc(file, where)
        case "ctd":
            return read_ctd(file, where)
        case "sssom":
            return read_sssom(file, where, ids)
    suffixes = [suffix for suffix in file.suffixes if suffix not in PACKED]
    match suffixes[-1] if suffixes else "":
        case ".json":
            return read_obograph(file, where)
        case ".owl" | ".rdf" | ".xml":
            return read_owl(file, where)
        case _:
            return (read_owl if format_ == "owl" else read_obo)(file, where)
