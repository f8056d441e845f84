"""Sentences, abbreviations and grammar with scispaCy and spaCy, imported only when first needed."""

import re
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Literal

from biolabel.data.documents import Document, Passage
from biolabel.errors import CorpusError
from biolabel.text.build import Abbreviation, Annotate, Annotation, naive_starts
from biolabel.text.projection import Tokens
from biolabel.text.trained import Step, installed_name, load, processed, tokens_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

Stream = Callable[[Iterable[Document]], Iterator[tuple[Document, Annotation]]]

_LONGEST_DEFINITION = 8
"""Tokens that parentheses may hold to be looked at, as scispaCy's `filter_matches` has it."""
UNTRAINED = ("scispacy", "blank")
"""The tokenizers that need no trained pipeline."""
_BATCH = 64
"""Documents that are processed together; more of them gain nothing."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How texts are processed.

    tokens, in which abbreviations and sentences are looked for: "scispacy" (its rule tokenizer),
    "blank" (spaCy's for English) or an installed spaCy pipeline; sentences: "scispacy" (pySBD with
    scispaCy's corrections), "naive" (see `biolabel.text.build.naive`) or an installed spaCy
    pipeline; abbreviations: whether short forms are linked to the long forms that a document
    defines; tagger and parser: the installed spaCy pipelines that give lemmas, parts of speech and
    tags, and dependency trees, or "" to do without; sections: "given" or "pubmed" (see
    `biolabel.text.sections`). Trained pipelines read the tokens that they were trained on. Words
    are not a choice: `biolabel.data.words` cuts them.
    """

    tokens: str = "scispacy"
    sentences: str = "scispacy"
    abbreviations: bool = True
    sections: str = "given"
    tagger: str = ""
    parser: str = ""

    def only(self, steps: Collection[Literal["tagger", "parser"]]) -> "Pipeline":
        """Return the pipeline without a tagger or parser of which nobody makes use.

        Where one trained pipeline is both, the parser comes along with the tagger: parts of speech
        depend on it, and must not depend on what other rules ask.
        """
        together = self.tagger == self.parser and "tagger" in steps
        return replace(
            self,
            tagger=self.tagger if "tagger" in steps else "",
            parser=self.parser if "parser" in steps or together else "",
        )

    def trained(self) -> dict[str, set[Step]]:
        """Return the trained pipelines that run and what each is to give."""
        steps: dict[str, set[Step]] = {}
        if self.sentences not in ("scispacy", "naive"):
            steps.setdefault(self.sentences, set()).add("sentences")
        if self.tagger:
            steps.setdefault(self.tagger, set()).add("tagger")
        if self.parser:
            steps.setdefault(self.parser, set()).add("parser")
        return steps


def annotator(pipeline: Pipeline) -> Annotate:
    """Return the function that annotates one document as a pipeline says.

    Raises:
        CorpusError: as `annotation_stream`.
    """
    stream = annotation_stream(pipeline)
    return lambda document: next(stream([document]))[1]


def annotation_stream(pipeline: Pipeline) -> Stream:
    """Return the function that annotates documents as a pipeline says, many at a time.

    Raises:
        CorpusError: BL608 for a spaCy pipeline that is not installed; BL609 for one that lacks a
            component, or does not mark sentences, when it meets the first text.
    """
    if pipeline.tokens not in UNTRAINED:
        installed_name(pipeline.tokens)
    trained = {name: load(name, steps) for name, steps in pipeline.trained().items()}
    plain = pipeline.sentences == "scispacy" or pipeline.abbreviations
    annotating = _Annotating(pipeline, trained, _tokenizer(pipeline.tokens) if plain else None)

    def stream(documents: Iterable[Document]) -> Iterator[tuple[Document, Annotation]]:
        waiting = iter(documents)
        while batch := list(islice(waiting, _BATCH)):
            yield from zip(batch, annotating.batch(batch), strict=True)

    return stream


def _tokenizer(tokens: str) -> "Language":
    """Return a pipeline that only cuts tokens."""
    import spacy
    from scispacy.custom_tokenizer import combined_rule_tokenizer

    if tokens not in UNTRAINED:
        return load(tokens, ())
    nlp = spacy.blank("en")
    if tokens == "scispacy":
        with warnings.catch_warnings():
            # A character class that spaCy puts together holds "||", which `re` finds suspicious.
            warnings.simplefilter("ignore", FutureWarning)
            nlp.tokenizer = combined_rule_tokenizer(nlp)
    nlp.max_length = 1 << 30
    return nlp


@dataclass(frozen=True, eq=False, slots=True)
class _Annotating:
    """A pipeline with what it has loaded."""

    pipeline: Pipeline
    trained: dict[str, "Language"]
    tokenizer: "Language | None"

    def batch(self, documents: list[Document]) -> Iterator[Annotation]:
        """Return what is found in each document."""
        passages = [passage for document in documents for passage in document.passages]
        docs: dict[str, list[Doc]] = {}
        sentences = self.pipeline.sentences
        if sentences in self.trained:
            docs[sentences] = list(
                processed(self.trained[sentences], (passage.text for passage in passages))
            )
        starts = self._starts(passages, docs.get(sentences))
        for name, nlp in self.trained.items():
            if name not in docs:
                texts = (passage.text for passage in passages)
                docs[name] = list(processed(nlp, texts, starts.__getitem__))
        at = 0
        for document in documents:
            mine = slice(at, at + len(document.passages))
            at = mine.stop
            offsets = [passage.offset for passage in document.passages]
            yield Annotation(
                tuple(
                    offset + start
                    for offset, found in zip(offsets, starts[mine], strict=True)
                    for start in found
                ),
                self._abbreviations(document),
                tuple(self._tokens(offsets, docs, mine)),
            )

    def _starts(self, passages: list[Passage], docs: "list[Doc] | None") -> list[tuple[int, ...]]:
        """Return where the sentences of each passage start in it."""
        if self.pipeline.sentences == "naive":
            return [naive_starts(passage.text) for passage in passages]
        if docs is None and self.tokenizer is not None:
            from scispacy.custom_sentence_segmenter import pysbd_sentencizer

            docs = [pysbd_sentencizer(self.tokenizer.make_doc(p.text)) for p in passages]
        for doc in docs or ():
            if len(doc) and not doc.has_annotation("SENT_START"):
                raise CorpusError(
                    "BL609",
                    f"the spaCy pipeline {self.pipeline.sentences} does not mark sentences",
                    hint="use one with a parser or senter, or scispacy",
                )
        return [tuple(sentence.start_char for sentence in doc.sents) for doc in docs or ()]

    def _abbreviations(self, document: Document) -> tuple[Abbreviation, ...]:
        if self.tokenizer is None or not self.pipeline.abbreviations:
            return ()
        return _abbreviations(self.tokenizer.make_doc(document.text))

    def _tokens(
        self, offsets: list[int], docs: "dict[str, list[Doc]]", mine: slice
    ) -> Iterator[Tokens]:
        """Yield what each pipeline with a tagger or parser says of the passages of a document."""
        for name, steps in self.pipeline.trained().items():
            if not steps <= {"sentences"}:
                yield tokens_of(
                    zip(offsets, docs[name][mine], strict=True),
                    tagged="tagger" in steps,
                    parsed="parser" in steps,
                )


def _abbreviations(doc: "Doc") -> tuple[Abbreviation, ...]:
    """Return every occurrence of the short forms that a document defines in parentheses.

    Definitions are found with the algorithm of Schwartz and Hearst (2003), "A simple algorithm for
    identifying abbreviation definitions in biomedical text", as scispaCy has it. If a short form is
    defined twice, the first definition holds. Occurrences are whole words in the same case, with or
    without a hyphen beside them ("anti-HIV"), but not behind a number and a hyphen: the "HT" in
    "5-HT" is something else. Where short forms overlap, the longest is taken.
    """
    from scispacy.abbreviation import filter_matches, find_abbreviation

    defined: dict[str, tuple[int, int]] = {}
    for long, short in filter_matches(_parentheses(doc), doc):
        _, meaning = find_abbreviation(long, short)
        if meaning is not None and len(meaning):
            defined.setdefault(short.text, (meaning.start_char, meaning.end_char))
    if not defined:
        return ()
    forms = "|".join(re.escape(form) for form in sorted(defined, key=len, reverse=True))
    return tuple(
        Abbreviation(match.start(), match.end(), *defined[match.group()])
        for match in re.finditer(rf"(?<!\w)(?<!\d-)(?:{forms})(?!\w)", doc.text)
    )


def _parentheses(doc: "Doc") -> list[tuple[int, int, int]]:
    """Return the insides of parentheses as spaCy's Matcher would: a key, start and end token."""
    opening = [token.i for token in doc if token.text == "("]
    return [
        (0, start + 1, end)
        for start in opening
        for end in range(start + 2, min(start + _LONGEST_DEFINITION + 2, len(doc)))
        if doc[end].text == ")"
    ]
