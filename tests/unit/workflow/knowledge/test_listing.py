import shutil
from pathlib import Path

from biolabel.kb.named import named
from biolabel.workflow.knowledge.listing import Size, list_entries, size_of

KB = Path(__file__).resolve().parents[3] / "data" / "kb"


def test_entries_with_their_sizes() -> None:
    found = {each.name: each for each in list_entries(folder=KB)}
    assert found["tiny_drugs"].size == Size(concepts=6, names=11)
    assert found["tiny_causes"].size == Size(
        pairs=4, parts=("marker", "marker_mechanism", "therapeutic"), evidence=8, documents=6
    )
    assert found["tiny_drugs"].place == KB / "tiny_drugs" / "drugs.tsv"
    assert {each.state for each in found.values()} == {"there"}


def test_files_that_are_not_as_described(tmp_path: Path) -> None:
    shutil.copytree(KB, tmp_path / "kb")
    (tmp_path / "kb" / "tiny_drugs" / "drugs.tsv").unlink()
    with (tmp_path / "kb" / "tiny_causes" / "causes.tsv").open("a") as table:
        table.write("\n")
    states = {e.name: (e.state, e.problem[:12]) for e in list_entries(folder=tmp_path / "kb")}
    assert states["tiny_drugs"] == ("missing", "error[BL703]")
    assert states["tiny_causes"] == ("changed", "error[BL704]")
    assert states["tiny_diseases"] == ("there", "")


def test_a_broken_entry_is_told_and_the_others_are_listed(tmp_path: Path) -> None:
    shutil.copytree(KB, tmp_path / "kb")
    (tmp_path / "kb" / "tiny_drugs" / "kb.toml").write_text("name =")
    found = {each.name: each for each in list_entries(folder=tmp_path / "kb")}
    broken = found.pop("tiny_drugs")
    assert (broken.entry, broken.state, broken.problem[:12]) == (None, "broken", "error[BL702]")
    assert {each.state for each in found.values()} == {"there"}


def test_the_size_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("id\tname\nX:1\tPain\nX:1\tache\n")
    assert size_of(named(str(tmp_path / "a.tsv"))) == Size(concepts=1, names=2)
