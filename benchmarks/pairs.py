"""Candidates as objects, ready for Python labeling functions: pairs of concepts of a document.

Plain Python without any import from biolabel, for it also runs in the environment of a rival. Texts
are as the language sees them: words and signs in lower case, each with a blank behind it.
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Sentence:
    """A sentence: its number and place in the corpus, its words and signs, and its text."""

    number: int
    first: int
    tokens: list[str]
    in_title: bool
    text: str


@dataclass(slots=True)
class Mention:
    """A mention: first and end token in the corpus, and the text before, in and behind it."""

    sentence: Sentence
    first: int
    end: int
    type: str
    concepts: list[str]
    text: str
    before: str
    after: str


@dataclass(slots=True)
class Pair:
    """Two mentions of one document: their distance in words, and what stands between them.

    together: whether one sentence has both; forward: whether the chemical comes first.
    """

    chemical: Mention
    disease: Mention
    distance: int
    together: bool
    forward: bool
    between: str


@dataclass(slots=True)
class Document:
    """A document: number, title and whole text, its mentions, and how often it names each concept."""

    number: int
    title: str
    text: str
    chemicals: list[Mention]
    diseases: list[Mention]
    chemical_counts: Counter[str]
    disease_counts: Counter[str]


@dataclass(slots=True)
class Candidate:
    """A chemical and a disease of a document, with all their mentions and pairs of mentions."""

    doc: Document
    chemical: str
    disease: str
    chemicals: list[Mention]
    diseases: list[Mention]
    pairs: list[Pair]
    together: list[Pair] = field(default_factory=list)


FIELDS = ("doc", "chemical", "disease", "chemicals", "diseases", "pairs", "together")
"""The columns of a table of candidates."""


def candidates_of(documents: Sequence[Mapping[str, Any]], times: int = 1) -> Iterator[Candidate]:
    """Yield the candidates of documents, `times` copies of each document one after the other.

    A document has a `number`; `sentences`: (number, first token, tokens, whether it is of the
    title); `words`: for each of its tokens how many words stand before it, and one more; `first`:
    its first token; `mentions`: (first and end token, type, concepts), in the order of the text.
    """
    for document in documents:
        for _ in range(times):
            yield from _candidates(document)


def _candidates(document: Mapping[str, Any]) -> Iterator[Candidate]:
    sentences = [
        Sentence(number, first, tokens, in_title, joined(tokens))
        for number, first, tokens, in_title in document["sentences"]
    ]
    mentions = [_mention(sentences, *row) for row in document["mentions"]]
    chemicals = [mention for mention in mentions if mention.type == "Chemical"]
    diseases = [mention for mention in mentions if mention.type == "Disease"]
    doc = Document(
        document["number"],
        "\n".join(sentence.text for sentence in sentences if sentence.in_title),
        "\n".join(sentence.text for sentence in sentences),
        chemicals,
        diseases,
        *(Counter(c for m in found for c in m.concepts) for found in (chemicals, diseases)),
    )
    for chemical, disease in itertools.product(doc.chemical_counts, doc.disease_counts):
        if chemical != disease:
            ones = [mention for mention in chemicals if chemical in mention.concepts]
            others = [mention for mention in diseases if disease in mention.concepts]
            pairs = [
                _pair(one, other, document["words"], document["first"])
                for one, other in itertools.product(ones, others)
                if (one.first, one.end) != (other.first, other.end) or one.type != other.type
            ]
            together = [pair for pair in pairs if pair.together]
            yield Candidate(doc, chemical, disease, ones, others, pairs, together)


def joined(tokens: Sequence[str]) -> str:
    """Return words and signs as one text."""
    return "".join(f"{token} " for token in tokens)


def _mention(
    sentences: Sequence[Sentence], first: int, end: int, type_: str, concepts: list[str]
) -> Mention:
    sentence = next(s for s in reversed(sentences) if s.first <= first)
    place, behind = first - sentence.first, end - sentence.first
    tokens = sentence.tokens
    texts = (joined(part) for part in (tokens[place:behind], tokens[:place], tokens[behind:]))
    return Mention(sentence, first, end, type_, concepts, *texts)


def _pair(one: Mention, other: Mention, words: Sequence[int], base: int) -> Pair:
    left, right = sorted((one, other), key=lambda mention: mention.first)
    together = one.sentence is other.sentence
    end = min(one.end, other.end)
    distance = max(words[right.first - base] - words[end - base], 0)
    start = left.sentence.first
    between = joined(left.sentence.tokens[end - start : right.first - start]) if together else ""
    return Pair(one, other, distance, together, one.first < other.first, between)
