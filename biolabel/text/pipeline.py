"""Sentences, abbreviations and grammar with scispaCy and spaCy, imported only when first needed."""

import hashlib
import warnings
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from importlib.metadata import version
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from biolabel.data.documents import Document, Passage
from biolabel.data.executor import HERE, Executor
from biolabel.errors import CorpusError
from biolabel.resources import cache_root
from biolabel.text.abbreviations import abbreviations_of
from biolabel.text.build import Abbreviation, Annotate, Annotation, naive_starts
from biolabel.text.kept import Kept, name_of
from biolabel.text.projection import Tokens
from biolabel.text.trained import (
    Step,
    installed_name,
    load,
    processed,
    tokens_of,
    version_of,
)

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

Stream = Callable[[Iterable[Document]], Iterator[tuple[Document, Annotation]]]

_Asked = tuple[list[Document], list[Annotation | None]]
"""Documents and what is known of each."""

UNTRAINED = ("scispacy", "blank")
"""The tokenizers that need no trained pipeline."""
_CUTS = ("scispacy", "naive", "whole")
"""The ways to cut sentences that need none."""
_CUT: tuple[Step, ...] = ("sentences",)
_BATCH = 64
"""Documents that are processed together; more of them gain nothing."""
_SMALL = 8
"""Batches that are processed before other processes could have loaded spaCy."""
_LIBRARIES = ("spacy", "scispacy", "pysbd")
_SOURCES = ("abbreviations", "build", "pipeline", "sentences", "trained")
"""The modules of this package that decide on what is found; another version finds it anew."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How texts are processed.

    tokens, in which abbreviations and sentences are looked for: "scispacy" (its rule tokenizer),
    "blank" (spaCy's for English) or an installed spaCy pipeline; sentences: "scispacy" (pySBD with
    scispaCy's corrections), "naive" (see `biolabel.text.build.naive`), "whole" (a passage is one)
    or an installed spaCy pipeline; abbreviations: whether short forms are linked to the long forms
    that a document defines; tagger and parser: the installed spaCy pipelines that give lemmas, parts
    of speech and tags, and dependency trees, or "" to do without; sections: "given" or "pubmed" (see
    `biolabel.text.sections`). Trained pipelines read the tokens that they were trained on. Words
    are not a choice: `biolabel.data.words` cuts them.

    Tagger and parser read each sentence by itself, so that what they say of it depends on no other.
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

    def by_sentence(self) -> "Pipeline":
        """Return the same tagger and parser for texts that are one sentence each."""
        return Pipeline(
            sentences="whole", abbreviations=False, tagger=self.tagger, parser=self.parser
        )

    def readers(self) -> dict[str, set[Step]]:
        """Return the trained pipelines that read sentences and what each is to give."""
        steps: dict[str, set[Step]] = {}
        if self.tagger:
            steps.setdefault(self.tagger, set()).add("tagger")
        if self.parser:
            steps.setdefault(self.parser, set()).add("parser")
        return steps

    def trained(self) -> set[str]:
        """Return the trained pipelines that cut or read sentences."""
        return {*self.readers(), *({self.sentences} - set(_CUTS))}

    def named(self) -> set[str]:
        """Return the names of the spaCy pipelines that must be installed."""
        return {*self.trained(), *({self.tokens} - set(UNTRAINED))}

    def loads_spacy(self) -> bool:
        """Say whether anything of spaCy runs."""
        plain = self.sentences in ("naive", "whole") and not self.abbreviations
        return not plain or bool(self.readers())


def annotator(pipeline: Pipeline, kept: Kept | None = None) -> Annotate:
    """Return the function that annotates one document as a pipeline says.

    Raises:
        CorpusError: as `annotation_stream`.
    """
    stream = annotation_stream(pipeline, kept=kept)
    return lambda document: next(stream([document]))[1]


def annotation_stream(
    pipeline: Pipeline, executor: Executor = HERE, kept: Kept | None = None
) -> Stream:
    """Return the function that annotates documents as a pipeline says, many at a time, in order.

    executor: where the work is done; kept: what is known already, to which what is found is added
    batch by batch, so that a killed run loses little. What is found in a document depends on its
    text alone, never on where, the other documents, or what is kept.

    Raises:
        CorpusError: BL608 for a spaCy pipeline that is not installed. While annotating, BL609 for
            one that lacks a component or does not mark sentences.
        RunError: while annotating, BL929 for a worker process that was ended.
    """
    for name in pipeline.named():
        installed_name(name)
    begin = partial(_Annotating.of, pipeline)
    if not pipeline.loads_spacy():
        executor, kept = HERE, None
    here = cache(begin)

    def find(batch: list[Document]) -> list[Annotation | None]:
        return [None] * len(batch) if kept is None else kept.find(batch)

    def stream(documents: Iterable[Document]) -> Iterator[tuple[Document, Annotation]]:
        waiting = iter(documents)
        batches = iter(lambda: list(islice(waiting, _BATCH)), [])
        asked = ((batch, find(batch)) for batch in batches)
        for batch, known in asked:
            there = [found for found in known if found is not None]
            if len(there) < len(batch):
                # From here on something has to be loaded, in this process if little is to be done.
                first = [(batch, known), *islice(asked, _SMALL)]
                spread = executor if len(first) > _SMALL else HERE
                start = begin if spread.spreads else here
                yield from _found(chain(first, asked), kept, spread, start)
                return
            yield from zip(batch, there, strict=True)

    return stream


def _found(
    asked: Iterable[_Asked],
    kept: Kept | None,
    executor: Executor,
    start: "Callable[[], _Annotating]",
) -> Iterator[tuple[Document, Annotation]]:
    """Yield batches of documents with what is known or found of them."""
    line: deque[_Asked] = deque()

    def unknown() -> Iterator[list[Document]]:
        for batch, known in asked:
            line.append((batch, known))
            yield [
                Document(document.id, document.passages)
                for document, found in zip(batch, known, strict=True)
                if found is None
            ]

    for found in executor.ordered(_annotated, unknown(), start):
        batch, known = line.popleft()
        if kept and found:
            new = [document for document, each in zip(batch, known, strict=True) if each is None]
            kept.add(new, found)
        fresh = iter(found)
        for document, each in zip(batch, known, strict=True):
            yield document, next(fresh) if each is None else each


def kept_annotations(pipeline: Pipeline) -> Kept:
    """Return what is kept of a pipeline in the cache folder.

    It is known by the pipeline, the versions of all that it runs, and biolabel's own code for it,
    so that nothing is found there that would not be found anew.

    Raises:
        CorpusError: BL608 for a spaCy pipeline that is not installed.
    """
    versions = {name: version(name) for name in _LIBRARIES}
    trained = {name: version_of(name) for name in sorted(pipeline.named())}
    own = hashlib.sha256()
    for name in _SOURCES:
        own.update((Path(__file__).parent / f"{name}.py").read_bytes())
    # Sections are cut before, and are part of the texts.
    asked = asdict(replace(pipeline, sections="given"))
    return Kept(cache_root() / "annotations" / name_of(asked, versions, trained, own.hexdigest()))


def _annotated(annotating: "_Annotating", documents: list[Document]) -> list[Annotation]:
    return list(annotating.batch(documents)) if documents else []


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
    segmenter: "Language | None"
    readers: "dict[str, Language]"
    tokenizer: "Language | None"

    @classmethod
    def of(cls, pipeline: Pipeline) -> "_Annotating":
        """Load what a pipeline names."""
        cuts = pipeline.sentences in _CUTS
        segmenter = None if cuts else load(pipeline.sentences, _CUT)
        readers = {name: load(name, steps) for name, steps in pipeline.readers().items()}
        plain = pipeline.sentences == "scispacy" or pipeline.abbreviations
        return cls(pipeline, segmenter, readers, _tokenizer(pipeline.tokens) if plain else None)

    def batch(self, documents: list[Document]) -> Iterator[Annotation]:
        """Return what is found in each document."""
        passages = [passage for document in documents for passage in document.passages]
        starts = self._starts(passages)
        sentences = [_cut(*each) for each in zip(passages, starts, strict=True)]
        texts = [text for found in sentences for _, text in found]
        docs = {name: processed(nlp, texts, whole=True) for name, nlp in self.readers.items()}
        at = 0
        for document in documents:
            mine = slice(at, at + len(document.passages))
            at = mine.stop
            places = [place for found in sentences[mine] for place, _ in found]
            yield Annotation(
                tuple(
                    passage.offset + start
                    for passage, found in zip(document.passages, starts[mine], strict=True)
                    for start in found
                ),
                self._abbreviations(document),
                tuple(self._tokens(places, docs)),
            )

    def _starts(self, passages: list[Passage]) -> list[tuple[int, ...]]:
        """Return where the sentences of each passage start in it."""
        if self.pipeline.sentences == "whole":
            return [()] * len(passages)
        if self.pipeline.sentences == "naive":
            return [naive_starts(passage.text) for passage in passages]
        if self.pipeline.sentences == "scispacy" and self.tokenizer is not None:
            from biolabel.text.sentences import scispacy_starts

            make_doc = self.tokenizer.make_doc
            return [scispacy_starts(p.text, make_doc(p.text)) for p in passages]
        texts = (passage.text for passage in passages)
        docs = list(processed(self.segmenter, texts)) if self.segmenter is not None else []
        for doc in docs:
            if len(doc) and not doc.has_annotation("SENT_START"):
                raise CorpusError(
                    "BL609",
                    f"the spaCy pipeline {self.pipeline.sentences} does not mark sentences",
                    hint="use one with a parser or senter, or scispacy",
                )
        return [tuple(sentence.start_char for sentence in doc.sents) for doc in docs]

    def _abbreviations(self, document: Document) -> tuple[Abbreviation, ...]:
        if self.tokenizer is None or not self.pipeline.abbreviations:
            return ()
        return abbreviations_of(document.text, self.tokenizer.make_doc)

    def _tokens(self, places: list[int], docs: "dict[str, Iterator[Doc]]") -> Iterator[Tokens]:
        """Yield what each tagger and parser says of the sentences of a document, the next of theirs.

        places: where each sentence starts.
        """
        for name, steps in self.pipeline.readers().items():
            mine = islice(docs[name], len(places))
            found = zip(places, mine, strict=True)
            yield tokens_of(found, tagged="tagger" in steps, parsed="parser" in steps)


def _cut(passage: Passage, starts: Sequence[int]) -> list[tuple[int, str]]:
    """Return the sentences of a passage and where each starts in the document, blanks left out."""
    borders = sorted({0, *starts, len(passage.text)})
    pieces = ((first, passage.text[first:end]) for first, end in pairwise(borders))
    return [
        (passage.offset + first + len(piece) - len(piece.lstrip()), piece.strip())
        for first, piece in pieces
        if piece.strip()
    ]
