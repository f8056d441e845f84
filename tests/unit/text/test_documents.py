from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.text.build import corpus_of
from biolabel.text.documents import corpus_documents

short = st.text(min_size=1, max_size=8)
names = st.text("ab:|1é", min_size=1, max_size=4)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    passages, at = [], 0
    for text in draw(st.lists(st.text(max_size=12), min_size=1, max_size=3)):
        at += draw(st.integers(0, 2))
        passages.append(Passage(draw(names), at, text))
        at += len(text)
    spans = draw(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=4))
    fitting = sorted((start, start + n) for start, n in spans if start + n <= at)
    probabilities = st.floats(0, 1)
    concepts = st.lists(names, max_size=2).map(tuple)
    mentions = tuple(
        Mention(
            *span,
            draw(names),
            draw(concepts),
            draw(names),
            draw(probabilities),
            draw(st.sampled_from([(), (span, span), ((0, 1), (2, 3), (4, 5))])),
        )
        for span in fitting
    )
    relation = st.builds(Relation, names, names, names, names, probabilities)
    relations = tuple(draw(st.lists(relation, max_size=2)))
    meta = draw(st.dictionaries(names, st.lists(short, max_size=2).map(tuple), max_size=2))
    topics = draw(st.dictionaries(names, names, max_size=2))
    return Document(draw(short), tuple(passages), mentions, relations, meta, topics)


@settings(max_examples=100, deadline=None)
@given(st.lists(documents(), min_size=1, max_size=3, unique_by=lambda document: document.id))
def test_documents_come_back_as_they_were(given_: list[Document]) -> None:
    assert list(corpus_documents(corpus_of(given_))) == given_
