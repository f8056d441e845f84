"""Documents of spaCy: the same text, the votes where they stand."""

import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy.vocab import Vocab

from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Passage
from biolabel.data.votes import TaskVotes
from biolabel.errors import RunError
from biolabel.interop.docs import (
    add_votes,
    doc_of,
    from_skweak,
    read_docs,
    register_extensions,
    skweak_docs,
    write_docs,
)
from biolabel.interop.places import said_in
from biolabel.text.build import corpus_of

TEXT = st.text(st.sampled_from("ab .-'(\N{MICROSCOPE}\n\t"), min_size=1, max_size=30)


@settings(deadline=None)
@given(TEXT)
def test_a_document_keeps_its_text(text: str) -> None:
    if not text.strip():
        return
    corpus = corpus_of([Document("d", (Passage("", 0, text),))])
    doc = doc_of(corpus, 0, Vocab())
    assert doc.text == text
    starts = {token.idx for token in doc}
    assert set(corpus.row_start.tolist()) <= starts


def test_words_go_to_skweak_and_come_back(
    tmp_path: Path, corpus: Corpus, word_votes: TaskVotes
) -> None:
    docs = list(skweak_docs(word_votes, corpus, Vocab(), leave_out=True))
    assert [(span.text, span.label_) for span in docs[0].spans["a"]] == [("Lithium", "Chemical")]
    assert [len(doc.spans["b"]) for doc in docs] == [1, 0]
    assert docs[1].user_data["id"] == "d1"
    write_docs(tmp_path / "votes.spacy", docs)
    read = read_docs(tmp_path / "votes.spacy", Vocab())
    assert [doc.text for doc in read] == list(corpus.texts)
    matrix = from_skweak(read, word_votes.matrix.task, ("a", "b"))
    assert (matrix.candidate.tolist(), matrix.lf.tolist(), matrix.mask.tolist()) == (
        [0, 0], [0, 1], [1, 1],
    )  # fmt: skip


def test_documents_are_spans_over_everything(corpus: Corpus, topic_votes: TaskVotes) -> None:
    docs = list(skweak_docs(topic_votes, corpus, Vocab()))
    (span,) = docs[0].spans["a"]
    assert (span.start, span.end, span.label_) == (0, len(docs[0]), "harm")
    matrix = from_skweak(docs, topic_votes.matrix.task, ("a", "b"))
    assert matrix.mask.tolist() == topic_votes.matrix.mask.tolist()


def test_what_skweak_cannot_hold_is_refused(
    tmp_path: Path, corpus: Corpus, pair_votes: TaskVotes, word_votes: TaskVotes
) -> None:
    for votes, said in ((pair_votes, "on pairs"), (word_votes, "several labels.*: b")):
        with pytest.raises(RunError, match=said) as raised:
            list(skweak_docs(votes, corpus, Vocab()))
        assert raised.value.code == "BL967"
    (tmp_path / "x.spacy").write_bytes(b"no docs")
    for path in (tmp_path / "x.spacy", tmp_path / "nothing.spacy"):
        with pytest.raises(RunError) as raised:
            read_docs(path, Vocab())
        assert raised.value.code == "BL968"
    (tmp_path / "bomb.spacy").write_bytes(zlib.compress(b"\0" * 110_000_000))
    with pytest.raises(RunError, match="times its size") as raised:
        read_docs(tmp_path / "bomb.spacy", Vocab())
    assert raised.value.code == "BL968"
    docs = list(skweak_docs(word_votes, corpus, Vocab(), leave_out=True))
    with pytest.raises(RunError, match="no label Chemical") as raised:
        from_skweak(docs, pair_votes.matrix.task, ("a",))
    assert raised.value.code == "BL968"


def test_extensions_tell_who_voted_where(corpus: Corpus, word_votes: TaskVotes) -> None:
    doc = doc_of(corpus, 1, Vocab())
    register_extensions()
    assert doc._.biolabel_votes == ()
    add_votes(doc, "mentions", said_in(word_votes, corpus, 1))
    (vote,) = doc._.biolabel_votes
    assert (vote.task, vote.rule, vote.labels) == ("mentions", "b", ("Disease", "none"))
    assert [token.text for token in doc if token._.biolabel_votes] == ["pain"]
    assert doc[-2:]._.biolabel_votes == (vote,)
    assert doc[:2]._.biolabel_votes == ()
    (span,) = doc.spans["biolabel:mentions"]
    assert (span.text, span.label_, span.id_) == ("pain", "Disease or none", "b")
    again = Doc(Vocab()).from_bytes(doc.to_bytes())
    assert again._.biolabel_votes == (vote,)


def test_nothing_is_registered_unasked() -> None:
    program = "import biolabel.interop.docs\nfrom spacy.tokens import Doc\n"
    program += "print(Doc.has_extension('biolabel_votes'))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
