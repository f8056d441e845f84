from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biolabel.data.corpus import Corpus
from biolabel.text import trained
from biolabel.text.grammar import with_grammar, with_sentences_read
from biolabel.text.pipeline import Pipeline, annotator
from biolabel.text.projection import Tokens
from tests.unit.apply.world import corpus

SMALL = "en_core_web_sm"
TEXTS = ("He slept. Tea-induced pain was bad. She ran.", "She ran.", "")
COLUMNS = ("row_lemma", "row_pos", "row_tag", "row_dep", "row_head")


def said(over: Corpus, row: int) -> tuple[str, ...]:
    names = (over.lemmas, over.poses, over.tags, over.deps)
    found = [
        texts[getattr(over, column)[row]] if getattr(over, column)[row] >= 0 else ""
        for texts, column in zip(names, COLUMNS, strict=False)
    ]
    return (*found, str(over.row_head[row]))


def everything(over: Corpus) -> list[tuple[str, ...]]:
    return [said(over, row) for row in range(len(over.row_start))]


def test_what_is_said_stands_at_the_words_of_its_sentence() -> None:
    over = corpus(*TEXTS)
    tokens = Tokens((0, 4), (3, 7), ("she", "run"), ("", "V"), ("", ""), ("s", "r"), (1, -1))
    chosen = np.array([False, False, True, True])
    found = with_grammar(over, chosen, [(tokens,), (tokens,)])
    first = [over.sentence_first_row[i] for i in (2, 3)]
    for row in first:
        assert said(found, row) == ("she", "", "", "s", str(row + 1))
        assert said(found, row + 1) == ("run", "V", "", "r", "-1")
    assert (found.row_lemma >= 0).sum() == 4
    assert found.content_hash == over.content_hash
    assert not found.row_head.flags.writeable
    assert over.lemmas == ()
    nothing = with_grammar(found, np.zeros(4, dtype=bool), [])
    assert set(everything(nothing)) == {("", "", "", "", "-1")}


def test_what_a_later_pipeline_knows_holds() -> None:
    over = corpus("She ran.")
    one = Tokens((0,), (3,), ("she",), ("P",), ("",), ("",), (-1,))
    other = Tokens((0, 4), (3, 7), ("", ""), ("Q", ""), ("", ""), ("s", "r"), (1, -1))
    found = with_grammar(over, np.ones(1, dtype=bool), [(one, other)])
    assert said(found, 0) == ("she", "Q", "", "s", "1")


def test_sentences_are_read_as_if_all_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path))
    over, pipeline = corpus(*TEXTS), Pipeline(sentences="naive", tagger=SMALL, parser=SMALL)
    whole = corpus(*TEXTS, annotate=annotator(replace(pipeline, abbreviations=False)))
    every = with_sentences_read(over, np.ones(4, dtype=bool), pipeline)
    assert everything(every) == everything(whole)
    chosen = np.array([False, True, False, False])
    monkeypatch.setattr(trained, "installed_pipeline", lambda _: pytest.fail("all is kept"))
    some = with_sentences_read(over, chosen, pipeline)
    rows = chosen[over.row_sentence]
    assert [x for x, y in zip(everything(some), rows, strict=True) if y] == [
        x for x, y in zip(everything(every), rows, strict=True) if y
    ]
    assert (some.row_dep[~rows] == -1).all()
    assert with_sentences_read(over, np.zeros(4, dtype=bool), pipeline).lemmas == ()
