import shutil
from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.catalog import entry, entry_of, names, table_path, trees_path

KB = Path(__file__).resolve().parents[2] / "data" / "kb"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(KB, tmp_path / "kb")
    return tmp_path / "kb"


def changed(folder: Path, old: str, new: str) -> None:
    path = folder / "tiny_drugs" / "kb.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_names_are_the_folders_with_a_kb_toml() -> None:
    assert names(KB) == ["tiny_causes", "tiny_diseases", "tiny_drugs"]


def test_every_shipped_entry_is_valid() -> None:
    assert [entry(name).name for name in names()] == names()


def test_unknown_name() -> None:
    with pytest.raises(KnowledgeError) as raised:
        entry("tiny_drug", KB)
    assert (raised.value.code, raised.value.hint) == ("BL701", "did you mean `tiny_drugs`?")
    with pytest.raises(KnowledgeError) as raised:
        entry("mesh", KB)
    assert raised.value.hint == "there are: tiny_causes, tiny_diseases, tiny_drugs"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "terms"', "kind = terms", "is no TOML file"),
        ('kind = "terms"', 'kind = "words"', "kind: Input should be 'terms' or 'pairs'"),
        ('version = "1"\n', "", "version: Field required"),
        ('prefix = "MESH"', 'prefixes = "MESH"', "prefixes: Extra inputs"),
        ('name = "name"\n', "", "a table of terms needs [columns] name"),
    ],
)
def test_bad_toml(folder: Path, old: str, new: str, said: str) -> None:
    changed(folder, old, new)
    with pytest.raises(KnowledgeError) as raised:
        entry("tiny_drugs", folder)
    assert raised.value.code == "BL702"
    assert said in raised.value.message


def test_the_wrong_kind() -> None:
    assert entry_of("terms", "tiny_drugs", KB).kind == "terms"
    with pytest.raises(KnowledgeError) as raised:
        entry_of("pairs", "tiny_drugs", KB)
    assert raised.value.code == "BL709"
    assert raised.value.message == "`tiny_drugs` holds terms, not pairs"


def test_missing_table(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "tiny_drugs" / "drugs.tsv").unlink()
    with pytest.raises(KnowledgeError, match=r"drugs\.tsv") as raised:
        table_path(entry("tiny_drugs", folder), folder)
    assert (raised.value.code, raised.value.hint) == (
        "BL703",
        "correct the path, or set BIOLABEL_DATA",
    )
    monkeypatch.setenv("BIOLABEL_DATA", str(folder))
    changed(folder, 'prefix = "MESH"', 'prefix = "MESH"\nwhere = "data"')
    with pytest.raises(KnowledgeError) as raised:
        table_path(entry("tiny_drugs", folder), folder)
    assert (raised.value.code, "BIOLABEL_DATA" in raised.value.hint) == ("BL703", True)


def test_another_table(folder: Path) -> None:
    found = entry("tiny_drugs", folder)
    assert table_path(found, folder) == folder / "tiny_drugs" / "drugs.tsv"
    (folder / "tiny_drugs" / "drugs.tsv").write_text("id\tname\n")
    with pytest.raises(KnowledgeError) as raised:
        table_path(found, folder)
    assert raised.value.code == "BL704"
    assert found.trees is not None
    with pytest.raises(KnowledgeError) as raised:
        trees_path(found, found.trees, folder)
    assert raised.value.code == "BL704"


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "9" * 5000])
def test_a_kb_toml_that_breaks_the_parser(tmp_path: Path, text: str) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "kb.toml").write_text(text, "utf-8")
    with pytest.raises(KnowledgeError) as raised:
        entry("x", tmp_path)
    assert raised.value.code == "BL702"
