"""Whether a rule, condition or pattern fires on the document that stands for an example."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.candidates import span_frame
from biolabel.apply.conditions import evaluator
from biolabel.apply.matches import Matches
from biolabel.apply.patterns import Matcher
from biolabel.apply.scene import Frame, Side
from biolabel.apply.spans import entity_votes
from biolabel.evaluation.ground import (
    Ground,
    Verdict,
    fired_column,
    rows_of_candidate,
    verdict,
    voting_column,
)
from biolabel.evaluation.marked import MarkedDocument, rows_of_marks
from biolabel.evaluation.needs import rules_of
from biolabel.evaluation.pieces import Place
from biolabel.evaluation.subjects import Subject
from biolabel.lang import tree
from biolabel.lang.examples import Mark
from biolabel.lang.walk import nodes


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the subject fires on a document; why not, where the text is no candidate at all."""

    verdict: Verdict
    problem: str = ""


@dataclass(frozen=True, eq=False)
class Examiner:
    """Answers whether a subject fires; spans: the rows and masks that each entity rule found."""

    ground: Ground
    spans: Mapping[str, frozenset[tuple[int, int, int]]]

    def answer(
        self,
        subject: Subject,
        example: tree.Example,
        doc: int,
        tried: MarkedDocument,
        *,
        wanted: bool,
    ) -> Answer:
        """Return whether the subject fires on a document that stands for an example."""
        if subject.kind == "pattern":
            return self._pattern(subject, doc, tried, wanted=wanted)
        if subject.task in self.ground.judged:
            return self._candidate(subject, example, doc, tried)
        return self._span(subject, example, doc, tried, wanted=wanted)

    def _candidate(
        self, subject: Subject, example: tree.Example, doc: int, tried: MarkedDocument
    ) -> Answer:
        judged = self.ground.judged[subject.task]
        frame = judged.judge.frame
        rows = rows_of_candidate(frame, doc, places_of(self.ground, doc, tried.arguments))
        if not len(rows):
            return Answer("no", _NO_CANDIDATE.format(subject.task))
        task = self.ground.task(subject.task)
        if subject.condition is not None:
            return Answer(verdict(judged.judge.column(subject.condition), frame, rows))
        at = [rule.lf.name for rule in task.rules].index(subject.name)
        column = fired_column(judged.cases[at])
        if example.label is not None:
            bit = task.task.labels.index(example.label.text)
            column = voting_column(
                judged.cases[at], task.rules[at].otherwise, bit, exclusive=task.task.exclusive
            )
        return Answer(verdict(column, frame, rows))

    def _span(
        self,
        subject: Subject,
        example: tree.Example,
        doc: int,
        tried: MarkedDocument,
        *,
        wanted: bool,
    ) -> Answer:
        corpus = self.ground.corpus
        marked = rows_of_marks(corpus, doc, tried.spans)
        task = self.ground.task(subject.task).task
        if subject.condition is not None:
            if not marked:
                return Answer("no", "it speaks of `span`, and the example marks no {span}")
            first, end = (np.array(column, dtype=np.int32) for column in zip(*marked, strict=True))
            labels = tuple(label for label in task.labels if label != "none")
            frame = span_frame(corpus, first, end, labels)
            judge = evaluator(self.ground.scenes[subject.task], frame, {}, self.ground.voted)
            column = judge.column(subject.condition)
            return Answer(verdict(column, frame, np.arange(len(frame))))
        low, high = corpus.doc_rows[doc : doc + 2].tolist()
        bits = -1
        if example.label is not None:
            bits = 1 << task.labels.index(example.label.text)
        found = {
            (first, end)
            for first, end, mask in self.spans[subject.name]
            if low <= first < high and mask & bits
        }
        return Answer(_found(found, marked, wanted=wanted))

    def _pattern(
        self, subject: Subject, doc: int, tried: MarkedDocument, *, wanted: bool
    ) -> Answer:
        ground = self.ground
        frame = marked_frame(doc, places_of(ground, doc, tried.arguments))
        if subject.pattern is None:
            raise TypeError("a pattern subject has a pattern")
        asked = [node.name for node in nodes(subject.pattern) if isinstance(node, tree.Arg)]
        unmarked = [name for name in asked if name not in frame.sides]
        if unmarked:
            return Answer("no", f"the example does not mark {{{unmarked[0]}: ...}}")
        found = Matcher(ground.full, frame).find(subject.pattern)
        places = set(_kept(found, ground, doc))
        marked = rows_of_marks(ground.corpus, doc, tried.spans)
        return Answer(_found(places, marked, wanted=wanted))


def _found(places: set[Place], marked: Sequence[Place], *, wanted: bool) -> Verdict:
    """Return whether every marked span was found exactly, or, if not wanted, any word of one at all."""
    if not marked:
        return "yes" if places else "no"
    if wanted:
        return "yes" if places.issuperset(marked) else "no"
    touched = any(f < last and first < e for f, e in places for first, last in marked)
    return "yes" if touched else "no"


_NO_CANDIDATE = (
    "the marked words are no candidate of `{}`; its `scope:`, `order:` or `when:` leaves them out"
)


def places_of(ground: Ground, doc: int, marks: Iterable[Mark]) -> dict[str, Place]:
    """Return the half-open rows of marked arguments by name."""
    named = list(marks)
    rows = rows_of_marks(ground.corpus, doc, named)
    return {mark.name: place for mark, place in zip(named, rows, strict=True)}


def marked_frame(doc: int, places: Mapping[str, Place]) -> Frame:
    """Return a frame with one row: the marked arguments of one document."""
    sides = {
        name: Side(_one(first), _one(end), _one(-1), _one(-1))
        for name, (first, end) in places.items()
    }
    return Frame(np.array([doc], dtype=np.int32), np.zeros(1, dtype=np.int32), 1, sides)


def _one(number: int) -> NDArray[np.int32]:
    return np.array([number], dtype=np.int32)


def _kept(found: Matches, ground: Ground, doc: int) -> Iterator[Place]:
    """Yield the rows of matches in a document, of the part under `keep(...)` where there is one."""
    low, high = ground.corpus.doc_rows[doc : doc + 2].tolist()
    keep = found.keep_first >= 0
    first = np.where(keep, found.keep_first, found.first)
    end = np.where(keep, found.keep_end, found.end)
    inside = (found.first >= low) & (found.first < high)
    yield from zip(first[inside].tolist(), end[inside].tolist(), strict=True)


def spans_found(
    judged: Ground, tested: Iterable[Subject]
) -> dict[str, frozenset[tuple[int, int, int]]]:
    """Return first row, end row and mask of every span on which each tested entity rule votes."""
    rules = rules_of(judged.plan)
    found = {}
    for subject in tested:
        if subject.kind != "rule" or subject.task in judged.judged:
            continue
        votes = judged.found[subject.name]
        rule = rules[subject.name]
        if rule.otherwise is not None:
            # What `else:` votes for is a span that the rule did not mean.
            task = judged.task(subject.task)
            before = [each for each in task.rules if each.lf.name in rule.fires]
            meant = [*before, replace(rule, otherwise=None)]
            votes = entity_votes(judged.scenes[subject.task], task.task, meant, judged.voted)[-1]
        table = np.c_[votes.evidence, votes.mask]
        found[subject.name] = frozenset((f, e, m) for f, e, m in table.tolist())
    return found
