import pytest

from biolabel.apply.norm.composite import MOST_PARTS, parts_of


@pytest.mark.parametrize(
    "text", ["renal and hepatic failure", "renal or hepatic failure", "renal/hepatic failure"]
)
def test_endings_are_shared(text: str) -> None:
    first, second = parts_of(text)
    assert first == ["renal failure", "renal"]
    assert second == ["renal hepatic failure", "hepatic failure"][1:]


def test_beginnings_are_shared() -> None:
    first, second = parts_of("tumors of the breast and ovary")
    assert "tumors of the ovary" in second
    assert first[-1] == "tumors of the breast"


def test_lists() -> None:
    assert [part[-1] for part in parts_of("breast, ovarian, and lung cancer")] == [
        "breast", "ovarian", "lung cancer",
    ]  # fmt: skip
    assert parts_of("breast, ovarian, and lung cancer")[1][0] == "ovarian cancer"


@pytest.mark.parametrize(
    "text", ["lung cancer", "", "and", "sand", "1,2-dimethylhydrazine", "a, " * MOST_PARTS + "b"]
)
def test_what_is_no_list(text: str) -> None:
    assert parts_of(text) == []
