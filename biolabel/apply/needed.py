"""Which sentences a tagger and a parser must read, so that rules say what they would if all were read.

A pattern can only match where all its parts can. So a test of what a tagger gives is asked of the
sentences in which the rest of the pattern stands, and everywhere else the pattern is known to fail,
whatever the tagger would say. What is said of one candidate's sentences is asked of those in which
candidates can stand, found from the mentions alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.frames import Frame
from biolabel.apply.matches import expand_ranges
from biolabel.apply.ontologies import ways_of
from biolabel.apply.patterns import Matcher
from biolabel.apply.scene import Scene
from biolabel.compile.gaps import can_be_empty
from biolabel.compile.plan import FindPlan, RulePlan, TaskPlan
from biolabel.lang import tree
from biolabel.lang.steps import steps_in
from biolabel.lang.walk import nodes

Bools = NDArray[np.bool_]
_TOGETHER = frozenset({"sentence", "between", "path"})
_BESIDE = frozenset({"argument", "before", "after", "around"})


def sentences_needed(scene: Scene, task: TaskPlan, rules: Iterable[RulePlan]) -> Bools:
    """Return the sentences that must be read for rules of a task and for its candidates: bool[s].

    scene: what the rules look at, nothing of it read. With these sentences read, all votes are what
    they are with all sentences read.
    """
    relation = task.declaration if isinstance(task.declaration, tree.RelationDecl) else None
    found = _Needed(scene, relation, Matcher(scene, _NO_FRAME))
    sentences = found.of_conditions(relation.when if relation else None)
    for rule in rules:
        parts = (rule.when, rule.unless, tuple(case.when for case in rule.cases))
        sentences = sentences | found.of_conditions(parts)
        if isinstance(rule.find, FindPlan):
            own = _Needed(scene, relation, Matcher(scene, _NO_FRAME, via=ways_of(rule.find.via)))
            sentences = sentences | own.of_pattern(rule.find.pattern)
    return sentences


_NO_FRAME = Frame(np.empty(0, np.int32), np.empty(0, np.int32), 0, {})


@dataclass(frozen=True, eq=False)
class _Needed:
    """Sentences that parts of rules need, each bool[s]; relation: the task, if it is one."""

    scene: Scene
    relation: tree.RelationDecl | None
    matcher: Matcher
    _memo: dict[tree.Pattern, Bools] = field(default_factory=dict)

    @property
    def _everywhere(self) -> Bools:
        return np.ones(len(self.scene.corpus.sentence_doc), dtype=bool)

    @property
    def _nowhere(self) -> Bools:
        return np.zeros(len(self.scene.corpus.sentence_doc), dtype=bool)

    def of_conditions(self, parts: object) -> Bools:
        """Return the sentences that conditions need, also through contexts."""
        found = self._nowhere
        for node in nodes(parts):
            match node:
                case tree.Has(region, pattern) | tree.Borders(region, _, pattern):
                    found |= self._within(region, pattern)
                case tree.CountOf(pattern, region):
                    found |= self._within(region or tree.Region("document"), pattern)
                case tree.PathLike(path):
                    named = {part.name for part in path if isinstance(part, tree.Arg)}
                    found |= self.together if len(named) > 1 else self.arguments
                case tree.Measure("path_length"):
                    found |= self.together
                case tree.Is(_, what) if what.text in self.scene.plan.contexts:
                    context = self.scene.plan.contexts[what.text]
                    cues = context.cues_before, context.cues_after
                    for each in (*cues, context.pseudo, context.stop_at):
                        found |= self._nowhere if each is None else self.of_pattern(each)
        return found

    def _within(self, region: tree.Region, pattern: tree.Pattern) -> Bools:
        if region.kind == "path":
            return self.together
        if region.kind == "meta" or not steps_in(pattern):
            return self._nowhere
        found = self.of_pattern(pattern)
        if self.relation is None:
            return found
        if region.kind in _TOGETHER:
            return found & self.together
        if region.kind in _BESIDE and not (region.window and region.window.unit == "sentences"):
            return found & self.arguments
        return found

    def of_pattern(self, pattern: tree.Pattern) -> Bools:
        """Return the sentences in which a match of a pattern can hang on what is read."""
        if not steps_in(pattern):
            return self._nowhere
        match pattern:
            case tree.Seq(items):
                own = [self.of_pattern(item) for item in items]
                return np.logical_or.reduce(own) & self._all(items)
            case tree.Alt(options):
                return np.logical_or.reduce([self.of_pattern(option) for option in options])
            case tree.Keep(inner) | tree.Repeat(inner):
                return self.of_pattern(inner)
            case _:
                return self._possible(pattern)

    def _possible(self, pattern: tree.Pattern) -> Bools:
        """Return the sentences in which a match of a pattern can begin."""
        if pattern not in self._memo:
            self._memo[pattern] = self._found(pattern)
        return self._memo[pattern]

    def _found(self, pattern: tree.Pattern) -> Bools:
        if can_be_empty(pattern):
            return self._everywhere
        match pattern:
            case tree.Seq(items):
                return self._all(items)
            case tree.Alt(options):
                return np.logical_or.reduce([self._possible(option) for option in options])
            case tree.Keep(inner) | tree.Repeat(inner):
                return self._possible(inner)
            case tree.Gap():
                return self._everywhere
            case tree.Arg():
                return self._everywhere if self.relation is None else self._mentioned
            case _:
                found = self._nowhere
                rows = self.matcher.possible(pattern).first
                found[self.scene.corpus.row_sentence[rows]] = True
                return found

    def _all(self, items: Sequence[tree.Pattern]) -> Bools:
        return np.logical_and.reduce([self._possible(item) for item in items])

    @cached_property
    def _mentioned(self) -> Bools:
        """Sentences with a mention: an argument can mean any of its concept."""
        return self._covered(np.ones(len(self.scene.mentions), dtype=bool))

    @cached_property
    def together(self) -> Bools:
        """Sentences of pairs with a sentence in common; of longer tuples, those of all arguments."""
        if self.relation is None or len(self.relation.arguments) > 2:
            return self.arguments
        counts = np.zeros(len(self.scene.corpus.sentence_doc), dtype=np.int64)
        np.add.at(counts, self._places(self._any)[1], 1)
        return self._reached((counts > 1) & np.logical_and.reduce(self._sentences))

    @cached_property
    def arguments(self) -> Bools:
        """Sentences of all arguments of candidates."""
        if self.relation is None:
            return self._everywhere
        if self.relation.scope.kind == "sentence" and len(self.relation.arguments) == 2:
            return self.together
        corpus, document = self.scene.corpus, np.ones(len(self.scene.corpus.ids), dtype=bool)
        for sentences in self._sentences:
            there = np.zeros(len(document), dtype=bool)
            there[corpus.sentence_doc[sentences]] = True
            document &= there
        return np.logical_or.reduce(self._sentences) & document[corpus.sentence_doc]

    @cached_property
    def _chosen(self) -> list[Bools]:
        """Which mentions can be each argument: bool[m] each."""
        table, relation = self.scene.mentions, self.relation
        if relation is None:
            return []
        named = table.meanings.only != -1
        return [
            np.logical_or.reduce([table.of_type(name.text) for name in argument.types])
            & (named | (relation.level == "mention"))
            for argument in relation.arguments
        ]

    @cached_property
    def _any(self) -> Bools:
        return np.logical_or.reduce(self._chosen)

    @cached_property
    def _sentences(self) -> list[Bools]:
        """Sentences of what can be each argument."""
        return [self._covered(chosen) for chosen in self._chosen]

    def _covered(self, chosen: Bools) -> Bools:
        """Return the sentences that some mentions stand in, wholly or partly."""
        covered = self._nowhere
        covered[self._places(chosen)[1]] = True
        return covered

    def _reached(self, sentences: Bools) -> Bools:
        """Return some sentences and those into which arguments reach from them."""
        mention, sentence = self._places(self._any)
        reaching = np.zeros(len(self.scene.mentions), dtype=bool)
        reaching[mention[sentences[sentence]]] = True
        return sentences | self._covered(reaching)

    def _places(self, chosen: Bools) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return every (mention, sentence) where some mentions stand."""
        of_row, table = self.scene.corpus.row_sentence, self.scene.mentions
        mention = np.flatnonzero(chosen)
        first, last = of_row[table.first_row[mention]], of_row[table.end_row[mention] - 1]
        which, sentence = expand_ranges(first, last + 1)
        return mention[which], sentence
