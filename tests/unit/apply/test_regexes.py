from pathlib import Path

import numpy as np
import pytest

from biolabel.apply.regexes import regex_matches, sign_matches
from biolabel.apply.sentences import sentence_texts
from biolabel.apply.vocabulary import Vocabulary
from biolabel.lang import tree
from tests.unit.apply.world import corpus, found_texts, text_of


def found(pattern: str, *texts: str, flags: str = "") -> list[str]:
    over = corpus(*texts)
    hits = regex_matches(
        sentence_texts(over, Vocabulary(over.forms, over.row_form)), tree.Regex(pattern, flags)
    )
    spans = zip(hits.first.tolist(), hits.end.tolist(), strict=True)
    return [text_of(over, *span) for span in spans]


@pytest.mark.parametrize(
    ("pattern", "hits"),
    [
        ("rise", ["rise"]),
        ("ri", ["rise"]),  # widened to the whole word
        (r"e \(2", ["rise (2"]),
        (r"\d-\w", ["2-fold"]),  # a soft sign belongs to no row, but its neighbors do
        ("-", []),
        ("^A", ["A"]),
        (r"[;.]$", ["."]),
        (r"\AIt|\bIt", ["It"]),
        (r"e.*e", []),
        (r"(?<=A )rise", ["rise"]),
        (r"(\w)\1", ["fell"]),
        ("x", []),
    ],
)
def test_rows(pattern: str, hits: list[str]) -> None:
    assert found(pattern, "A rise (2-fold). It fell") == hits


def test_flags() -> None:
    assert found("RISE", "A rise.") == []
    assert found("RISE", "A rise.", flags="i") == ["rise"]
    assert found("a.b", "a\nb") == []
    assert found("a.b", "a\nb", flags="s") == ["a\nb"]


def test_every_sentence_is_searched_alone() -> None:
    assert found(r"\w+[^!]*", "One two. Three", "four") == ["One two.", "Three", "four"]
    assert found(r"^\w+", "One two. Three", "four || five") == ["One", "Three", "four", "five"]
    assert found(r"\w+$", "One two! Three", "four || five") == ["Three", "four", "five"]
    assert found(r"o\s+T", "No. Two") == []
    assert found(r"\.\s*.", "a.b. C") == [".b"]
    assert found("b.*?", "a. B b. A") == ["b"]


def test_other_alphabets_follow_python() -> None:
    assert found(r"\bén\w+", "Énorme énorme enorme.", "a énigme") == ["énorme", "énigme"]
    assert found(r"\w+émi\w", "anémie") == ["anémie"]
    assert found("É", "énorme", flags="i") == ["énorme"]


@pytest.mark.parametrize(
    "pattern", [r"b", r"^b", r"x$", r"[^a]b", r"b\b", r"a.*b", r"\Ab", r"(b)?a"]
)
def test_the_filter_loses_nothing(pattern: str) -> None:
    generator = np.random.default_rng(5)
    signs = np.array(list("aab c.A\n("))
    texts = ["".join(generator.choice(signs, 30)) + "x" for _ in range(20)]
    everything = found(rf"(?:){pattern}(?=)", *texts)  # re2 refuses look-ahead
    assert found(pattern, *texts) == everything
    assert everything


def test_in_rules(tmp_path: Path) -> None:
    assert found_texts(tmp_path, "/[;:]/", "a; b: c") == [";", ":"]
    assert found_texts(tmp_path, r'/a\/b/ | "c"', "a/b c") == ["a/b", "c"]


@pytest.mark.parametrize(("pattern", "number"), [("[;:]", 3), ("a", 1), ("[0-9]", 2)])
def test_one_sign_is_looked_for_in_the_different_words(pattern: str, number: int) -> None:
    over = corpus("a; b: 0.5mg, it's 2 (c;d)")
    forms = Vocabulary(over.forms, over.row_form)
    hits = sign_matches(forms, tree.Regex(pattern))
    assert hits is not None
    every = regex_matches(sentence_texts(over, forms), tree.Regex(pattern))
    assert hits.first.tolist() == every.first.tolist()
    assert len(hits) == number


@pytest.mark.parametrize("pattern", [r"\.", "[;-]", "-", r"\W", "; b", "(?<=a);"])
def test_other_expressions_are_not_of_one_sign(pattern: str) -> None:
    over = corpus("a; b - c.")
    assert sign_matches(Vocabulary(over.forms, over.row_form), tree.Regex(pattern)) is None
