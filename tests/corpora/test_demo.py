"""The demo corpus: its format, and that every fault the script looks for is found."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

DEMO = Path(__file__).resolve().parents[2] / "tasks" / "demo"
FILLER = " ".join(f"word{i}" for i in range(70))
GOOD = (
    "== 900000901 | case report | adverse_event\n"
    "T: {c D002220: Carbamazepine} and {d D007010: low sodium}\n"
    f"A: {{c D002220: Carbamazepine}} caused {{d D007010|D012640: salt and fits}}. {FILLER}\n"
    "R: D002220 D007010\n"
)


@pytest.fixture(scope="module")
def demo(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("demo")


def complaints(demo: ModuleType, content: str) -> list[str]:
    texts, faults = demo.parse("x.txt", content)
    for text in texts:
        faults += demo.faults_of(text)
    return [fault.message for fault in [*faults, *demo.faults_between(texts)]]


def test_good_text_has_no_faults_and_exact_offsets(demo: ModuleType) -> None:
    (text,), faults = demo.parse("x.txt", f"\n\n{GOOD}\n\n")
    assert faults == []
    assert complaints(demo, GOOD) == []
    assert [text.plain[m.start : m.end] for m in text.marks] == [
        "Carbamazepine",
        "low sodium",
        "Carbamazepine",
        "salt and fits",
    ]
    assert text.marks[-1].ids == ("D007010", "D012640")
    assert text.relations == (("D002220", "D007010"),)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("== 900000901", "= 900000901", "expected `== NUMBER"),
        ("T: ", "Title: ", "expected the lines"),
        ("R: D002220 D007010", "R: D002220", "expected two ids"),
        ("| case report |", "| poem |", "unknown kind `poem`"),
        ("| adverse_event", "| harm", "unknown topic `harm`"),
        (" | adverse_event", "", "in a text without a topic"),
        (" word1 ", " caf\u00e9 ", "not ASCII"),
        (" word1 ", " {x y} ", "a brace outside a mark"),
        (FILLER, "word", "words, expected 60 to 200"),
        (": low sodium}", ": low sodium }", "blank at the edge"),
        ("D002220: Carb", "MESH:D002220: Carb", "a brace outside a mark"),
        ("D002220: Carb", "D22: Carb", "expected MeSH ids without prefix"),
        (" word1 ", " LOW SODIUM ", "`low sodium` is marked, but not everywhere: 1 more"),
        ("R: D002220", "R: D009999", "chemical D009999 is not marked"),
        ("R: D002220 D007010", "R: D002220 D002220", "disease D002220 is not marked"),
        ("R: D002220 D007010", "R: D002220 D007010\nR: D002220 D007010", "same relation twice"),
    ],
)
def test_planted_fault_is_found(demo: ModuleType, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    assert any(expected in message for message in complaints(demo, GOOD.replace(old, new)))


def test_fault_names_file_and_line_and_spares_its_neighbour(demo: ModuleType) -> None:
    texts, faults = demo.parse("x.txt", f"== wrong\nT: a\n\n{GOOD}")
    assert [text.number for text in texts] == ["900000901"]
    assert [fault.where for fault in faults] == ["x.txt:1"]


def test_repeated_number_and_copied_text_are_found(demo: ModuleType) -> None:
    found = complaints(demo, f"{GOOD}\n{GOOD}")
    assert "the number is used more than once" in found
    assert any(message.startswith("shares 100%") for message in found)


def test_unmarked_counts_whole_words_outside_marks(demo: ModuleType) -> None:
    content = GOOD.replace(" word1 ", " carbamazepine carbamazepines un-carbamazepine ")
    (text,), _ = demo.parse("x.txt", content)
    assert demo.unmarked(text, "carbamazepine") == 2


def test_corpus_is_what_the_issue_asks_for(demo: ModuleType) -> None:
    texts, faults = demo.read(DEMO / "texts")
    assert faults == []
    assert len(texts) >= 160
    gold = [text for text in texts if text.topic]
    assert len(gold) >= 60
    assert {text.topic for text in gold} == set(demo.TOPICS)
    assert sum(len(text.relations) for text in gold) >= 100


def test_files_are_up_to_date(
    demo: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert demo.main(["--check"]) == 0
    monkeypatch.setattr(demo, "DEMO", tmp_path)
    (tmp_path / "texts").mkdir()
    assert demo.main([]) == 1  # no texts at all
    (tmp_path / "texts" / "x.txt").write_text(GOOD, encoding="utf-8")
    assert demo.main(["--check"]) == 1
    assert "dev.pubtator is not what the texts give" in capsys.readouterr().err
    assert demo.main([]) == 0
    assert demo.main(["--check"]) == 0


def test_faulty_texts_write_nothing(
    demo: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "DEMO", tmp_path)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "x.txt").write_text(GOOD.replace("D002220:", "x:"), encoding="utf-8")
    assert demo.main([]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["texts"]


def test_written_offsets_give_the_written_text() -> None:
    texts: dict[str, list[str]] = {}
    mentions = 0
    for line in (DEMO / "dev.pubtator").read_text(encoding="utf-8").splitlines():
        if "|t|" in line or "|a|" in line:
            number, _, passage = line.split("|", 2)
            texts.setdefault(number, []).append(passage)
        elif line.count("\t") == 5:
            number, start, end, surface, _, _ = line.split("\t")
            assert " ".join(texts[number])[int(start) : int(end)] == surface
            mentions += 1
    assert mentions > 800
    assert "\t" not in (DEMO / "corpus.pubtator").read_text(encoding="utf-8")
