"""Sentences and abbreviations with scispaCy; spaCy is imported only when it is first needed."""

import re
import warnings
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from biolabel.data.documents import Document
from biolabel.errors import CorpusError
from biolabel.text.build import Abbreviation, Annotate, Annotation, naive

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_LONGEST_DEFINITION = 8
"""Tokens that parentheses may hold to be looked at, as scispaCy's `filter_matches` has it."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How texts are processed.

    tokens: "scispacy" (its rule tokenizer on a blank English pipeline) or the name of an installed
    spaCy pipeline; sentences: "scispacy" (pySBD with scispaCy's corrections), "naive" (see
    `biolabel.text.build.naive`) or the name of an installed spaCy pipeline; abbreviations: whether
    short forms are linked to the long forms that a document defines; sections: "given" or "pubmed"
    (see `biolabel.text.sections`). Words are not a choice: `biolabel.data.words` cuts them.
    """

    tokens: str = "scispacy"
    sentences: str = "scispacy"
    abbreviations: bool = True
    sections: str = "given"


def annotator(pipeline: Pipeline) -> Annotate:
    """Return the function that finds sentences and abbreviations as a pipeline says.

    Raises:
        CorpusError: BL608 for a spaCy pipeline that is not installed; BL609 for one that does not
            mark sentences, when it meets the first text.
    """
    if pipeline == Pipeline(sentences="naive", abbreviations=False, sections=pipeline.sections):
        return naive
    nlp = _language(pipeline)

    def annotate(document: Document) -> Annotation:
        if pipeline.sentences == "naive":
            starts = naive(document).sentence_starts
        else:
            starts = _sentence_starts(document, nlp, pipeline.sentences)
        found = _abbreviations(nlp.make_doc(document.text)) if pipeline.abbreviations else ()
        return Annotation(starts, found)

    return annotate


def _language(pipeline: Pipeline) -> "Language":
    """Return the spaCy pipeline that marks sentences, or a blank one, with the right tokenizer."""
    import spacy
    from scispacy.custom_tokenizer import combined_rule_tokenizer

    own = pipeline.sentences in ("scispacy", "naive")
    nlp = spacy.blank("en") if own else _load(pipeline.sentences)
    if pipeline.tokens != "scispacy":
        nlp.tokenizer = _load(pipeline.tokens).tokenizer
    else:
        with warnings.catch_warnings():
            # A character class that spaCy puts together holds "||", which `re` finds suspicious.
            warnings.simplefilter("ignore", FutureWarning)
            nlp.tokenizer = combined_rule_tokenizer(nlp)
    return nlp


def _load(name: str) -> "Language":
    import spacy

    installed = spacy.util.get_installed_models()
    if name not in installed:
        near = get_close_matches(name, [*installed, "scispacy"], 1)
        raise CorpusError(
            "BL608",
            f"the spaCy pipeline {name} is not installed; installed: "
            + (", ".join(sorted(installed)) or "none")
            + "; always there: scispacy",
            hint=f"did you mean {near[0]}?" if near else f"install it with pip install {name}",
        )
    # Only what marks sentences is needed; the rest would cost most of the time.
    return spacy.load(name, exclude=["ner", "tagger", "attribute_ruler", "lemmatizer"])


def _sentence_starts(document: Document, nlp: "Language", sentences: str) -> tuple[int, ...]:
    from scispacy.custom_sentence_segmenter import pysbd_sentencizer

    starts: list[int] = []
    for passage in document.passages:
        if sentences == "scispacy":
            doc = pysbd_sentencizer(nlp.make_doc(passage.text))
        else:
            doc = nlp(passage.text)
            if len(doc) and not doc.has_annotation("SENT_START"):
                raise CorpusError(
                    "BL609",
                    f"the spaCy pipeline {sentences} does not mark sentences",
                    hint="use one with a parser or senter, or scispacy",
                )
        starts += [passage.offset + sentence.start_char for sentence in doc.sents]
    return tuple(starts)


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
