from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from biolabel.data.rows import rows_of_all
from biolabel.text.projection import Tokens, project


def tokens(text: str, *said: tuple[str, str, str, int]) -> Tokens:
    """Return tokens from (text, lemma, dep, head), found one after the other; pos is a number."""
    at, spans = 0, []
    for form, *_ in said:
        start = text.index(form, at)
        at = start + len(form)
        spans.append((start, at))
    return Tokens(
        tuple(start for start, _ in spans),
        tuple(end for _, end in spans),
        tuple(lemma for _, lemma, _, _ in said),
        tuple(f"P{i}" for i in range(len(said))),
        tuple(f"T{i}" for i in range(len(said))),
        tuple(dep for *_, dep, _ in said),
        tuple(head for *_, head in said),
    )


@dataclass(frozen=True)
class Said:
    """What is said of the rows of a text, "" for unknown."""

    lemma: list[str]
    pos: list[str]
    tag: list[str]
    dep: list[str]
    head: NDArray[np.int32]


def words(text: str, said: Tokens) -> Said:
    """Project on the second of three documents; the others have the same, and no, tokens."""
    cut = rows_of_all([text, text, text])
    base = np.repeat([0, 100, 200], np.diff(cut.first))
    forms = cut.forms.take(pa.array(cut.form))
    found = project(
        [(0, said), (100, said)],
        cut.start + base,
        cut.end + base,
        cut.is_word,
        pc.utf8_lower(forms),
    )
    mine = slice(cut.first[1], cut.first[2])
    lemma, pos, tag, dep = (
        [value or "" for value in getattr(found, name)[mine].to_pylist()]
        for name in ("lemma", "pos", "tag", "dep")
    )
    head = found.head[mine]
    moved = np.where(head < 0, head, head - cut.first[1]).astype(np.int32)
    assert pc.all(pc.is_null(found.pos[cut.first[2] :])).as_py() in (True, None)
    return Said(lemma, pos, tag, dep, moved)


def test_a_token_a_word() -> None:
    text = "Rats died."
    found = words(
        text, tokens(text, ("Rats", "rat", "nsubj", 1), ("died", "die", "ROOT", -1), (".", ".", "punct", 1))
    )  # fmt: skip
    assert found.lemma == ["rat", "die", "."]
    assert found.pos == ["P0", "P1", "P2"]
    assert found.tag == ["T0", "T1", "T2"]
    assert found.dep == ["nsubj", "ROOT", "punct"]
    assert found.head.tolist() == [1, -1, 1]


def test_the_words_of_one_token_hang_on_its_last() -> None:
    text = "Lidocaine-induced pain"
    found = words(
        text,
        tokens(
            text, ("Lidocaine-induced", "lidocaine-induce", "amod", 1), ("pain", "pain", "ROOT", -1)
        ),
    )
    assert found.lemma == ["lidocaine", "induce", "pain"]
    assert found.pos == ["P0", "P0", "P1"]
    assert found.dep == ["compound", "amod", "ROOT"]
    assert found.head.tolist() == [1, 2, -1]


def test_a_lemma_of_other_words_is_not_cut() -> None:
    text = "IL-2"
    assert words(text, tokens(text, ("IL-2", "interleukin", "ROOT", -1))).lemma == ["il", "2"]


def test_a_sign_at_the_end_of_a_token_does_not_stand_for_it() -> None:
    text = "U.S. law"
    found = words(text, tokens(text, ("U.S.", "U.S.", "compound", 1), ("law", "law", "ROOT", -1)))
    assert found.lemma == ["U", ".", "S", ".", "law"]
    assert found.dep == ["compound", "compound", "compound", "compound", "ROOT"]
    assert found.head.tolist() == [2, 2, 4, 2, -1]


def test_a_word_over_several_tokens_stands_where_the_one_nearest_to_the_root_does() -> None:
    text = "We cannot see"
    found = words(
        text,
        tokens(
            text, ("We", "we", "nsubj", 3), ("can", "can", "aux", 3), ("not", "not", "neg", 3),
            ("see", "see", "ROOT", -1),
        ),
    )  # fmt: skip
    assert found.lemma == ["we", "cannot", "see"]
    assert found.pos == ["P0", "P2", "P3"]
    assert found.dep == ["nsubj", "neg", "ROOT"]
    text = "10mg doses"
    found = words(
        text,
        tokens(
            text, ("10", "10", "nummod", 1), ("mg", "mg", "nmod", 2), ("doses", "dose", "ROOT", -1)
        ),
    )
    assert (found.lemma, found.dep) == (["10mg", "dose"], ["nmod", "ROOT"])


def test_what_hangs_on_a_token_without_a_word_hangs_above_it() -> None:
    text = "drug - induced - pain"
    found = words(
        text,
        tokens(
            text, ("drug", "drug", "x", 1), ("-", "-", "y", 2), ("induced", "induce", "z", 3),
            ("-", "-", "ROOT", -1), ("pain", "pain", "w", 3),
        ),
    )  # fmt: skip
    assert found.dep == ["x", "z", "w"]
    assert found.head.tolist() == [1, -1, -1]


def test_what_no_token_covers_is_unknown() -> None:
    text = "a b c"
    found = words(text, tokens(text, ("b", "b", "ROOT", -1)))
    assert found.lemma == ["", "b", ""]
    assert found.dep == ["", "ROOT", ""]
    nobody = words(text, Tokens((), (), (), (), (), (), ()))
    assert nobody.lemma == nobody.dep == ["", "", ""]
    assert nobody.head.tolist() == [-1, -1, -1]


def test_without_a_parse_there_are_no_heads() -> None:
    text = "a b"
    found = words(text, tokens(text, ("a", "a", "", -1), ("b", "b", "", -1)))
    assert (found.pos, found.dep, found.head.tolist()) == (["P0", "P1"], ["", ""], [-1, -1])


@given(
    st.text("ab-.1 ", min_size=1, max_size=14),
    st.lists(st.integers(1, 4), min_size=1, max_size=14),
    st.randoms(use_true_random=False),
)
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")
def test_trees_of_tokens_are_trees_of_words(text: str, cuts: list[int], dice: object) -> None:
    """Whatever tokens a text is cut into, no word stands above itself."""
    spans: list[tuple[int, int]] = []
    at = 0
    for size in cuts:
        part = text[at : at + size]
        if part.strip():
            start = at + len(part) - len(part.lstrip())
            spans.append((start, start + len(part.strip())))
        at += size
    order = list(range(len(spans)))
    dice.shuffle(order)  # type: ignore[attr-defined]
    heads = [-1] * len(spans)
    for place, token in enumerate(order[1:], 1):
        heads[token] = order[dice.randrange(place)]  # type: ignore[attr-defined]
    names = ("x",) * len(spans)
    starts, ends = tuple(a for a, _ in spans), tuple(b for _, b in spans)
    found = words(text, Tokens(starts, ends, names, names, names, names, tuple(heads)))
    covered = [bool(dep) for dep in found.dep]
    for row, above in enumerate(found.head.tolist()):
        steps = 0
        while above >= 0:
            assert covered[row]
            assert covered[above]
            above, steps = int(found.head[above]), steps + 1
            assert steps <= len(covered)
    assert found.head.dtype == np.int32
