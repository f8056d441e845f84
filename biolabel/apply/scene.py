"""What rules look at: the corpus, the knowledge, the mentions found so far, and a memo of results."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.frames import Frame as Frame
from biolabel.apply.frames import Side as Side
from biolabel.apply.matches import Matches
from biolabel.apply.sentences import SentenceTexts, sentence_texts
from biolabel.apply.terms import TermFinder
from biolabel.apply.trees import Trees
from biolabel.apply.vocabulary import Vocabulary
from biolabel.compile.plan import Plan
from biolabel.data.corpus import Corpus
from biolabel.data.mentions import MentionTable
from biolabel.lang import tree

if TYPE_CHECKING:
    from biolabel.apply.metadata import MetaTexts

Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Scene:
    """A corpus as one task's rules see it.

    `memo` holds matches of patterns that speak of no argument, `contexts` the rows in the scope of
    each context, `metadata` the texts of each field; they serve all rules of all tasks that see the
    same mentions.
    """

    corpus: Corpus
    plan: Plan
    finder: TermFinder
    mentions: MentionTable
    memo: dict[tree.Pattern, Matches] = field(default_factory=dict)
    contexts: dict[tuple[str, bool], NDArray[np.bool_]] = field(default_factory=dict)
    metadata: dict[str, "MetaTexts"] = field(default_factory=dict)

    @cached_property
    def lowers(self) -> Vocabulary:
        """The lower-cased words and their rows."""
        # A vocabulary knows the corpus, not the scene: in a circle, memory waits for the collector.
        corpus = self.corpus
        return Vocabulary(corpus.lowers, corpus.row_lower, lambda: corpus.lower_postings)

    @cached_property
    def forms(self) -> Vocabulary:
        """The words as written and their rows."""
        corpus = self.corpus
        return Vocabulary(corpus.forms, corpus.row_form, lambda: corpus.form_postings)

    @cached_property
    def trees(self) -> Trees:
        """The dependency trees of the sentences."""
        return Trees(self.corpus)

    @cached_property
    def sentence_texts(self) -> SentenceTexts:
        """The sentences as regular expressions read them."""
        return sentence_texts(self.corpus, self.forms)

    @cached_property
    def lower_of_form(self) -> Ints:
        """The lower-cased word of each word as written: int32[forms]."""
        lowers = (form.lower() for form in self.corpus.forms)
        return np.array(self.lowers.numbers(lowers), dtype=np.int32)
