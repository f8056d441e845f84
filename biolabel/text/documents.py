"""The way back from the columns of a corpus to its documents."""

from collections.abc import Iterator

from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Mention, Passage


def corpus_documents(corpus: Corpus) -> Iterator[Document]:
    """Yield the documents of a corpus as they were given, with mentions sorted by their place."""
    for doc, id_ in enumerate(corpus.ids):
        text = corpus.texts[doc]
        yield Document(
            id_,
            _passages(corpus, doc, text),
            tuple(_mention(corpus, i) for i in range(*corpus.doc_mentions[doc : doc + 2].tolist())),
            corpus.relations[doc],
            corpus.meta[doc],
            corpus.topics[doc],
        )


def _passages(corpus: Corpus, doc: int, text: str) -> tuple[Passage, ...]:
    sections = slice(*corpus.doc_sections[doc : doc + 2].tolist())
    kinds, headings = corpus.section_kinds, corpus.section_headings
    columns = (
        corpus.section_kind,
        corpus.section_heading,
        corpus.section_start,
        corpus.section_end,
    )
    lists = (column[sections].tolist() for column in columns)
    return tuple(
        Passage(kinds[kind], start, text[start:end], headings[heading])
        for kind, heading, start, end in zip(*lists, strict=True)
    )


def _mention(corpus: Corpus, mention: int) -> Mention:
    return Mention(
        int(corpus.mention_start[mention]),
        int(corpus.mention_end[mention]),
        corpus.mention_types[corpus.mention_type[mention]],
        corpus.mention_concepts[mention],
        corpus.mention_sources[corpus.mention_source[mention]],
        float(corpus.mention_probability[mention]),
        corpus.mention_parts.get(mention, ()),
    )
