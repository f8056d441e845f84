import numpy as np
import pytest

from biolabel.apply.matches import matches
from biolabel.apply.norm.shorts import with_short_forms
from biolabel.data.corpus import Corpus
from biolabel.text.build import Abbreviation, Annotation
from tests.unit.apply.world import corpus


def shorts(held: Corpus, *names: tuple[int, int]) -> list[tuple[int, str, str]]:
    """Return document, short and long form of all entries, given the rows of names."""
    rows = np.array(names, dtype=np.int32).reshape(-1, 2)
    found = with_short_forms(held, matches(rows[:, 0], rows[:, 1]))
    entries = (found.short_start, found.short_end, found.long_start, found.long_end)
    return [
        (doc, held.texts[doc][a:b], held.texts[doc][c:d])
        for doc, a, b, c, d in zip(
            found.abbreviation_doc.tolist(), *(e.tolist() for e in entries), strict=True
        )
    ]


def test_letters_may_stand_in_any_order_and_count_in_the_whole_document() -> None:
    held = corpus("Myotonic dystrophy (DM) is it. DM, not dm.", "DM here is something else")
    assert shorts(held, (0, 2)) == [(0, "DM", "Myotonic dystrophy")] * 2


@pytest.mark.parametrize(
    "text",
    [
        "myotonic dystrophy (XM)",
        "myotonic dystrophy (RM)",
        "myotonic dystrophy (dm)",
        "myotonic dystrophy (DM1)",
        "myotonic dystrophy [DM]",
        "myotonic dystrophy (DM and others)",
        "gout, dys (GOUT)",
        "myotonic dystrophy (",
    ],
)
def test_what_is_no_short_form(text: str) -> None:
    assert shorts(corpus(text), (0, 2)) == []


def test_what_a_document_defines_keeps_its_meaning() -> None:
    text = "Dry mouth (DM) or myotonic dystrophy (DM)"
    known = [Abbreviation(11, 13, 0, 9), Abbreviation(38, 40, 0, 9)]
    held = corpus(text, annotate=lambda _: Annotation((), tuple(known)))
    assert shorts(held, (6, 8)) == [(0, "DM", "Dry mouth")] * 2
