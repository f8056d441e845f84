"""What is put to every reader: any bytes give what it reads or an error with a code, nothing else.

`tests/fuzz/readers.py` makes up bytes for one target; `tests/property/test_fuzz_targets.py` replays the
seeds, small files that are right, and what fuzzing has found, in `tests/fuzz/found/TARGET/`.
"""

import io
import json
import random
import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from biolabel.apply.store import load_votes, save_votes
from biolabel.apply.votefiles import documents_of, vote_file
from biolabel.augment.pool import Pool, Variant
from biolabel.augment.store import load as load_pool
from biolabel.augment.store import save as save_pool
from biolabel.curation.gold import COLUMNS as GOLD
from biolabel.curation.gold import read_gold
from biolabel.curation.table import COLUMNS as ASSERTIONS
from biolabel.curation.table import read_assertions
from biolabel.data.documents import Mention
from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.data.training import LabeledDocument, WordLabels
from biolabel.data.votes import TaskVotes
from biolabel.errors import BiolabelError
from biolabel.interop.files import read_rule_names, read_votes_table
from biolabel.interop.wrench import read_wrench
from biolabel.kb.catalog import entry_of
from biolabel.kb.pairs import read_pairs
from biolabel.kb.sources import Source, read_ontology
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.store import load as load_label_model
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects
from biolabel.workflow.settings import load_task
from tests.encoders import write_tiny_encoder
from tests.fuzz import others
from tests.fuzz.changes import changed
from tests.property.test_damaged_files import FILES as TEXTS
from tests.property.test_damaged_files import as_parquet
from tests.property.test_truncated_knowledge import ENDINGS
from tests.property.test_truncated_knowledge import FILES as ONTOLOGIES

FOUND = Path(__file__).parent / "found"
"""What fuzzing found: one folder a target, one file a finding, which stays when it is mended."""
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Target:
    """A reader, and small right files for it.

    names: the files of the input in the reader's folder, one that the bytes replace at a time: their first
    byte says which if there are several; read: reads what lies in a folder; seeds: bytes as `check` gets
    them; around: writes what else the folder needs.
    """

    names: tuple[str, ...]
    read: Callable[[Path], object]
    seeds: tuple[bytes, ...]
    around: Callable[[Path], object] = lambda _: None

    def changed(self, data: bytes, choices: random.Random) -> bytes:
        """Return bytes with some parts of their file replaced, left out, doubled or moved."""
        start = 1 if len(self.names) > 1 else 0
        return data[:start] + changed(data[start:], choices)


def check(target: Target, folder: Path, data: bytes) -> bool:
    """Put bytes to a reader; return whether it could read them.

    Any exception without a code goes through.
    """
    target.around(folder)
    name = target.names[data[0] % len(target.names)] if data else target.names[0]
    (folder / name).write_bytes(data[1:] if len(target.names) > 1 else data)
    try:
        target.read(folder)
    except BiolabelError as error:
        if not error.code.startswith("BL"):
            raise AssertionError(f"{error} has no code") from error
        return False
    return True


def _documents(format_: str, name: str, folder: Path) -> None:
    place = folder if name.startswith(("data.", "1.")) else folder / name
    rejects = Rejects()
    for document in read_documents(place, rejects, format_):
        _ = document.text
    for row in rejects.rows:
        _ = str(row)


def _corpus(format_: str, *seeds: bytes, name: str = "corpus") -> Target:
    return Target((name,), partial(_documents, format_, name), seeds)


def _terms(kind: str) -> Target:
    format_, text = ONTOLOGIES[kind]
    name = "MRCONSO.RRF" if format_ == "umls" else f"file{ENDINGS.get(kind, '.tsv')}"
    return Target((name,), partial(_ontology, format_, name), (text.encode(),))


def _ontology(format_: str, name: str, folder: Path) -> None:
    path = folder if format_ == "umls" else folder / name
    read_ontology(Source(format_, (str(path),)))


def _pairs(format_: str, name: str, folder: Path) -> None:
    read_pairs(Source(format_, (str(folder / name),)))


def _catalog(folder: Path) -> None:
    entry_of("pairs", "it", folder)


def _task(folder: Path) -> None:
    found = load_task(folder)
    found.rule_files()
    found.documents("corpus")


def _task_around(folder: Path) -> None:
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "a.rules").write_text("biolabel 1\n", "utf-8")


def _catalog_around(folder: Path) -> None:
    (folder / "it").mkdir(exist_ok=True)


def _of_files(folder: Path, names: Iterable[str]) -> tuple[bytes, ...]:
    """Return the files of a folder as seeds, each behind the number of its name."""
    return tuple(bytes([i]) + (folder / name).read_bytes() for i, name in enumerate(names))


def _restored(whole: Path, folder: Path) -> None:
    shutil.copytree(whole, folder, dirs_exist_ok=True)


def _folder(whole: Path, read: Callable[[Path], object]) -> Target:
    """Return the target of a reader of a folder, of which `whole` is one."""
    names = others.files_of(whole)
    return Target(names, read, _of_files(whole, names), partial(_restored, whole))


def _votes(whole: Path) -> Path:
    whole.mkdir(parents=True)
    task = Task("cid", "relation", ("none", "causes"))
    matrix = LabelMatrix(
        task,
        (LabelingFunction("a", 0.8, frozenset({"kb"})),),
        2,
        np.array([0, 1], np.int32),
        np.array([0, 0], np.int16),
        np.array([1, 2], np.uint64),
    )
    evidence = np.array([[0, 1], [2, 3]], np.int32)
    votes = TaskVotes(matrix, evidence, np.array([0, 0], np.int32), ("A:1", "A:2"), ("B:1", "B:2"))
    save_votes(whole, {"cid": votes})
    return whole


def _pool(whole: Path) -> Path:
    whole.mkdir(parents=True)
    words = np.array([[0, 4], [5, 10]], np.int32)
    labels = WordLabels(np.full((2, 2), 0.5, np.float32), np.ones(2, np.float32))
    document = LabeledDocument("d", "Zinc slept", words, (Mention(0, 4, "C", ("X:1",)),))
    document = replace(document, entities={"e": labels})
    save_pool(Pool({"d": [Variant(document, ("names",))]}, {}), whole)
    return whole


def _label_model(whole: Path) -> Path:
    from biolabel.data.labels import TaskGraph
    from biolabel.labelmodel.model import fit
    from biolabel.labelmodel.params import Settings
    from biolabel.labelmodel.store import save

    task = Task("cid", "relation", ("none", "causes"))
    lfs = (LabelingFunction("a", 0.8, frozenset({"kb"})), LabelingFunction("b"))
    matrices = {"cid": sparse(task, lfs, np.array([[1, 2], [2, 2], [0, 1], [0, 0]]))}
    graph = TaskGraph((task,), (), 4, {"cid": np.arange(4, dtype=np.int32)})
    save(fit(matrices, graph, Settings()), whole)
    return whole


def _zip(files: Mapping[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name), content)
    return sink.getvalue()


_TEXT = b"Zinc and sleep\nZinc slept.\n"
_ANN = (
    b"T1\tChemical 0 4\tZinc\nN1\tReference T1 MESH:D1\tZinc\nT2\tDisease 9 14\tsleep\n"
    b"R1\tCID Arg1:T1 Arg2:T2\n"
)
_PUBTATOR = (
    b"1|t|Zinc and sleep\n1|a|Zinc slept.\n1\t0\t4\tZinc\tChemical\tD015032\n"
    b"1\t9\t14\tsleep\tDisease\tD012893\n1\tCID\tD015032\tD012893\n\n"
)
_BIOC = (
    b"<?xml version='1.0'?>\n<collection><source/><document><id>1</id><passage>"
    b'<infon key="type">title</infon><offset>0</offset><text>Zinc slept</text><annotation id="a">'
    b'<infon key="type">C</infon><infon key="MESH">D1</infon><location offset="0" length="4"/>'
    b"<text>Zinc</text></annotation></passage></document></collection>\n"
)
_BIOC_JSON = json.dumps(
    {
        "documents": [
            {
                "id": "1",
                "passages": [
                    {
                        "infons": {"type": "title"},
                        "offset": 0,
                        "text": "Zinc slept",
                        "annotations": [
                            {
                                "id": "a",
                                "infons": {"type": "C", "identifier": "MESH:D1"},
                                "text": "Zinc",
                                "locations": [{"offset": 0, "length": 4}],
                            }
                        ],
                        "relations": [],
                    }
                ],
            }
        ]
    }
).encode()
_CONLL = b"-DOCSTART- -X- O O\n\nZinc NN O B-C\nslept VB O O\n\n"
_KB = b"""name = "it"
kind = "pairs"
title = "It"
source = "https://x.y"
version = "1"
licence = "CC0"
file = "it.tsv"
sha256 = "00"
[columns]
subject = "a"
object = "b"
[filter]
column = "c"
equals = "d"
"""
_TASK = (ROOT / "tests" / "data" / "tiny_task" / "task.toml").read_bytes()


def targets(scratch: Path) -> dict[str, Target]:
    """Return every target by name; scratch: an empty folder for what folders of seeds hold."""
    assertion = dict.fromkeys(ASSERTIONS, "")
    assertion |= {"probability": "0.5", "maximum": "0.5", "status": "new", "start": "0", "end": "4"}
    assertion |= {"documents": "1", "contradicting": "0", "known_from": "kb 1 2|other>A%3A1>B%3A2"}
    rows = ["\t".join(ASSERTIONS), "\t".join(assertion[name] for name in ASSERTIONS), ""]
    gold = ["\t".join(GOLD), "cid\t1\tA:1\tB:1\tcauses", ""]
    votes = b"doc\tlabel\tstart\tend\tscore\n1\tC\t0\t4\t0.5\n"
    brat = Target(
        ("1.ann", "1.txt"), partial(_documents, "brat", "1.ann"), (b"\0" + _ANN, b"\1" + _TEXT),
        lambda folder: (folder / "1.txt").write_bytes(_TEXT),
    )  # fmt: skip
    datasets = Target(
        ("data.arrow", "state.json"),
        partial(_documents, "datasets", "data.arrow"),
        (
            b"\0" + TEXTS["datasets-kb"],
            b"\0" + TEXTS["datasets-tags"],
            b'\1{"_data_files": [{"filename": "data.arrow"}]}',
        ),
        lambda folder: (folder / "state.json").write_text(
            '{"_data_files": [{"filename": "data.arrow"}]}'
        ),
    )  # fmt: skip
    corpora = {
        "pubtator": _corpus("pubtator", _PUBTATOR),
        "topics": Target(
            ("corpus.topics.tsv",), partial(_documents, "pubtator", "corpus"), (b"1\tt\tyes\n",),
            lambda folder: (folder / "corpus").write_bytes(_PUBTATOR),
        ),
        "bioc-xml": _corpus("bioc-xml", _BIOC),
        "bioc-json": _corpus("bioc-json", _BIOC_JSON),
        "medline": _corpus("medline", TEXTS["medline"]),
        "jats": _corpus("jats", TEXTS["jats"]),
        "jsonl": _corpus("jsonl", TEXTS["jsonl"]),
        "labelstudio": _corpus("labelstudio", TEXTS["labelstudio"]),
        "prodigy": _corpus("prodigy", TEXTS["prodigy"]),
        "csv": _corpus("csv", TEXTS["csv"]),
        "tsv": _corpus("tsv", TEXTS["tsv"]),
        "plain": _corpus("plain", TEXTS["plain"]),
        "lines": _corpus("lines", TEXTS["lines"]),
        "parquet": _corpus("parquet", TEXTS["parquet"], name="corpus.parquet"),
        "datasets": datasets,
        "brat": brat,
        "brat-zip": _corpus("brat", _zip({"1.txt": _TEXT, "1.ann": _ANN}), name="corpus.zip"),
        "conll": _corpus("conll", _CONLL),
    }  # fmt: skip
    knowledge = {f"terms-{kind.replace(' ', '-')}": _terms(kind) for kind in ONTOLOGIES}
    tables = {
        "pairs": Target(
            ("pairs.tsv",), partial(_pairs, "tsv", "pairs.tsv"),
            (b"subject\tobject\tevidence\nX:1\tY:1\t11|12\n",),
        ),
        "terms-parquet": Target(
            ("terms.parquet",), partial(_ontology, "parquet", "terms.parquet"),
            (as_parquet([{"id": "X:1", "name": "zinc", "parents": ""}]),),
        ),
        "votes-tsv": Target(
            ("v.tsv",), lambda f: (documents_of(f / "v.tsv"), vote_file(f / "v.tsv")), (votes,)
        ),
        "votes-csv": Target(
            ("v.csv",), lambda f: vote_file(f / "v.csv"), (votes.replace(b"\t", b","),)
        ),
        "votes-parquet": Target(
            ("v.parquet",), lambda f: vote_file(f / "v.parquet"),
            (as_parquet([{"doc": "1", "label": "C", "start": 0, "end": 4, "score": 0.5}]),),
        ),
        "gold": Target(("g.tsv",), lambda f: read_gold(f / "g.tsv"), ("\n".join(gold).encode(),)),
        "assertions": Target(
            ("a.tsv",), lambda f: read_assertions(f / "a.tsv"), ("\n".join(rows).encode(),)
        ),
    }  # fmt: skip
    files = {
        "snorkel": Target(("L.npy",), others.array, (others.array_bytes(),)),
        "metal": Target(("L.npz",), others.matrix, (others.matrix_bytes(),)),
        "skweak": Target(("votes.spacy",), others.docs, (others.docs_bytes(),)),
        "rule-names": Target(
            ("votes.json",), lambda f: read_rule_names(f / "votes.json"), (b'{"rules": ["a"]}',)
        ),
        "votes-table": Target(
            ("v.parquet",), lambda f: read_votes_table(f / "v.parquet"), (others.table_bytes(),)
        ),
        "database": Target(
            ("review.db",), others.database, (others.database_bytes(scratch / "database"),)
        ),
        "pairs-ctd": Target(
            ("CTD.tsv",), partial(_pairs, "ctd", "CTD.tsv"), (others.CTD_PAIRS.encode(),)
        ),
        "pairs-umls": Target(
            ("MRREL.RRF",), lambda f: read_pairs(Source("umls", (str(f),))),
            (b"C1|A1|AUI|RO|C2|A2|AUI|may_treat|R1||MED-RT|MED-RT||Y|N||\n",),
        ),
    }  # fmt: skip
    settings = {
        "task-toml": Target(("task.toml",), _task, (_TASK,), _task_around),
        "kb-toml": Target(("it/kb.toml",), _catalog, (_KB,), _catalog_around),
    }
    encoder = write_tiny_encoder(scratch / "encoder")
    folders = {
        "votes": _folder(_votes(scratch / "votes"), load_votes),
        "label-model": _folder(_label_model(scratch / "model"), load_label_model),
        "pool": _folder(_pool(scratch / "pool"), load_pool),
        "store": _folder(others.store_folder(scratch / "store"), others.store),
        "wrench": _folder(_files(scratch / "wrench", others.WRENCH), read_wrench),
        "wrench-tags": _folder(_files(scratch / "tags", others.TAGS), read_wrench),
        "drugprot": _folder(
            _files(scratch / "drugprot", others.DRUGPROT),
            partial(_documents, "drugprot", "x_abstracts.tsv"),
        ),
        "encoder": _folder(encoder, others.encoder),
        "end-model": _folder(
            others.end_model_folder(scratch / "end model", encoder), others.end_model
        ),
    }
    return corpora | knowledge | tables | files | settings | folders


def _files(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder
