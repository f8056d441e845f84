from pathlib import Path

import pytest

from biolabel.errors import RunError
from biolabel.workflow.report.page import page, write_text


def test_text_is_escaped() -> None:
    html = page("analysis.html", title="<b>", facts_={}, views=[], alike=0.5, most_pairs=1)
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_writing_replaces(tmp_path: Path) -> None:
    path = tmp_path / "new" / "page.html"
    write_text(path, "one")
    write_text(path, "zwölf")
    assert path.read_text(encoding="utf-8") == "zwölf"
    assert [file.name for file in path.parent.iterdir()] == ["page.html"]


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError) as caught:
        write_text(tmp_path / "file" / "page.html", "")
    assert caught.value.code == "BL906"
