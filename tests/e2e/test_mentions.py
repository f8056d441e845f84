"""A task whose relations are between mentions and have two labels, from rules to assertions."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.cli import main
from biolabel.curation.table import read_assertions
from biolabel.text.formats.pubtator import read
from biolabel.text.rejects import Rejects
from tests.conftest import Done

TASK = Path(__file__).parents[1] / "data" / "mention_task"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Path:
    """Return the workspace of one run."""
    folder = tmp_path_factory.mktemp("mentions")
    shutil.copytree(TASK, folder / "task")
    with (folder / "task" / "task.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'encoder = "{tiny_encoder}"\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "sys.argv",
            ["biolabel", "run", str(folder / "task"), "--workspace", str(folder / "work")],
        )
        with pytest.raises(SystemExit) as stop:
            main()
    assert not stop.value.code
    return folder / "work"


def relations(file: Path) -> dict[str, set[tuple[str, str, str]]]:
    rejects = Rejects()
    found = {
        d.id: {(r.label, r.subject, r.object) for r in d.relations} for d in read(file, rejects)
    }
    assert rejects.rows == []
    return found


def test_predictions_name_mentions_of_their_file(workspace: Path) -> None:
    predicted = relations(workspace / "predictions" / "dev" / "label_model.own.pubtator")
    assert predicted == {
        "n01": {("BLOCKS", "@15-21:Chemical", "@31-34:Gene")},
        "n02": {
            ("RAISES", "@11-18:Chemical", "@29-32:Gene"),
            ("BLOCKS", "@40-47:Chemical", "@55-58:Gene"),
        },
        "n03": set(),
        "n04": {
            ("BLOCKS", "@22-28:Chemical", "@38-41:Gene"),
            ("RAISES", "@22-28:Chemical", "@56-59:Gene"),
        },
        "n05": set(),
    }


def test_there_are_no_other_mentions_than_given_ones(workspace: Path) -> None:
    files = {file.name for file in (workspace / "predictions" / "dev").glob("*.pubtator")}
    systems = ("majority", "label_model", "end_model", "fused")
    assert files == {f"{name}.own.pubtator" for name in systems}


def test_scores_are_given_by_label_and_for_all_labels(workspace: Path) -> None:
    rows = json.loads((workspace / "manifest.json").read_text(encoding="utf-8"))["scores"]
    found = {(row["system"], row["metric"]): row for row in rows}
    assert {row["mentions"] for row in rows} == {"given"}
    for metric in ("pairs", "pairs blocks", "pairs raises"):
        assert found["label_model", metric]["f1"] == 1.0
        assert 0 <= found["fused", metric]["f1"] <= 1
    best = [system for system, metric in found if "best rule" in system and metric == "pairs"]
    assert best == ["best rule: verb_before_gene"]


def test_assertions_gather_mentions_by_their_text(workspace: Path) -> None:
    found = read_assertions(workspace / "assertions" / "corpus" / "acts.tsv")
    claims = {(a.subject, a.predicate, a.object): a for a in found}
    sure = claims["lisofan", "blocks", "alb"]
    assert (sure.subject_name, sure.object_name, sure.documents) == ("Lisofan", "ALB", 1)
    (evidence,) = [row for row in sure.evidence if row.passage == "abstract"]
    assert evidence.text == "Lisofan inhibits ALB in yeast."
    assert set(evidence.rules_for) == {"chemical_blocks_gene", "verb_before_gene"}
    assert ("selvate", "blocks", "tunr") not in claims


def test_the_report_shows_the_labels(workspace: Path) -> None:
    report = (workspace / "report.html").read_text(encoding="utf-8")
    assert "pairs raises" in report
    assert "verb_before_gene" in report


def test_gold_of_another_level_is_said_so(command: Callable[..., Done], tmp_path: Path) -> None:
    shutil.copytree(TASK, tmp_path / "task")
    rules = tmp_path / "task" / "rules" / "mentions.rules"
    text = rules.read_text(encoding="utf-8").replace("level: mention", "level: concept")
    rules.write_text(text, encoding="utf-8")
    corpus = tmp_path / "task" / "corpus.pubtator"
    corpus.write_text(
        "1|t|Iron blocks HUP\n1\t0\t4\tIron\tChemical\tD1\n1\t12\t15\tHUP\tGene\tD2\n"
        "1\tBLOCKS\t@0-4:Chemical\t@12-15:Gene\n",
        encoding="utf-8",
    )
    task, work = tmp_path / "task", tmp_path / "work"
    done = command("analyze", task, "--workspace", work, "--dev", corpus)
    assert done.status == 1
    assert "BL882" in done.err
    assert "level: mention" in done.err
