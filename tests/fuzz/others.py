"""What is read of other tools' votes, of corpus stores, databases and models, with files that are right."""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet
from scipy import sparse

from biolabel.curation.store import all_decisions, open_database, read_audit
from biolabel.data.documents import Document, Passage
from biolabel.data.labels import Task
from biolabel.interop.files import read_array, read_sparse
from biolabel.interop.matrices import from_metal, from_snorkel
from biolabel.text.formats.known import read_documents
from biolabel.text.pipeline import Pipeline
from biolabel.text.rejects import Rejects
from biolabel.text.store import write
from biolabel.text.store_checks import verify

TASK = Task("cid", "relation", ("none", "causes"))
CTD_PAIRS = (
    "# Fields:\n# ChemicalName\tChemicalID\tDiseaseName\tDiseaseID\tDirectEvidence\tPubMedIDs\n#\n"
    "Zinc\tD015032\tTremor\tMESH:D014202\tmarker/mechanism\t11|12\n"
)
DRUGPROT: Mapping[str, bytes] = {
    "x_abstracts.tsv": b"1\tZinc and sleep\tZinc slept.\n",
    "x_entities.tsv": b"1\tT1\tCHEMICAL\t0\t4\tZinc\n1\tT2\tGENE-Y\t9\t14\tsleep\n",
    "x_relations.tsv": b"1\tINHIBITOR\tArg1:T1\tArg2:T2\n",
}
_EXAMPLE = {"data": {"text": "Zinc"}, "weak_labels": [0, -1], "label": 1}
WRENCH: Mapping[str, bytes] = {
    "label.json": b'{"0": "none", "1": "causes"}',
    "meta.json": b'{"lf": ["a", "b"]}',
    "train.json": json.dumps({"0": _EXAMPLE}).encode(),
}
TAGS: Mapping[str, bytes] = {
    "meta.json": b'{"lf": ["a"], "entity_types": ["causes"]}',
    "train.json": b'{"0": {"data": {}, "weak_labels": [["O"], ["B-causes"]], "label": ["O", "O"]}}',
}


def files_of(folder: Path) -> tuple[str, ...]:
    """Return the names of the files of a folder, in their order."""
    return tuple(
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    )


def array(folder: Path) -> None:
    """Read Snorkel's matrix as `votes import` does."""
    found = read_array(folder / "L.npy")
    from_snorkel(found, TASK, [str(number) for number in range(found.shape[1])])


def array_bytes() -> bytes:
    """Return a file that `array` reads."""
    sink = BytesIO()
    np.save(sink, np.array([[0, -1], [1, 1]]))
    return sink.getvalue()


def matrix(folder: Path) -> None:
    """Read MeTaL's matrix as `votes import` does."""
    found = read_sparse(folder / "L.npz")
    if max(found.shape) < 10_000:  # more rows than there are candidates are refused before
        from_metal(found, TASK, [str(number) for number in range(found.shape[1])])


def matrix_bytes() -> bytes:
    """Return a file that `matrix` reads, not packed, so that its parts can be damaged."""
    sink = BytesIO()
    sparse.save_npz(sink, sparse.csr_matrix([[1, 0], [2, 2]]), compressed=False)
    return sink.getvalue()


def table_bytes() -> bytes:
    """Return a file that `read_votes_table` reads."""
    sink = BytesIO()
    columns = {"rule": ["a", "b"], "labels": [["none"], ["causes"]], "doc": ["1", "1"]}
    parquet.write_table(pa.table(columns), sink)
    return sink.getvalue()


def docs(folder: Path) -> None:
    """Read skweak's documents as `votes import` does."""
    from spacy.vocab import Vocab

    from biolabel.interop.docs import read_docs

    for doc in read_docs(folder / "votes.spacy", Vocab()):
        for group in doc.spans.values():
            _ = group.attrs.get("aggregated"), [(span.label_, span.start_char) for span in group]


def docs_bytes() -> bytes:
    """Return a file that `docs` reads."""
    from spacy.tokens import Doc, DocBin, Span
    from spacy.vocab import Vocab

    doc = Doc(Vocab(), words=["Zinc", "slept"])
    doc.spans["a"] = [Span(doc, 0, 1, label="causes")]
    found: bytes = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    return found


def store(folder: Path) -> None:
    """Look a corpus store through, and read one without faults."""
    if not list(verify(folder)):
        for document in read_documents(folder, Rejects(), "store"):
            _ = document.text


def store_folder(whole: Path) -> Path:
    """Write a corpus store, and return its folder."""
    document = Document("1", (Passage("title", 0, "Zinc slept"),))
    write(whole, [document], Pipeline(sentences="naive", abbreviations=False))
    return whole


def database(folder: Path) -> None:
    """Open a database of decisions, and read them."""
    opened = open_database(folder / "review.db", patience=0)
    try:
        _ = list(all_decisions(opened)), list(read_audit(opened))
    finally:
        opened.close()


def database_bytes(folder: Path) -> bytes:
    """Return an empty database."""
    folder.mkdir(parents=True, exist_ok=True)
    open_database(folder / "review.db").close()
    return (folder / "review.db").read_bytes()


def encoder(folder: Path) -> None:
    """Load an encoder."""
    from biolabel.endmodel.encoder import load_encoder

    load_encoder(str(folder))


def end_model(folder: Path) -> None:
    """Load an end model."""
    from biolabel.endmodel.store import load

    load(folder)


def end_model_folder(whole: Path, encoder: Path) -> Path:
    """Write an end model that has learned nothing, and return its folder."""
    from biolabel.endmodel.encoder import load_encoder
    from biolabel.endmodel.model import EndModel
    from biolabel.endmodel.network import Network
    from biolabel.endmodel.settings import Settings
    from biolabel.endmodel.store import save

    settings = Settings(encoder=str(encoder), epochs=1)
    found, tokenizer = load_encoder(settings.encoder)
    network = Network(found, int(tokenizer.pad_token_id or 0), (TASK,), settings.dropout)
    save(EndModel(network, tokenizer, (TASK,), settings, 64), whole)
    return whole
