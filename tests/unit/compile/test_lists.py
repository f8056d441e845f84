from pathlib import Path

import pytest

from biolabel.compile.lists import expand_lists
from biolabel.errors import Span
from biolabel.lang import tree


def declared(folder: Path, name: str, **fields: object) -> tree.ListDecl:
    span = Span(str(folder / "rules" / "x.rules"), 3, 5)
    # Linking joins the paths of files to the folder of their rule file.
    files = tuple(str(folder / "rules" / file) for file in fields.pop("files", ()))  # type: ignore[attr-defined]
    fields = {**fields, "files": files}
    return tree.ListDecl(name=tree.Name(name, span=span), **fields)  # type: ignore[arg-type]


def test_words_files_and_included_lists(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "words.txt").write_bytes(
        "\ufeff# note\r\nbeta*\r\n\r\n  gamma ray \nalpha\n".encode()
    )
    lists = {
        "a": declared(tmp_path, "a", words=("alpha",), files=("../words.txt",)),
        "b": declared(tmp_path, "b", words=("delta", "alpha"), include=(tree.Name("a"),)),
        "c": declared(tmp_path, "c", include=(tree.Name("b"), tree.Name("a")), case="exact"),
    }
    found, problems = expand_lists(lists)
    assert problems == ()
    assert found["a"].words == ("alpha", "beta*", "gamma ray")
    assert found["b"].words == ("delta", "alpha", "beta*", "gamma ray")
    assert found["c"].words == found["b"].words
    assert all(not (each.files or each.include) for each in found.values())
    assert found["c"].case == "exact"


@pytest.mark.parametrize("content", [None, "é".encode("latin-1")])
def test_unreadable_files_leave_the_other_words(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "rules").mkdir()
        (tmp_path / "rules" / "words.txt").write_bytes(content)
    found, problems = expand_lists(
        {"a": declared(tmp_path, "a", words=("alpha",), files=("words.txt",))}
    )
    assert found["a"].words == ("alpha",)
    (problem,) = problems
    assert (problem.code, problem.severity, problem.span.start) == ("BL708", "error", 3)
    assert str(tmp_path / "rules" / "words.txt") in problem.message


def test_entries_that_mean_nothing_are_found_in_files_too(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "words.txt").write_text("--\nan*emia\nfine\n")
    found, problems = expand_lists({"a": declared(tmp_path, "a", files=("words.txt",))})
    assert [p.code for p in problems] == ["BL310", "BL309"]
    assert "fine" in found["a"].words
