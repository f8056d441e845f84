from pathlib import Path

import numpy as np

from biolabel.apply.store import save_mentions, save_votes
from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.data.mentions import given_mentions
from biolabel.data.votes import TaskVotes
from biolabel.workflow.applied import (
    Tally,
    read_applied,
    read_votes,
    shard_folders,
    tallies,
    task_files,
    write_sizes,
)
from tests.unit.apply.world import corpus

PAIRS = Task("r", "relation", ("yes", "none"), True)
TOPIC = Task("t", "document", ("yes", "other"), True)
RULES = (LabelingFunction("a"), LabelingFunction("b"))


def votes(task: Task, voted: list[tuple[int, int]], documents: list[int], row: int) -> TaskVotes:
    """Return votes (candidate, rule); those on pairs have evidence from a row on."""
    n = len(documents)
    pair = task is PAIRS
    evidence = [(row, row + 1) if pair else (0, 0)] * len(voted)
    matrix = LabelMatrix(
        task,
        RULES,
        n,
        np.array([c for c, _ in voted], dtype=np.int32),
        np.array([lf for _, lf in voted], dtype=np.int16),
        np.ones(len(voted), dtype=np.int64),
    )
    names = tuple(f"A:{doc}" for doc in documents) if pair else ()
    return TaskVotes(
        matrix,
        np.array(evidence, dtype=np.int32).reshape(-1, 2),
        np.array(documents, dtype=np.int32),
        names,
        names,
    )


def write(folder: Path) -> None:
    """Write two shards: two documents with eight rows, then one."""
    sizes, first = [], shard_folders(folder, 2)
    texts = (("{A=A:1: Zinc} slept.", "{B: Tin}."), ("Old {A=A:3: mice}.",))
    for place, shard in zip(first, texts, strict=True):
        place.mkdir(parents=True)
        made = corpus(*shard)
        n = len(shard)
        pairs = votes(PAIRS, [(n - 1, 0), (n - 1, 1)], list(range(n)), 1)
        topics = votes(TOPIC, [(0, 1)], list(range(n)), 0)
        save_votes(place, {"r": pairs, "t": topics})
        save_mentions(place / "mentions.arrow", given_mentions(made))
        sizes.append((n, 8))
    write_sizes(folder, sizes)


def test_shards_are_read_as_one_corpus(tmp_path: Path) -> None:
    write(tmp_path)
    found = read_applied(tmp_path)
    pairs, topics = found.votes["r"], found.votes["t"]
    assert (pairs.matrix.n_candidates, topics.matrix.n_candidates) == (3, 3)
    assert pairs.matrix.candidate.tolist() == [1, 1, 2, 2]
    assert pairs.matrix.lf.tolist() == [0, 1, 0, 1]
    assert pairs.documents.tolist() == [0, 1, 2]
    assert pairs.subjects == ("A:0", "A:1", "A:0")
    assert topics.matrix.candidate.tolist() == [0, 2]


def test_rows_and_documents_count_on_from_the_shards_before(tmp_path: Path) -> None:
    write(tmp_path)
    found = read_applied(tmp_path)
    assert found.votes["r"].evidence.tolist() == [[1, 2], [1, 2], [9, 10], [9, 10]]
    assert found.votes["t"].evidence.tolist() == [[0, 0], [0, 0]], "documents have no evidence"
    mentions = found.mentions
    assert mentions.doc.tolist() == [0, 1, 2]
    one = read_applied(shard_folders(tmp_path, 2)[1]).mentions
    assert mentions.first_row[2] == one.first_row[0] + 8
    assert mentions.end_row[2] == one.end_row[0] + 8
    assert mentions.start[2] == one.start[0]


def test_a_single_shard_lies_in_the_folder_itself(tmp_path: Path) -> None:
    assert shard_folders(tmp_path, 1) == [tmp_path]
    write_sizes(tmp_path, [(1, 5)])
    assert list(tmp_path.iterdir()) == []
    save_votes(tmp_path, {"r": votes(PAIRS, [(0, 0)], [0], 2)})
    assert read_votes(tmp_path)["r"].evidence.tolist() == [[2, 3]]
    assert [path.parent for path in task_files(tmp_path, "r")] == [tmp_path] * 3


def test_the_files_of_a_task_are_those_of_all_shards(tmp_path: Path) -> None:
    write(tmp_path)
    files = task_files(tmp_path, "r")
    assert len(files) == 6
    assert all(path.is_file() for path in files)


def test_shards_are_counted_together(tmp_path: Path) -> None:
    write(tmp_path)
    whole = read_votes(tmp_path)
    assert len(shard_folders(tmp_path, 2)) == 2
    assert tallies(tmp_path) == {
        name: Tally(len(each.matrix.mask), 2, each.matrix.n_candidates)
        for name, each in whole.items()
    }
    assert tallies(tmp_path)["r"].votes > 2
