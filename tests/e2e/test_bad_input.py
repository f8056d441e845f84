"""Bad input of every kind: a status, a coded message, and good input beside it processed.

Commands run in this process, so that what would be a traceback is an exception here.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

Command = Callable[..., Any]
WRONG_OFFSET = "t90|t|Rash\nt90|a|It went.\nt90\t1\t5\tRash\tDisease\tD005076\n\n"
NO_TEXT = "t91|t|\nt91|a|\n\n"
NO_SUCH_LINE = "t92|t|Fever\nt92|a|It rose.\nsome words\n\n"
NOTHING_FOUND = "\n".join(
    f"n{i}|t|How clerks count days\nn{i}|a|Page {i} was torn out of it.\n" for i in range(12)
)
CHEMICALS_ONLY = "\n".join(
    f"c{i}|t|Aspirin for sailors\nc{i}|a|Heparin was sold on pier {i}.\n" for i in range(12)
)


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return where results go."""
    return tmp_path / "workspace"


def good(task: Path) -> str:
    """Return the task's own documents."""
    return (task / "corpus.pubtator").read_text(encoding="utf-8")


def written(tmp_path: Path, name: str, content: str | bytes) -> Path:
    """Return a new file."""
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def changed(path: Path, old: str, new: str) -> None:
    """Replace a text that the file has."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def refused(done: Any, code: str, *said: str) -> None:
    """Check that a command ended with one error that says this."""
    assert done.status == 1
    assert done.err.startswith(f"error[{code}]: ")
    for text in said:
        assert text in done.err


# ------------------------------------------------------------------ documents


def test_a_missing_corpus(tiny_task: Path, workspace: Path, command: Command) -> None:
    missing = tiny_task / "corpora.pubtator"
    done = command("ingest", tiny_task, "--workspace", workspace, "--corpus", missing)
    refused(done, "BL601", "no such file", f"did you mean {tiny_task / 'corpus.pubtator'}?")
    assert not workspace.exists()


def test_a_folder_as_corpus(tiny_task: Path, workspace: Path, command: Command) -> None:
    empty = tiny_task / "empty"
    empty.mkdir()
    done = command("ingest", tiny_task, "--workspace", workspace, "--corpus", empty)
    refused(done, "BL632", f"the folder {empty} has no corpus files")


@pytest.mark.parametrize("name", ["a.dat", "a.pubtator.bak", "pubtator"])
def test_an_unknown_ending(
    tiny_task: Path, tmp_path: Path, workspace: Path, command: Command, name: str
) -> None:
    corpus = written(tmp_path, name, good(tiny_task))
    done = command("ingest", tiny_task, "--workspace", workspace, "--corpus", corpus)
    refused(done, "BL603", name, ".pubtator")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "it is empty"),
        ("Just prose.\n\nNo more.\n", "none of its first 3 lines gives a text"),
        (bytes(range(256)) * 9, "no PubTator file"),
    ],
)
def test_a_file_that_is_no_pubtator(
    tiny_task: Path,
    tmp_path: Path,
    workspace: Path,
    command: Command,
    content: str | bytes,
    said: str,
) -> None:
    corpus = written(tmp_path, "a.pubtator", content)
    done = command("ingest", tiny_task, "--workspace", workspace, "--corpus", corpus)
    refused(done, "BL602", said)


def test_a_corpus_in_another_encoding(
    tiny_task: Path, tmp_path: Path, workspace: Path, command: Command
) -> None:
    corpus = written(tmp_path, "a.pubtator", "t1|t|Tremor after lithium\n".encode("utf-16"))
    done = command("ingest", tiny_task, "--workspace", workspace, "--corpus", corpus)
    refused(done, "BL640", "its encoding is UTF-16")


def test_documents_without_text_alone(
    tiny_task: Path, tmp_path: Path, workspace: Path, command: Command
) -> None:
    corpus = written(tmp_path, "a.pubtator", NO_TEXT)
    done = command("ingest", tiny_task, "--workspace", workspace, "--corpus", corpus)
    refused(done, "BL605")


def test_bad_documents_beside_good_ones(
    tiny_task: Path, tmp_path: Path, workspace: Path, command: Command
) -> None:
    bad = [WRONG_OFFSET, NO_TEXT, NO_SUCH_LINE, good(tiny_task)[:60] + "\n\n"]
    bad += [f"t9{i}|t|\n\n" for i in range(3, 9)]
    corpus = written(tmp_path, "half.pubtator", good(tiny_task) + "".join(bad))
    done = command("run", tiny_task, "--workspace", workspace, "--corpus", corpus)
    assert (done.status, done.err) == (3, "")
    assert "corpus: could not use 8 document(s), 1 line(s), 1 mention(s)" in done.out
    predicted = workspace / "predictions" / "corpus" / "label_model.own.pubtator"
    assert predicted.read_text(encoding="utf-8").count("|t|") == 14
    manifest = json.loads((workspace / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["documents"]["corpus"]["counts"] == {
        "documents": 14, "rejected": {"document": 8, "line": 1, "mention": 1},
    }  # fmt: skip
    rejects = (workspace / "rejects" / "corpus" / "rejects.tsv").read_text(encoding="utf-8")
    assert "t90" in rejects
    assert "Rash" in rejects
    assert "some words" in rejects


def test_a_gzip_that_ends_early(
    tiny_task: Path, tmp_path: Path, workspace: Path, command: Command
) -> None:
    corpus = written(tmp_path, "a.pubtator.gz", gzip.compress(good(tiny_task).encode())[:-60])
    done = command("ingest", tiny_task, "--workspace", workspace, "--corpus", corpus)
    assert done.status == 3
    assert "corpus: 10 documents" in done.out
    assert "could not use 1 document(s), 1 rest(s)" in done.out


def test_a_plain_file_that_is_called_gzip(
    tiny_task: Path, tmp_path: Path, workspace: Path, command: Command
) -> None:
    corpus = written(tmp_path, "a.pubtator.gz", good(tiny_task))
    done = command("ingest", tiny_task, "--workspace", workspace, "--corpus", corpus)
    assert done.status == 0
    assert "corpus: 12 documents" in done.out


def test_one_document_in_another_encoding(
    tiny_task: Path, tmp_path: Path, workspace: Path, command: Command
) -> None:
    text = good(tiny_task).replace("nosebleed", "na\xefve nosebleed").encode("latin-1")
    corpus = written(tmp_path, "a.pubtator", text)
    done = command("ingest", tiny_task, "--workspace", workspace, "--corpus", corpus)
    assert done.status == 3
    assert "corpus: 11 documents" in done.out
    assert "could not use 1 document(s)" in done.out


def test_documents_in_which_nothing_is_found(
    tiny_task: Path, tmp_path: Path, workspace: Path, command: Command
) -> None:
    corpus = written(tmp_path, "a.pubtator", NOTHING_FOUND)
    dev = tiny_task / "dev.pubtator"
    done = command("run", tiny_task, "--workspace", workspace, "--corpus", corpus, "--dev", dev)
    assert done.status == 0
    assert "warning[BL910]: corpus, found mentions: no rule voted on `cid`" in done.err
    assert "scores on dev" in done.out
    table = (workspace / "assertions" / "corpus" / "cid.tsv").read_text(encoding="utf-8")
    assert len(table.splitlines()) == 1


def test_a_relation_without_candidates(
    tiny_task: Path, tmp_path: Path, workspace: Path, command: Command
) -> None:
    corpus = written(tmp_path, "a.pubtator", CHEMICALS_ONLY)
    done = command("run", tiny_task, "--workspace", workspace, "--corpus", corpus)
    assert done.status == 0
    assert "no rule voted on `cid`, which has 0 candidates" in done.err
    predicted = workspace / "predictions" / "corpus" / "label_model.own.pubtator"
    text = predicted.read_text(encoding="utf-8")
    assert text.count("\tChemical\t") == 24
    assert "CID" not in text


def test_texts_on_which_no_rule_says_anything(
    tiny_task: Path, tmp_path: Path, workspace: Path, command: Command
) -> None:
    changed(tiny_task / "task.toml", "epochs = 30", "epochs = 1\nuncovered = 0.0")
    corpus = written(tmp_path, "a.pubtator", "x1|t|foo bar\nx1|a|foo qux\n")
    done = command("run", tiny_task, "--workspace", workspace, "--corpus", corpus)
    refused(done, "BL826", "biolabel analyze")


def test_documents_to_score_without_gold(
    tiny_task: Path, workspace: Path, command: Command
) -> None:
    dev = tiny_task / "corpus.pubtator"
    run = command("run", tiny_task, "--workspace", workspace, "--dev", dev)
    assert run.status == 0
    assert "no scores: " in run.out
    assert (workspace / "predictions" / "dev" / "fused.own.pubtator").is_file()
    done = command("evaluate", tiny_task, "--workspace", workspace, "--dev", dev)
    refused(done, "BL908", "corpus.pubtator", "CID")


def test_the_same_documents_as_corpus_and_dev(
    tiny_task: Path, workspace: Path, command: Command
) -> None:
    dev = tiny_task / "dev.pubtator"
    done = command("run", tiny_task, "--workspace", workspace, "--corpus", dev, "--dev", dev)
    assert done.status == 0
    predictions = workspace / "predictions"
    corpus, other = (predictions / part / "fused.given.pubtator" for part in ("corpus", "dev"))
    assert corpus.read_bytes() == other.read_bytes()


# ------------------------------------------------------------------ tasks and rules


def test_an_unknown_task(workspace: Path, command: Command) -> None:
    refused(
        command("run", "tasks/dmo", "--workspace", workspace), "BL902", "did you mean tasks/demo?"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "tiny"', "name = tiny", "line 2"),
        ("epochs", "epoch", "unknown setting `end_model.epoch`, did you mean `epochs`?"),
        ("epochs = 30", 'epochs = "all"', "`end_model.epochs`"),
    ],
)
def test_a_broken_task_file(
    tiny_task: Path, workspace: Path, command: Command, old: str, new: str, said: str
) -> None:
    changed(tiny_task / "task.toml", old, new)
    refused(command("run", tiny_task, "--workspace", workspace), "BL903", said)


@pytest.mark.parametrize("name", ["check", "run"])
def test_two_mistakes_in_the_rules(
    tiny_task: Path, workspace: Path, command: Command, name: str
) -> None:
    rules = tiny_task / "rules" / "tiny.rules"
    changed(rules, "find: diseases", "find: diseasse")
    changed(rules, "votes: harm", "votes: harms")
    options = [] if name == "check" else ["--workspace", workspace]
    done = command(name, tiny_task, *options)
    assert done.status == 1
    shown = done.out + done.err
    assert "2 errors" in shown
    assert "find: diseasse\n   |         ^^^^^^^^\n" in shown
    assert "votes: harms\n   |          ^^^^^\n" in shown
    assert f"{rules}:" in shown
    assert shown.count("error[") == 2
    assert not workspace.exists()


def test_rules_that_import_a_missing_file(tiny_task: Path, command: Command) -> None:
    rules = tiny_task / "rules" / "tiny.rules"
    changed(rules, "biolabel 1\n", 'biolabel 1\n\nimport "tinny.rules"\n')
    done = command("check", tiny_task)
    assert done.status == 1
    assert "error[BL108]: no such file" in done.out
    assert "did you mean `tiny`?" in done.out


def test_a_task_without_rules(tiny_task: Path, workspace: Path, command: Command) -> None:
    (tiny_task / "rules" / "tiny.rules").unlink()
    refused(command("run", tiny_task, "--workspace", workspace), "BL904")


def test_a_knowledge_base_that_the_catalog_lacks(
    tiny_task: Path, workspace: Path, command: Command
) -> None:
    changed(tiny_task / "rules" / "tiny.rules", '"demo_indications"', '"demo_indication"')
    done = command("apply", tiny_task, "--workspace", workspace)
    refused(done, "BL701", "did you mean `demo_indications`?")


def test_gold_that_the_rules_lack(tiny_task: Path, workspace: Path, command: Command) -> None:
    changed(tiny_task / "task.toml", 'label = "causes"', 'label = "cause"')
    done = command("run", tiny_task, "--workspace", workspace)
    refused(done, "BL909", "did you mean `causes`?")


def test_data_that_is_not_there(
    tiny_task: Path, workspace: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIOLABEL_DATA", "/no/such/place")
    done = command("run", "tasks/cdr", "--workspace", workspace)
    refused(done, "BL905", "/no/such/place/corpora/cdr/train.pubtator.gz", "set BIOLABEL_DATA")
    corpus = tiny_task / "corpus.pubtator"
    changed(tiny_task / "rules" / "tiny.rules", '"demo_indications"', '"indications"')
    done = command("apply", tiny_task, "--workspace", workspace, "--corpus", corpus)
    refused(done, "BL703", "indications", "set BIOLABEL_DATA")


# ------------------------------------------------------------------ workspaces and models


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_a_workspace_that_is_a_file(
    tiny_task: Path, tmp_path: Path, command: Command, inside: str
) -> None:
    file = written(tmp_path, "file", "mine")
    done = command("ingest", tiny_task, "--workspace", file / inside)
    refused(done, "BL906", str(file))
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["stages", "predictions", "report.html", "manifest.json"])
def test_a_workspace_in_which_something_is_in_the_way(
    tiny_task: Path, workspace: Path, command: Command, name: str
) -> None:
    changed(tiny_task / "task.toml", "epochs = 30", "epochs = 1")
    workspace.mkdir()
    if "." in name:
        (workspace / name / "mine").mkdir(parents=True)
    else:
        (workspace / name).touch()
    refused(command("run", tiny_task, "--workspace", workspace), "BL906", name)


def test_an_encoder_that_does_not_exist(
    tiny_task: Path, tiny_encoder: Path, workspace: Path, command: Command
) -> None:
    changed(tiny_task / "task.toml", str(tiny_encoder), "/no/such/encoder")
    done = command("train", tiny_task, "--workspace", workspace)
    refused(done, "BL822", "/no/such/encoder", "builtin")
    assert list((workspace / "stages" / "train").iterdir()) == []
