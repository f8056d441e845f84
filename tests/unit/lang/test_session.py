"""Sessions find what reading all files anew finds, after any edit."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from biolabel.lang.load import load_all
from biolabel.lang.session import Session

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "language"
LINES = [
    "", "# nothing", "biolabel 1", "list names", "  words: aspirin, heparin", "  words: NO",
    "entity mentions", "  labels: Chemical, Disease", "  labels: Chemical, Disease, Gene",
    "relation cid(a: Chemical, b: Disease)", "  labels: causes", "  labels: causes, treats",
    "rule r for cid", "  votes: causes", "  when: r fires", "  when: sentence has names",
    "  when: between has [lemma=x]", "pipeline", "  tagger: spacy \"x\"", "haz", "  whn: x",
    "rule s for cid", "  votes: treats", "  when: not r fires", "  precision: 5",
    '  matches: "{a: x} and"', 'import "library.rules"', "  unless: sentence has far",
    "model m", '  from: spacy "x"', "  maps: X -> Diseas",
    "pattern p", "  is: names ..3 far", "rule t for mentions", "  find: p", "  votes: Gene",
]  # fmt: skip
LIBRARY = "biolabel 1\nlist far\n  words: x\nlist hidden\n  words: y\n"


@pytest.mark.parametrize("name", ["cdr", "bad", "bad2", "kitchen_sink"])
def test_edits_of_whole_files(name: str) -> None:
    path = GOLDEN / f"{name}.rules"
    session = Session([path])
    text = path.read_text(encoding="utf-8")
    for new in (
        text,
        "# a comment\n" + text,
        text.replace("causes", "cuases"),
        text.replace("Chemical", "Chem", 1),
        text + text,
        text[: len(text) // 2],
        "",
        text.replace("\n", "\r\n"),
    ):
        session.edit(path, new)
        assert session.check().diagnostics == session.load().diagnostics
        assert session.check().files == session.load().files


def test_a_circle_is_the_same_wherever_an_edit_puts_it(tmp_path: Path) -> None:
    path = tmp_path / "a.rules"
    text = "biolabel 1\npattern p\n  is: q\npattern q\n  is: r\npattern r\n  is: p\n"
    session = Session([path])
    for new in (text, text.replace("is: q", "is: q | q"), text.replace("is: r", "is: r | p")):
        session.edit(path, new)
        assert session.check().diagnostics == load_all([path], {str(path): new}).diagnostics


def test_labels_that_change_elsewhere_change_what_is_said_of_models(tmp_path: Path) -> None:
    path = tmp_path / "a.rules"
    model = 'model m\n  from: spacy "x"\n  maps: ADE -> advers\n'
    text = f"biolabel 1\n\ndocument topic\n  labels: adverse, other\n\n{model}"
    session = Session([path])
    for new in (text, text.replace("adverse", "harmful"), text):
        session.edit(path, new)
        assert session.check().diagnostics == load_all([path], {str(path): new}).diagnostics


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    edits=st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from(LINES), st.booleans()), max_size=12
    )
)
def test_random_edits(tmp_path: Path, edits: list[tuple[int, str, bool]]) -> None:
    path = tmp_path / "main.rules"
    (tmp_path / "library.rules").write_text(LIBRARY)
    lines = LINES[2:].copy()
    session = Session([path])
    for at, line, added in edits:
        lines[at : at + (not added)] = [line]
        text = "\n".join(lines)
        session.edit(path, text)
        fresh = load_all([path], {os.path.realpath(path): text})
        assert session.check().diagnostics == fresh.diagnostics


def test_closed_files_are_read_from_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "main.rules"
    path.write_text("biolabel 1\nlist names\n  words: x\n")
    session = Session([path])
    assert session.check().diagnostics == ()
    session.edit(path, "biolabel 1\nlist names\n  wrds: x\n")
    assert [d.code for d in session.check().diagnostics] == ["BL007"]
    session.edit(path, None)
    assert session.check().diagnostics == ()
    path.write_text("biolabel 1\nlist names\n  case: fld\n  words: x\n")
    assert [d.code for d in session.check().diagnostics] == ["BL012"]
    path.unlink()
    assert [d.code for d in session.check().diagnostics] == ["BL108"]


def test_imported_files_may_be_open(tmp_path: Path) -> None:
    main, library = tmp_path / "main.rules", tmp_path / "library.rules"
    main.write_text('biolabel 1\nimport "library.rules" only far\n')
    library.write_text(LIBRARY)
    session = Session([main])
    assert session.check().diagnostics == ()
    session.edit(library, LIBRARY.replace("far", "near"))
    (found,) = session.check().diagnostics
    assert (found.code, found.span.file) == ("BL109", str(main))


def test_long_sessions_stay_small(tmp_path: Path) -> None:
    path = tmp_path / "main.rules"
    session = Session([path])
    for number in range(400):
        session.edit(path, f"biolabel 1\nlist names\n  wrds: x{number}, {'y' * 100}\n")
        (found,) = session.check().diagnostics
        assert (found.span.start, found.span.end) == (24, 28)
    (shelf,) = session._shelves.values()
    assert len(shelf.text) < 20_000
