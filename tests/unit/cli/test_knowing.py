from pathlib import Path

from rich.console import Console, RenderableType

from biolabel.cli.knowing import built_table, search_table, shown_lines, source_lines
from biolabel.kb.cards import Card
from biolabel.workflow.knowledge.build import Built
from biolabel.workflow.knowledge.listing import Size
from biolabel.workflow.knowledge.look import Partner, Shown
from biolabel.workflow.knowledge.search import Match


def text_of(*parts: RenderableType) -> str:
    console = Console(width=200, markup=False, highlight=False)
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    return captured.get()


def test_long_lists_are_cut_and_counted() -> None:
    names = {"exact": ("Pain", "ache", "dolor"), "lay": ("ouch",)}
    card = Card(id="X:1", names=names, asked="X:0", references=("Y:1", "Y:2"))
    documents = tuple(map(str, range(9)))
    partner = Partner("ctd", "object", "X:2", "Gout", ("marker",), 9, documents)
    shown = Shown(card, "X:1", "Pain", (partner, partner), {"b": "BL703: gone"})
    text = text_of(*shown_lines(shown, 1))
    for part in (
        "X:1  Pain",
        "X:0 is now X:1",
        "names: ache, and 1 more",
        "lay names: ouch",
        "same elsewhere: Y:1, and 1 more",
        "4 5 6 7 8 and 4 more",
        "1 more pairs",
        "b was not asked: BL703: gone",
    ):
        assert part in text


def test_a_concept_without_names_and_pairs() -> None:
    text = text_of(*shown_lines(Shown(Card(id="X:1", names={}), "X:1", "", (), {}), 5))
    assert "X:1  (no name here)" in text
    assert "in no table" in text


def test_sources_of_pairs() -> None:
    size = Size(pairs=2, parts=("a", "b"), evidence=5, documents=3)
    text = "\n".join(source_lines("k.tsv", size))
    assert "2 pairs, 5 pieces of evidence, from 3 documents" in text
    assert "parts: a, b" in text


def test_reasons_of_a_search() -> None:
    found = [
        Match("k", "X:1", "failure, heart", "failure, heart", "heart failures", "other form", 1.0),
        Match("k", "X:2", "Naloxone", "Naloxone", "naloxone", "alike", 0.875),
    ]
    text = text_of(search_table(found))
    assert "heart failures (of failure, heart)" in text
    assert "alike, 88%" in text


def test_kept_indices() -> None:
    built = Built("k", "terms", ("plural",), 10, 20, 0.5, True, Path("/tmp/x.arrow"), 2_000_000)
    text = text_of(built_table([built]))
    assert "there already: /tmp/x.arrow" in text
    assert " 2.0 " in text
