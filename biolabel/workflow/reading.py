"""Sentences that a tagger and a parser read because rules need it, just before these run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.needed import sentences_needed
from biolabel.apply.scene import Scene
from biolabel.compile.plan import RulePlan, TaskPlan
from biolabel.data.corpus import Corpus
from biolabel.data.executor import HERE, Executor
from biolabel.data.progress import Progress, silent
from biolabel.lang.steps import Step, mark_of_step
from biolabel.text.grammar import with_grammar, with_sentences_read
from biolabel.text.pipeline import Pipeline
from biolabel.text.trained import version_of

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Reading:
    """The tagger and parser of a pipeline, as far as rules need them; the rest of it does not matter."""

    pipeline: Pipeline
    executor: Executor = HERE
    progress: Progress = silent

    def sentences(self, scene: Scene, task: TaskPlan, rules: Sequence[RulePlan]) -> Bools | None:
        """Return the sentences that rules of a task need read, None where nothing asks for it."""
        asked = task.uses.union(*(rule.uses for rule in rules))
        if not self.pipeline.readers() or asked.isdisjoint(_MARKS):
            return None
        return sentences_needed(scene, task, rules)

    def scene(self, scene: Scene, sentences: Bools) -> Scene:
        """Return a scene in which some sentences are read; what was found before is found anew.

        Raises:
            CorpusError, RunError: as `with_sentences_read`.
        """
        corpus = self.corpus(scene.corpus, sentences)
        return replace(scene, corpus=corpus, memo={}, contexts={}, metadata={})

    def corpus(self, corpus: Corpus, sentences: Bools | None = None) -> Corpus:
        """Return a corpus in which some sentences are read, or all; as it is if nobody reads."""
        if not self.pipeline.readers():
            return corpus
        if sentences is None:
            sentences = np.ones(len(corpus.sentence_doc), dtype=bool)
        return with_sentences_read(corpus, sentences, self.pipeline, self.executor, self.progress)


_MARKS = frozenset({mark_of_step("tagger"), mark_of_step("parser")})


def reading_of(steps: frozenset[Step], wanted: Pipeline, had: Pipeline) -> Pipeline:
    """Return a pipeline with the tagger and parser that rules need and a store was not made with.

    steps: those that rules need (`steps_of`); wanted: the pipeline that they declare; had: that of the
    store.
    """
    wanted = wanted.only(steps)
    there = all(
        name in ("", other)
        for name, other in ((wanted.tagger, had.tagger), (wanted.parser, had.parser))
    )
    return wanted.only(()) if there else wanted


def unread(corpus: Corpus, reading: Pipeline) -> Corpus:
    """Return a corpus without what other taggers and parsers than those that read it said."""
    said = corpus.lemmas or corpus.poses or corpus.tags or corpus.deps
    if not said or not reading.readers():
        return corpus
    return with_grammar(corpus, np.zeros(len(corpus.sentence_doc), dtype=bool), [])


def reading_marks(steps: frozenset[Step], wanted: Pipeline) -> dict[str, str]:
    """Return a mark for the tagger and for the parser that rules need.

    Raises:
        CorpusError: BL608 for a spaCy pipeline that is not installed.
    """
    found = wanted.only(steps)
    both: dict[Step, str] = {"tagger": found.tagger, "parser": found.parser}
    spacy = version("spacy")
    return {
        mark_of_step(step): f"{name} {version_of(name)} {spacy}"
        for step, name in both.items()
        if name
    }
