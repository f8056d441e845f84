"""What systems say of a corpus in several shards is what they say of it in one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biolabel.curation import Assertion
from biolabel.data.documents import Document
from biolabel.text.formats import pubtator
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects
from biolabel.text.store import write
from biolabel.workflow import predict as predict_module
from biolabel.workflow.applied import GIVEN, read_applied, read_probabilities, save_probabilities
from biolabel.workflow.assertions import assertions, open_assertions
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.fit import fit
from biolabel.workflow.job import Which
from biolabel.workflow.predict import SYSTEMS, given_probabilities, predict
from biolabel.workflow.shard_systems import Order, spoken
from biolabel.workflow.train import train


def test_every_system_speaks_of_given_mentions_even_without_relations(tmp_path: Path) -> None:
    """A task of entities alone was scored on texts that nobody had written."""
    order = Order(0, tmp_path, tmp_path, tmp_path, tmp_path)
    for name in (*SYSTEMS, Path(GIVEN).stem):
        save_probabilities(tmp_path / f"{name}.npz", {})
    said = [(name, source) for name, source, _ in spoken(order)]
    assert said == [(name, source) for source in ("own", "given") for name in SYSTEMS]


@pytest.fixture
def in_shards(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return the bench of the session with dev in three shards, and its models."""
    files: dict[Which, Path] = {}
    sizes: dict[Which, int] = {"corpus": 100, "dev": 2}
    for which, size in sizes.items():
        documents = list(read_documents(bench.job.files[which], Rejects()))
        pipeline = bench.rules.pipeline.only(())
        files[which] = tmp_path / which
        write(files[which], documents, pipeline, shard_documents=size)
    fitted, trained = fit(bench), train(bench)
    monkeypatch.setattr(predict_module, "fit", lambda _: fitted)
    monkeypatch.setattr(predict_module, "train", lambda _: trained)
    monkeypatch.setattr(predict_module, "PIECE", 2)
    return Bench(replace(bench.job, workspace=tmp_path / "shards", files=files, notes={}))


def said(note: StageNote, name: str) -> list[Document]:
    return list(pubtator.read(note.folder / name, Rejects()))


def rough(document: Document) -> Document:
    """Return a document with probabilities as rounding leaves them alike."""
    found = (replace(r, probability=round(r.probability, 5)) for r in document.relations)
    return replace(document, relations=tuple(found))


def dig(found: Assertion) -> object:
    """Return an assertion with probabilities as rounding leaves them alike."""
    numbers = [found.probability, found.maximum, found.calibrated or 0.0]
    rows = [
        (row.document, row.start, row.end, row.text, row.rules_for, row.rules_against)
        for row in found.evidence
    ]
    names = found.subject, found.predicate, found.object, found.subject_name, found.object_name
    return names, [round(number, 3) for number in numbers], found.contradicting, rows


def test_shards_together_are_said_to_be_what_the_whole_is(bench: Bench, in_shards: Bench) -> None:
    whole, parts = predict(bench, "dev"), predict(in_shards, "dev")
    assert len(in_shards.store("dev").shards) == 3
    names = sorted(path.name for path in whole.folder.glob("*.pubtator*"))
    assert names == sorted(path.name for path in parts.folder.glob("*.pubtator*"))
    assert any(name.endswith(".topics.tsv") for name in names)
    for name in names:
        if name.endswith(".topics.tsv"):
            assert (parts.folder / name).read_bytes() == (whole.folder / name).read_bytes(), name
        else:
            assert [*map(rough, said(parts, name))] == [*map(rough, said(whole, name))], name
    assert [path.name for path in parts.folder.iterdir() if path.is_dir()] == ["own"]
    one, other = (read_applied(note.folder / "own") for note in (whole, parts))
    assert other.mentions.keys() == one.mentions.keys()
    for task, votes in one.votes.items():
        assert np.array_equal(other.votes[task].matrix.candidate, votes.matrix.candidate)
        assert np.array_equal(other.votes[task].matrix.mask, votes.matrix.mask)
        assert np.array_equal(other.votes[task].evidence, votes.evidence)
    for system in ("label_model", "end_model", "fused"):
        rows, again = (
            read_probabilities(n.folder / "own", f"{system}.npz") for n in (whole, parts)
        )
        assert rows.keys() == again.keys()
        assert all(np.allclose(again[task], rows[task], atol=1e-5) for task in rows)
    told, later = (open_assertions(assertions(b, "dev"), "cid") for b in (bench, in_shards))
    assert len(told) > 2
    assert [dig(each) for each in later] == [dig(each) for each in told]
    between = given_probabilities(whole)
    assert between.keys() == given_probabilities(parts).keys()
    for key, each in given_probabilities(parts).items():
        assert np.allclose(each, between[key], atol=1e-5)
