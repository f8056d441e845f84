import pytest

from biolabel.data.corpus import GRAMMAR, SCHEMAS, corpus_from
from biolabel.data.documents import Document, Mention, Passage
from biolabel.text.build import Annotation, naive, tables_of
from biolabel.text.documents import corpus_documents
from biolabel.text.projection import Tokens
from biolabel.text.store_tables import POINTERS, Tables, joined_tables, selected_tables


def tables(*texts: str) -> Tables:
    return tables_of((each, naive(each)) for each in map(document, texts))


def document(text: str) -> Document:
    return Document(text, (Passage("title", 0, text),), (Mention(0, 1, text[0]),))


def same(one: Tables, other: Tables) -> None:
    for name, table in one.items():
        assert table.column_names == other[name].column_names
        assert table.equals(other[name]), name
        for left, right in zip(table.columns, other[name].columns, strict=True):
            left, right = left.combine_chunks(), right.combine_chunks()
            if hasattr(left, "indices"):
                assert left.indices.equals(right.indices), name


def test_every_number_of_a_row_is_known() -> None:
    counted = {"start", "end", "short_start", "short_end", "long_start", "long_end"}
    for name, schema in SCHEMAS.items():
        numbers = {field.name for field in schema if str(field.type) == "int32"}
        assert numbers - counted == set(POINTERS[name]), name


def test_joined_tables_are_those_of_all_documents() -> None:
    parts = [tables("A b. C d."), tables("A c.", "D!"), tables("B a.")]
    same(joined_tables(parts), tables("A b. C d.", "A c.", "D!", "B a."))
    assert joined_tables(parts[:1]) is parts[0]


@pytest.mark.parametrize("order", [[0], [2], [0, 2], [1, 2], [2, 0, 1], [3, 1], [0, 1, 2, 3]])
def test_selected_tables_are_those_of_the_documents(order: list[int]) -> None:
    texts = ["A b. C d.", "A c.", "D! E", "B a."]
    found = selected_tables(tables(*texts), order)
    same(found, tables(*(texts[i] for i in order)))
    assert [d.id for d in corpus_documents(corpus_from(found, ""))] == [texts[i] for i in order]


def test_documents_without_rows_are_moved_as_well() -> None:
    bare = [Document(i, (Passage("title", 0, "'"),)) for i in "ab"]
    both = [bare[0], document("A b"), bare[1]]
    whole = tables_of((each, Annotation(())) for each in both)
    same(selected_tables(whole, [2, 1]), tables_of((each, Annotation(())) for each in both[:0:-1]))


def test_columns_of_grammar_are_there_where_something_is_known() -> None:
    said = Tokens((0,), (1,), ("a",), ("X",), ("",), ("ROOT",), (-1,))
    both = (document("A b"), Annotation((), tokens=(said,))), (document("C d"), Annotation(()))
    bare, told = tables_of(both[1:]), tables_of(both[:1])
    assert set(told["rows"].column_names) - set(bare["rows"].column_names) == set(GRAMMAR)
    whole = tables_of(both)
    same(joined_tables([told, bare]), whole)
    assert corpus_from(whole, "").row_lemma.tolist() == [0, -1, -1, -1]
    assert corpus_from(bare, "").row_head.tolist() == [-1, -1]
    assert corpus_from(bare, "").lemmas == ()
    same(selected_tables(whole, [1]), bare)
    same(selected_tables(whole, [1, 0]), tables_of(both[::-1]))
