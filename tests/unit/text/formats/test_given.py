import pytest

from biolabel.data.documents import Mention
from biolabel.text.formats.given import UnusableError, concepts_of, mention_at

TEXT = "renal and hepatic failure"


@pytest.mark.parametrize(
    ("cell", "curies", "malformed"),
    [
        ("D1", ("MESH:D1",), ()),
        ("mesh:D1|OMIM:2+D1", ("MESH:D1", "OMIM:2"), ()),
        (" D1 ; D2,D3", ("MESH:D1", "MESH:D2", "MESH:D3"), ()),
        ("-1", (), ()),
        ("", (), ()),
        ("D1|not one", ("MESH:D1",), ("not one",)),
    ],
)
def test_cells_of_identifiers(
    cell: str, curies: tuple[str, ...], malformed: tuple[str, ...]
) -> None:
    assert concepts_of(cell) == (curies, malformed)


def test_identifiers_without_a_prefix_get_one() -> None:
    assert concepts_of("7157", "NCBIGENE").curies == ("NCBIGENE:7157",)


def test_a_discontinuous_mention_has_its_parts_and_all_between() -> None:
    wanted = Mention(0, 25, "X", parts=((0, 5), (18, 25)))
    for written in ("renal failure", "renalfailure", TEXT, ""):
        assert mention_at(TEXT, [(18, 25), (0, 5)], written, "X") == wanted


def test_parts_that_touch_or_overlap_are_one() -> None:
    assert mention_at(TEXT, [(0, 3), (3, 5)], "", "X") == Mention(0, 5, "X")
    assert mention_at(TEXT, [(0, 4), (2, 5), (6, 9)], "", "X").parts == ((0, 5), (6, 9))
    assert mention_at(TEXT, [(0, 9), (2, 5)], "", "X") == Mention(0, 9, "X")


@pytest.mark.parametrize(
    ("spans", "written", "type_", "said"),
    [
        ([], "", "X", "nothing is no span"),
        ([(3, 3)], "", "X", "3-3 is no span of the text, which has 25 characters"),
        ([(0, 26)], "", "X", "0-26 is no span"),
        ([(-1, 3)], "", "X", "is no span"),
        ([(5, 2)], "", "X", "5-2 is no span"),
        ([(0, 5)], "kidney", "X", "the text at 0-5 is 'renal', not 'kidney'"),
        ([(0, 5)], "renal", " ", "no type"),
    ],
)
def test_wrong_mentions_are_refused(
    spans: list[tuple[int, int]], written: str, type_: str, said: str
) -> None:
    with pytest.raises(UnusableError) as caught:
        mention_at(TEXT, spans, written, type_)
    assert caught.value.lost == "mention"
    assert said in caught.value.reason
