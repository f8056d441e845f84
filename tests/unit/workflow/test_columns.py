"""Which votes are made again after a change, and that kept ones are what fresh ones would be."""

import dataclasses
import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from biolabel.data.documents import Document
from biolabel.text.store import write
from biolabel.workflow.applied import Applied
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.columns import DAYS, FITS, VERSIONS, Shelf, clear

OpenBench = Callable[..., Bench]
RULES = """
list strong
  words: caused, induced
ontology own
  from: tsv "own.tsv"
  type: Chemical
  ids: "MESH"
kb pairs
  from: tsv "pairs.tsv"
  pairs: Chemical -> Disease
  ids: "MESH"
model crowd
  from: file "tests/../VOTES"
context denied
  cues_before: "no"
  reach: 3 words
section story
  headings: "Story"
rule by_list for cid
  votes: causes
  when: sentence has strong
rule by_own for mentions
  votes: not Disease
  find: own
rule by_kb for cid
  votes: causes
  when: pair in pairs
rule by_crowd for topic
  votes: from model crowd
rule by_python for topic
  votes: other
  when: python "own:odd"
rule by_context for cid
  votes: none
  when: disease is denied
rule by_section for cid
  votes: none
  when: section is not story
rule by_firing for cid
  votes: none
  when: by_list fires
rule by_votes for topic
  votes: harm
  when: any cid voted causes
rule alone for topic
  votes: harm
  when: title has "sailor"
"""
OWN = {
    "own.tsv": "id\tname\nD008094\tlithium\n",
    "pairs.tsv": "subject\tobject\nD008094\tD014202\n",
    "own.py": "import numpy\n\n\ndef odd(table):\n    return numpy.array(table['doc']) == 't01'\n",
    "votes.tsv": "doc\tlabel\nt01\tharm\nt02\tother\n",
}
MENTIONS = {"chemical_names", "disease_names", "small_words", "by_own"}


@pytest.fixture
def rich(tiny_task: Path, tmp_path: Path, open_bench: OpenBench) -> Bench:
    """Return a bench with rules that ask everything that rules can ask."""
    folder = tiny_task / "rules"
    for name, text in OWN.items():
        (folder / name).write_text(text, encoding="utf-8")
    own = RULES.replace("tests/../VOTES", (folder / "votes.tsv").as_posix())
    path = folder / "tiny.rules"
    path.write_text(path.read_text(encoding="utf-8") + own, encoding="utf-8")
    bench = open_bench(tiny_task, tmp_path / "workspace", dev=False)
    return dataclasses.replace(bench, job=dataclasses.replace(bench.job, allow_python=True))


def change(bench: Bench, file: str, old: str, new: str) -> None:
    path = bench.job.task.folder / "rules" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def made(bench: Bench) -> set[str]:
    """Apply the rules anew; return the rules that were run for it."""

    def there() -> set[Path]:
        columns = bench.job.workspace / "columns"
        return {path for path in columns.rglob("*.arrow") if path.parent.name[0] != "-"}

    before = there()
    apply(bench.reread(), "corpus")
    return {path.parent.name for path in there() - before if "+" not in path.parent.name} - {
        "mentions"
    }


def same(one: Applied, other: Applied) -> bool:
    """Return whether two results are equal to the bit."""
    columns = ("candidate", "lf", "mask")
    return list(one.votes) == list(other.votes) and all(
        a.subjects == b.subjects
        and a.objects == b.objects
        and np.array_equal(a.evidence, b.evidence)
        and np.array_equal(a.documents, b.documents)
        and all(np.array_equal(getattr(a.matrix, n), getattr(b.matrix, n)) for n in columns)
        for a, b in zip(one.votes.values(), other.votes.values(), strict=True)
    )


def test_nothing_is_made_again_for_nothing(rich: Bench) -> None:
    assert {"by_list", "by_own", "treats", "alone"} <= made(rich)
    assert made(rich) == set()
    change(rich, "tiny.rules", 'title has "sailor"', 'title has   "sailor"\n  precision: 0.9')
    assert made(rich) == set()


FIRED = {"by_list", "by_firing", "by_votes"}


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("tiny.rules", 'title has "sailor"', 'title has "boy"', {"alone"}),
        ("tiny.rules", "words: caused, induced", "words: caused", FIRED),
        ("tiny.rules", "reach: 3", "reach: 2", {"by_context", "by_votes"}),
        ("tiny.rules", '"Story"', '"Tale"', {"by_section", "by_votes"}),
        ("pairs.tsv", "D014202", "D006261", {"by_kb", "by_votes"}),
        ("votes.tsv", "t02\tother", "t02\tharm", {"by_crowd"}),
        ("own.py", "t01", "t02", {"by_python"}),
        ("tiny.rules", "  votes: causes", "  status: draft\n  votes: causes", {"by_votes"}),
    ],
)  # fmt: skip
def test_a_change_makes_what_depends_on_it(
    rich: Bench, file: str, old: str, new: str, expected: set[str], tmp_path: Path
) -> None:
    made(rich)
    change(rich, file, old, new)
    assert made(rich) == expected
    fresh = dataclasses.replace(rich.job, workspace=tmp_path / "fresh", notes={})
    kept = open_applied(apply(rich.reread(), "corpus"))
    assert same(kept, open_applied(apply(Bench(fresh), "corpus")))


def test_other_mentions_make_all_that_speaks_of_them(rich: Bench) -> None:
    made(rich)
    change(rich, "tiny.rules", "  find: chemicals\n", '  find: chemicals | "sailor"\n')
    found = made(rich)
    assert {"chemical_names", "by_list", "by_kb", "treats", "by_votes", "alone"} <= found
    assert not found & (MENTIONS - {"chemical_names"})


def test_the_same_mentions_make_nothing_else(rich: Bench) -> None:
    made(rich)
    change(rich, "own.tsv", "lithium\n", "lithium\nD000001\tnowhere to be found\n")
    # A knowledge base follows the old identifiers that an ontology of its types knows, so what asks it
    # is made again; relations that only see the mentions are not.
    assert made(rich) == {"by_own", "by_kb", "by_votes", "indicated"}


def test_other_documents_make_all_and_others_beside_them_what_they_guard(
    rich: Bench, tiny_task: Path
) -> None:
    made(rich)
    rich.job.notes.clear()
    files = {**rich.job.files, "dev": tiny_task / "dev.pubtator"}
    assert made(Bench(dataclasses.replace(rich.job, files=files))) == {
        "by_kb", "indicated", "by_votes"
    }  # fmt: skip


@pytest.mark.parametrize(("size", "workers"), [(1, 1), (5, 1), (5, 2)])
def test_votes_depend_neither_on_shards_nor_on_processes(
    rich: Bench, tmp_path: Path, size: int, workers: int
) -> None:
    whole = open_applied(apply(rich, "corpus"))
    job = dataclasses.replace(rich.job, workspace=tmp_path / "w", notes={}, workers=workers)
    other = Bench(job)
    documents = list(_documents(rich))
    note = other.ingested("corpus")
    pipeline = rich.store("corpus").pipeline
    other._stores[note.key] = write(tmp_path / "s", documents, pipeline, shard_documents=size)
    assert len(other.store("corpus").shards) == -(-len(documents) // size)
    parts = open_applied(apply(other, "corpus"))
    assert same(whole, parts)
    assert whole.mentions.concepts == parts.mentions.concepts
    for name in ("doc", "start", "end", "first_row", "end_row"):
        assert np.array_equal(getattr(whole.mentions, name), getattr(parts.mentions, name))


def _documents(bench: Bench) -> Iterator[Document]:
    from biolabel.text.documents import corpus_documents

    return corpus_documents(bench.corpus("corpus"))


def test_old_versions_go_and_damaged_ones_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(tmp_path / "columns" / "shard")
    for number in range(VERSIONS + 3):
        path = shelf.path("t", "r", f"{number:02}")
        with shelf.keeping(path) as temporary:
            temporary.write_text("x")
        os.utime(path, (number, number))
    kept = sorted(path.stem for path in path.parent.iterdir())
    assert len(kept) == VERSIONS
    assert kept[-1] == f"{VERSIONS + 2:02}"
    damaged = shelf.path("t", "r", kept[-1])

    def read(held: pa.Buffer) -> str:
        return held.to_pybytes().decode()

    assert shelf.load(damaged, read) == "x"
    damaged.write_bytes(b"y" + damaged.read_bytes()[1:])
    assert not shelf.whole(damaged)
    assert not damaged.exists()
    assert shelf.load(damaged, read) is None
    (warning,) = caplog.messages
    assert warning.startswith(f"warning[BL932]: {damaged}: other bytes are there than were written")


def test_shards_that_nobody_asked_for_on_many_days_go(tmp_path: Path) -> None:
    def cleared(day: date, *asked: str) -> list[str]:
        clear(tmp_path, asked, day)
        return sorted(each.name for each in (tmp_path / "columns").iterdir() if each.is_dir())

    used, other = "a" * 32, "b" * 32
    for name in (used, other, FITS):
        (tmp_path / "columns" / name).mkdir(parents=True)
    assert cleared(date(2026, 11, 1), "a" * 64, "b" * 64) == [used, other, FITS]
    for leap in (date(2040, 1, 1), date(1970, 1, 1), date(2041, 1, 1)):
        assert cleared(leap, "a" * 64) == [used, other, FITS]
        assert cleared(leap, "a" * 64) == [used, other, FITS]
    for number in range(DAYS - 4):
        assert cleared(date(2042, 1, 1) + timedelta(number), "a" * 64) == [used, other, FITS]
    assert cleared(date(2043, 1, 1), "a" * 64) == [used, FITS]


def test_a_damaged_count_deletes_nothing(tmp_path: Path) -> None:
    (tmp_path / "columns" / "a").mkdir(parents=True)
    for damaged in (b"", b"[]", b'{"number": 99, "day": "", "shards": 3}', b"\xff"):
        (tmp_path / "columns" / "asked.json").write_bytes(damaged)
        clear(tmp_path, [], date(2026, 11, 1))
        assert (tmp_path / "columns" / "a").is_dir()


def test_what_was_just_kept_stays_though_the_clock_was_set_back(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "columns" / "shard")
    later = time.time() + 86_400
    for number in range(VERSIONS + 1):
        path = shelf.path("t", "r", str(number))
        with shelf.keeping(path) as temporary:
            temporary.write_text("x")
        assert shelf.whole(path)
        os.utime(path, (later, later))
    assert len(list(path.parent.iterdir())) == VERSIONS


def test_a_file_whose_time_cannot_be_set_is_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(tmp_path / "columns" / "shard")
    path = shelf.path("t", "r", "1")
    with shelf.keeping(path) as temporary:
        temporary.write_text("x")

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    assert shelf.whole(path)
    assert not shelf.whole(path.with_name("2.arrow"))


@pytest.mark.parametrize("rule", ["chemical_names", "said_to_cause"])
def test_a_damaged_column_is_made_again(
    bench: Bench, open_bench: OpenBench, tmp_path: Path, shared_task: Path, rule: str
) -> None:
    whole = open_applied(apply(bench, "corpus"))
    first = open_bench(shared_task, tmp_path)
    apply(first, "corpus")
    for column in tmp_path.glob(f"columns/*/*/{rule}/*.arrow"):
        content = bytearray(column.read_bytes())
        content[len(content) // 2] ^= 1
        column.write_bytes(content)
    shutil.rmtree(tmp_path / "stages" / "apply")
    shutil.rmtree(tmp_path / "columns" / "fits")
    again = open_bench(shared_task, tmp_path)
    assert same(whole, open_applied(apply(again, "corpus")))


def test_a_column_that_vanishes_is_made_again(
    bench: Bench, open_bench: OpenBench, tmp_path: Path, shared_task: Path
) -> None:
    whole = open_applied(apply(bench, "corpus"))
    other = open_bench(shared_task, tmp_path)
    task = next(task for task in other.plan.tasks if task.task.name == "mentions")
    run = other.site("corpus", "found").run(0, {})
    for path in run.columns(task).values():
        path.unlink()
    assert np.array_equal(run.votes(task).matrix.mask, whole.votes["mentions"].matrix.mask)


@pytest.mark.parametrize("harm", ["damaged", "gone"])
def test_a_label_model_that_is_damaged_is_fitted_again(
    open_bench: OpenBench, tmp_path: Path, shared_task: Path, harm: str
) -> None:
    apply(open_bench(shared_task, tmp_path), "corpus")
    (kept,) = tmp_path.glob("columns/fits/*/model/*.safetensors")
    before = kept.read_bytes()
    kept.unlink() if harm == "gone" else kept.write_bytes(before[:-1] + b"!")
    shutil.rmtree(tmp_path / "stages" / "apply")
    apply(open_bench(shared_task, tmp_path), "corpus")
    assert kept.read_bytes() == before
