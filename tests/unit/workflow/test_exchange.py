"""Votes go to the files of other tools, and what is read from them are the same votes."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import datasets
import numpy as np
import pytest
from pyarrow import parquet
from scipy import sparse

from biolabel.data.labels import LabelMatrix
from biolabel.errors import RunError
from biolabel.interop.matrices import to_snorkel
from biolabel.workflow.bench import Bench
from biolabel.workflow.exchange import EXPORTS, Wish, export_votes, open_task
from biolabel.workflow.importing import import_votes

HELD = {
    "cid": ("snorkel", "metal", "wrench", "datasets", "parquet"),
    "topic": tuple(EXPORTS),
    "mentions": tuple(EXPORTS),
}


@pytest.fixture(scope="module")
def exported(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the votes of all tasks in every form that holds them."""
    folder = tmp_path_factory.mktemp("exported")
    for task, forms in HELD.items():
        for form in forms:
            files = export_votes(bench, task, "corpus", Wish(form, folder / task / form))
            assert all(file.exists() for file in files)
    return folder


def test_matrices_have_names_beside_them(bench: Bench, exported: Path) -> None:
    opened = open_task(bench, "cid", "corpus")
    dense = to_snorkel(opened.votes.matrix)
    folder = exported / "cid" / "snorkel"
    assert np.array_equal(np.load(folder / "L.npy", allow_pickle=False), dense)
    assert np.array_equal(
        sparse.load_npz(exported / "cid" / "metal" / "L.npz").toarray(), dense + 1
    )
    about = json.loads((folder / "votes.json").read_text("utf-8"))
    assert about["labels"] == ["causes", "none"]
    assert about["rules"] == [lf.name for lf in opened.votes.matrix.lfs]
    candidates = parquet.read_table(folder / "candidates.parquet")
    assert candidates.num_rows == len(dense)
    assert {"doc", "chemical", "disease", "chemical_text"} <= set(candidates.column_names)


def test_data_sets_are_votes_or_soft_labels(bench: Bench, exported: Path, tmp_path: Path) -> None:
    found = datasets.load_from_disk(str(exported / "topic" / "datasets" / "votes"))
    assert len(found) == len(open_task(bench, "topic", "corpus").votes.matrix.mask)
    export_votes(bench, "topic", "corpus", Wish("datasets", tmp_path, soft=True))
    soft = datasets.load_from_disk(str(tmp_path / "soft"))
    assert isinstance(soft, datasets.Dataset)
    assert soft.features["label"].names == ["harm", "other"]
    export_votes(bench, "topic", "corpus", Wish("parquet", tmp_path, soft=True))
    assert "p_harm" in parquet.read_table(tmp_path / "soft.parquet").column_names


def test_gold_of_dev_goes_along(bench: Bench, tmp_path: Path) -> None:
    export_votes(bench, "topic", "dev", Wish("wrench", tmp_path))
    rows = json.loads((tmp_path / "valid.json").read_text("utf-8"))
    gold = [row["label"] for row in rows.values()]
    topics = [found.get("topic") for found in bench.corpus("dev").topics]
    assert gold == [{"harm": 0, "other": 1, None: -1}[topic] for topic in topics]
    export_votes(bench, "topic", "corpus", Wish("wrench", tmp_path))
    rows = json.loads((tmp_path / "train.json").read_text("utf-8"))
    assert {row["label"] for row in rows.values()} == {-1}


def test_imported_votes_are_those_that_were_exported(
    bench: Bench,
    exported: Path,
    tiny_task: Path,
    tmp_path: Path,
    open_bench: Callable[..., Bench],
) -> None:
    made: dict[str, tuple[str, str]] = {}
    for task, forms in HELD.items():
        matrix = open_task(bench, task, "corpus").votes.matrix
        # The first one on words votes for a type: WRENCH cannot tell `none` from nothing.
        first = matrix.lfs[matrix.lf.min()].name
        for form in set(forms) - {"datasets"}:
            name = f"{task}_{form}"
            rules = tiny_task / "rules" / f"{name}.rules"
            source = exported / task / form
            done = import_votes(bench, task, "corpus", name, source, form, rules)
            assert f"{name}_{first}" in done.votes
            made[f"{name}_{first}"] = task, first
    after = open_bench(tiny_task, tmp_path / "workspace", dev=False)
    for imported, (task, first) in made.items():
        matrix = open_task(after, task, "corpus").votes.matrix
        one, other = (_of_rule(matrix, name) for name in (first, imported))
        assert len(one[0])
        assert one == other, imported


def _of_rule(matrix: LabelMatrix, name: str) -> tuple[list[int], list[int]]:
    """Return the candidates and labels of a rule's votes."""
    own = matrix.lf == [lf.name for lf in matrix.lfs].index(name)
    return matrix.candidate[own].tolist(), matrix.mask[own].tolist()


def test_names_and_places_that_cannot_be_are_refused(
    bench: Bench, exported: Path, tmp_path: Path
) -> None:
    source = exported / "topic" / "snorkel"
    rules = tmp_path / "x.rules"

    def refused(code: str, task: str, name: str, source: Path, form: str) -> str:
        with pytest.raises(RunError) as raised:
            import_votes(bench, task, "corpus", name, source, form, rules)
        assert raised.value.code == code
        assert not rules.exists()
        return raised.value.message

    refused("BL969", "topic", "x", source, "csv")
    refused("BL986", "topic", "X y", source, "snorkel")
    refused("BL922", "topik", "x", source, "snorkel")
    assert "has" in refused("BL968", "cid", "x", source, "snorkel")
    for form, name in (("snorkel", "L.npy"), ("metal", "L.npz"), ("skweak", "votes.spacy")):
        (tmp_path / form).mkdir()
        refused("BL968", "topic", "x", tmp_path / form, form)
        (tmp_path / form / name).write_bytes(b"nothing of the kind")
        refused("BL968", "topic", "x", tmp_path / form, form)
    huge = sparse.coo_matrix(([1], ([0], [0])), shape=(10**12, 1))
    sparse.save_npz(tmp_path / "huge.npz", huge)
    assert "1,000,000,000,000 rows" in refused(
        "BL968", "topic", "x", tmp_path / "huge.npz", "metal"
    )
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.npy", b"\0" * 110_000_000)
    assert "times its size" in refused("BL968", "topic", "x", tmp_path / "bomb.npz", "metal")
    np.save(tmp_path / "lying.npy", np.zeros((2, 1)))
    lying = (tmp_path / "lying.npy").read_bytes().replace(b"(2, 1)", b"(9999999999, 1)")
    (tmp_path / "lying.npy").write_bytes(lying)
    refused("BL968", "topic", "x", tmp_path / "lying.npy", "snorkel")
    np.save(tmp_path / "pickled.npy", np.array([[{}]]), allow_pickle=True)
    refused("BL968", "topic", "x", tmp_path / "pickled.npy", "snorkel")
    (tmp_path / "votes.parquet").write_bytes(b"PAR1")
    refused("BL968", "topic", "x", tmp_path / "votes.parquet", "parquet")
    shutil.copytree(source, tmp_path / "named")
    (tmp_path / "named" / "votes.json").write_text("[]")
    refused("BL968", "topic", "x", tmp_path / "named", "snorkel")
    rules.with_suffix("").mkdir()
    assert "there already" in refused("BL906", "topic", "x", source, "snorkel")


def test_forms_that_do_not_exist_are_refused(bench: Bench, tmp_path: Path) -> None:
    for wish in (Wish("snorkle", tmp_path), Wish("snorkel", tmp_path, soft=True)):
        with pytest.raises(RunError) as raised:
            export_votes(bench, "cid", "corpus", wish)
        assert raised.value.code == "BL969"
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError) as raised:
        export_votes(bench, "cid", "corpus", Wish("snorkel", tmp_path / "file"))
    assert raised.value.code == "BL906"
