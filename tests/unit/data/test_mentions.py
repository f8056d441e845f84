import numpy as np
import pytest

from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Mention, Passage
from biolabel.data.mentions import (
    MentionTable,
    document_mentions,
    given_mentions,
    joined,
    mentions_of_rows,
)
from biolabel.text.build import corpus_of


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Return two documents; of the second's mentions one holds a soft sign only."""
    return corpus_of(
        [
            Document(
                "a",
                (Passage("title", 0, "Zinc and rash"),),
                (
                    Mention(9, 13, "Harm", ("X:2",)),
                    Mention(0, 4, "Drug", ("X:1", "X:3")),
                ),
            ),
            Document(
                "b",
                (Passage("title", 0, "- zinc oxide"),),
                (Mention(0, 1, "Drug"), Mention(2, 12, "Drug", ("X:1",))),
            ),
        ]
    )


def rows(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Return row numbers as tables have them."""
    return np.array(numbers, dtype=np.int32)


def listed(table: MentionTable) -> list[tuple[int, int, int, int, int, str, tuple[str, ...]]]:
    """Return the mentions of a table as tuples."""
    columns = (table.doc, table.start, table.end, table.first_row, table.end_row)
    numbers = [tuple(column[i].item() for column in columns) for i in range(len(table))]
    return [
        (*place, table.types[table.type[i]], table.concepts[i]) for i, place in enumerate(numbers)
    ]


ZINC = (0, 0, 4, 0, 1, "Drug", ("X:1", "X:3"))
RASH = (0, 9, 13, 2, 3, "Harm", ("X:2",))
OXIDE = (1, 2, 12, 3, 5, "Drug", ("X:1",))


def test_given_mentions_have_rows(corpus: Corpus) -> None:
    assert listed(given_mentions(corpus)) == [ZINC, RASH, OXIDE]


def test_mentions_are_made_of_rows_in_any_order(corpus: Corpus) -> None:
    found = mentions_of_rows(
        corpus,
        rows(3, 2, 0),
        rows(5, 3, 1),
        ["Drug", "Harm", "Drug"],
        [("X:1",), ("X:2",), ("X:1", "X:3")],
    )
    assert listed(found) == [ZINC, RASH, OXIDE]
    assert found.types == ("Drug", "Harm")


def test_no_rows_make_no_mentions(corpus: Corpus) -> None:
    found = mentions_of_rows(corpus, rows(), rows(), [], [])
    assert (len(found), found.types) == (0, ())


def test_mentions_of_a_type_are_told_apart(corpus: Corpus) -> None:
    given = given_mentions(corpus)
    assert given.of_type("Drug").tolist() == [True, False, True]
    assert given.of_type("Gene").tolist() == [False, False, False]


def test_tables_join_in_order_of_the_text(corpus: Corpus) -> None:
    drugs = mentions_of_rows(
        corpus, rows(0, 3), rows(1, 5), ["Drug", "Drug"], [("X:1", "X:3"), ("X:1",)]
    )
    harms = mentions_of_rows(corpus, rows(2), rows(3), ["Harm"], [("X:2",)])
    for order in ([drugs, harms], [harms, drugs]):
        whole = joined(order)
        assert listed(whole) == [ZINC, RASH, OXIDE]
        assert whole.types == ("Drug", "Harm")
        assert whole.doc.dtype == whole.type.dtype == np.int32


def test_nothing_joins_to_an_empty_table(corpus: Corpus) -> None:
    empty = joined([])
    assert (len(empty), empty.types, empty.concepts) == (0, (), ())
    assert document_mentions(empty, 2, "us") == [(), ()]
    assert listed(joined([empty, given_mentions(corpus)])) == [ZINC, RASH, OXIDE]


def test_tables_become_the_mentions_of_documents(corpus: Corpus) -> None:
    first, second, third = document_mentions(given_mentions(corpus), 3, "us")
    assert first == (
        Mention(0, 4, "Drug", ("X:1", "X:3"), "us"),
        Mention(9, 13, "Harm", ("X:2",), "us"),
    )
    assert second == (Mention(2, 12, "Drug", ("X:1",), "us"),)
    assert third == ()


def test_meanings_of_mentions() -> None:
    rows = np.arange(4, dtype=np.int32)
    concepts = (("X:2", "X:1", "X:2"), (), ("X:1",), ("X:3",))
    doc = np.array([0, 0, 0, 1], dtype=np.int32)
    table = MentionTable(doc, rows, rows + 1, rows, rows + 1, 0 * rows, ("A",), concepts)
    found = table.meanings
    assert found.names == ("X:1", "X:2", "X:3")
    pairs = list(zip(found.mention.tolist(), found.concept.tolist(), strict=True))
    assert pairs == [(0, 1), (0, 0), (2, 0), (3, 2)]
    assert found.only.tolist() == [-2, -1, 0, 2]
    keys, mentions = table.by_concept
    assert keys.tolist() == [0, 0, 1, 4 + 2]
    assert mentions.tolist() == [0, 2, 0, 3]
