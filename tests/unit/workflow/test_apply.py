from collections.abc import Callable
from pathlib import Path

import numpy as np

from biolabel.data.labels import TaskGraph
from biolabel.data.mentions import MentionTable
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.graph import task_graph

OpenBench = Callable[..., Bench]


def surfaces(bench: Bench, mentions: MentionTable) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return document, text, type and concepts of mentions found in dev."""
    corpus = bench.corpus("dev")
    return [
        (
            corpus.ids[mentions.doc[i]],
            corpus.texts[mentions.doc[i]][mentions.start[i] : mentions.end[i]],
            mentions.types[mentions.type[i]],
            mentions.concepts[i],
        )
        for i in range(len(mentions))
    ]


def test_relations_are_between_found_mentions(bench: Bench) -> None:
    applied = open_applied(apply(bench, "dev"))
    assert list(applied.votes) == ["mentions", "cid", "topic"]
    found = surfaces(bench, applied.mentions)
    assert ("v01", "Nausea", "Disease", ("MESH:D009325",)) in found
    assert ("v02", "Morphine", "Chemical", ("MESH:D009020",)) in found
    pairs = set(zip(applied.votes["cid"].subjects, applied.votes["cid"].objects, strict=True))
    assert ("MESH:D008094", "MESH:D009325") in pairs
    assert applied.votes["mentions"].matrix.n_candidates == len(bench.corpus("dev").row_doc)
    assert applied.votes["topic"].documents.tolist() == [0, 1, 2, 3, 4]


def test_relations_are_between_given_mentions_if_asked(
    tmp_path: Path, tiny_task: Path, open_bench: OpenBench
) -> None:
    dev = tiny_task / "dev.pubtator"
    lines = dev.read_text(encoding="utf-8").splitlines(keepends=True)
    dev.write_text("".join(line for line in lines if "fever" not in line), encoding="utf-8")
    lines = [line.replace("Nausea\tDisease\tD009325", "Nausea\tDisease\tC000001") for line in lines]
    dev.write_text("".join(lines), encoding="utf-8")
    work = open_bench(tiny_task, tmp_path / "workspace")
    given = open_applied(apply(work, "dev", "given"))
    assert ("v01", "Nausea", "Disease", ("MESH:C000001",)) in surfaces(work, given.mentions)
    assert "MESH:C000001" in given.votes["cid"].objects
    assert "MESH:C000001" not in open_applied(apply(work, "dev")).votes["cid"].objects


def test_given_mentions_may_be_none(bench: Bench) -> None:
    given = open_applied(apply(bench, "corpus", "given"))
    assert len(given.mentions) == 0
    assert given.votes["cid"].matrix.n_candidates == 0
    assert given.votes["cid"].subjects == ()


def test_dev_is_labeled_by_what_was_fitted_on_the_corpus(bench: Bench) -> None:
    corpus, dev = apply(bench, "corpus"), apply(bench, "dev")
    assert (corpus.folder / "entities").is_dir()
    assert not (dev.folder / "entities").exists()
    assert dev.inputs["fitted"] == corpus.key
    assert corpus.inputs["fitted"] == ""


def test_a_changed_rule_leaves_the_documents(
    tmp_path: Path, tiny_task: Path, open_bench: OpenBench
) -> None:
    first = open_bench(tiny_task, tmp_path / "workspace", dev=False)
    apply(first, "corpus")
    path = tiny_task / "rules" / "tiny.rules"
    text = path.read_text(encoding="utf-8").replace(' | "provoked"', "")
    path.write_text(text, encoding="utf-8")
    second = open_bench(tiny_task, tmp_path / "workspace", dev=False)
    note = apply(second, "corpus")
    reused = {each.stage: each.reused for each in second.job.notes.values()}
    assert reused == {"ingest": True, "apply": False}
    before, after = (open_applied(n).votes["cid"].matrix for n in (apply(first, "corpus"), note))
    assert len(after.mask) < len(before.mask)


def test_constraints_on_tasks_without_votes_are_left_out(bench: Bench) -> None:
    votes = open_applied(apply(bench, "corpus")).votes
    whole = task_graph(bench.plan, votes, 12)
    assert isinstance(whole, TaskGraph)
    assert [c.name for c in whole.constraints] == ["causes_are_harm"]
    assert whole.n_documents == 12
    assert np.array_equal(whole.documents["cid"], votes["cid"].documents)
    part = task_graph(bench.plan, {"mentions": votes["mentions"], "cid": votes["cid"]}, 12)
    assert [task.name for task in part.tasks] == ["mentions", "cid"]
    assert part.constraints == ()
