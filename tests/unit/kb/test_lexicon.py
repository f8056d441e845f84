import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.kb.lexicon import lexicon_of
from biolabel.kb.terms import CasePolicy, Terms, build_terms
from biolabel.kb.trie import Ints, Trie

WORDS = ["a", "b", "C", "é"]
NAMES = st.dictionaries(
    st.sampled_from(["X:1", "X:2"]),
    st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)).map(tuple),
)
CASES: st.SearchStrategy[CasePolicy] = st.sampled_from(["fold", "exact"])
PARTS = st.lists(st.tuples(NAMES, CASES), min_size=1, max_size=4)
TEXT = st.lists(st.sampled_from([*WORDS, "c", "x"]), min_size=1, max_size=12)


def walked(trie: Trie, rows: list[str]) -> tuple[Ints, Ints, Ints]:
    entries = sorted(set(rows))
    ids = np.array([entries.index(word) for word in rows], dtype=np.int32)
    return trie.find(entries, ids, np.array([0], dtype=np.int32))


@settings(deadline=None)
@given(PARTS, TEXT)
def test_each_ontology_finds_what_it_finds_alone(
    parts: list[tuple[dict[str, tuple[str, ...]], CasePolicy]], text: list[str]
) -> None:
    terms: list[Terms] = [build_terms(names, case=case) for names, case in parts]
    lexicon = lexicon_of(terms)
    for kind, rows in (("folded", [word.lower() for word in text]), ("spelled", text)):
        together = lexicon.shares(*walked(getattr(lexicon, kind), rows))
        assert len(together) == len(terms)
        for found, each in zip(together, terms, strict=True):
            alone = walked(getattr(each, kind), rows)
            assert [column.tolist() for column in found] == [c.tolist() for c in alone]


def test_the_joined_trie_holds_each_word_once() -> None:
    some, others = build_terms({"X:1": ("a b", "c")}), build_terms({"Y:1": ("a", "b c", "a b")})
    lexicon = lexicon_of([some, others])
    assert sorted(lexicon.folded.words.to_pylist()) == ["a", "b", "c"]
    assert len(lexicon.folded.edges) == 5
    assert lexicon.starts.tolist() == [0, 2, 5]
