"""Rules on one shard of a corpus: what is kept is read, what is not is made when it is asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.engine import (
    Candidates,
    asking,
    candidates_of,
    columns_of,
    counts_of_votes,
    gathered,
)
from biolabel.apply.faults import Fault
from biolabel.apply.knowledge import Knowledge
from biolabel.apply.scene import Scene
from biolabel.apply.store import (
    load_column,
    load_listing,
    load_mentions,
    save_column,
    save_listing,
    save_mentions,
)
from biolabel.apply.terms import TermFinder
from biolabel.apply.votes import Listing, RuleVotes
from biolabel.compile.mentioned import voted_tasks
from biolabel.compile.plan import Plan, RulePlan, TaskPlan, fired_by
from biolabel.data.corpus import Corpus
from biolabel.data.executor import HERE, Executor
from biolabel.data.mentions import MentionTable, given_mentions, joined, without_types
from biolabel.data.progress import Progress, silent
from biolabel.data.votes import TaskVotes
from biolabel.lang import tree
from biolabel.text.pipeline import Pipeline
from biolabel.workflow.cache import file_hash
from biolabel.workflow.columns import Shelf, shelf
from biolabel.workflow.graph import decoded, entities, wants_given
from biolabel.workflow.marks import chosen, digest
from biolabel.workflow.memory import Memory
from biolabel.workflow.reading import Reading

Source = Literal["found", "given"]
"""Where the arguments of relations come from: the task's own entity rules, or the documents."""
Tasks = frozenset[str]
UNREAD = Pipeline(sentences="naive", abbreviations=False)
"""Nothing that reads a sentence."""
_CANDIDATES, _MENTIONS = "-candidates", "-mentions"


@dataclass(frozen=True, slots=True)
class Fit:
    """A label model of entity tasks: what identifies it, and where it lies."""

    key: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Recipe:
    """What votes depend on beside the shard, and where they are kept.

    marks: of knowledge, models and functions (`marks_of`); world: what identifies all declarations
    that rules name; fits: the label model for each set of entity tasks whose mentions are asked for;
    reading: the tagger and parser for sentences in which rules ask what they say (`reading_of`).
    """

    plan: Plan
    source: Source
    workspace: Path
    code: str
    marks: Mapping[str, str]
    world: str
    fits: Mapping[Tasks, Fit]
    reading: Pipeline = UNREAD


@dataclass(frozen=True, eq=False)
class Seen:
    """The mentions that the rules of a task see, and what identifies them."""

    key: str
    table: MentionTable


@dataclass(frozen=True, eq=False)
class ShardRun:
    """The rules of a recipe on one shard. Whatever is asked for is made once, and kept on disk.

    early: what entity rules are told, before it is known what all of them find together; executor:
    where sentences are read.
    """

    recipe: Recipe
    corpus: Corpus
    knowledge: Knowledge
    memory: Memory = field(default_factory=Memory)
    progress: Progress = silent
    early: bool = False
    executor: Executor = HERE
    _counts: dict[str, Mapping[tuple[str, str], NDArray[np.int64]]] = field(default_factory=dict)
    _paths: dict[str, Mapping[str, Path]] = field(default_factory=dict)
    _faulty: dict[Path, RuleVotes] = field(default_factory=dict)

    @cached_property
    def shelf(self) -> Shelf:
        """Where the columns of the shard are kept."""
        return shelf(self.recipe.workspace, self.corpus.content_hash)

    @cached_property
    def finder(self) -> TermFinder:
        """The names of ontologies in the shard."""
        key = "finder", self.recipe.world
        return self.memory.get(key, lambda: TermFinder(self.corpus, self.knowledge))

    def task(self, name: str) -> TaskPlan:
        """Return a task of the plan."""
        return next(task for task in self.recipe.plan.tasks if task.task.name == name)

    @cached_property
    def before(self) -> "ShardRun":
        """The same for entity rules, and for the rules that these ask."""
        return self if self.early else replace(self, early=True, _counts={}, _paths={}, _faulty={})

    def votes(self, task: TaskPlan) -> TaskVotes:
        """Return the votes of all rules of a task."""
        entity = isinstance(task.declaration, tree.EntityDecl)
        if entity and not self.early:
            return self.before.votes(task)
        paths, identities = self.columns(task), tuple(self.identities(task))

        def make() -> TaskVotes:
            columns = {rule: self._column(task, rule, path) for rule, path in paths.items()}
            return gathered(task, self.corpus, columns, None if entity else self.listing(task))

        listed = "" if entity else self._candidates_key(task)
        functions = tuple(rule.lf for rule in task.rules)
        return self.memory.get(("votes", task.task, functions, identities, listed), make)

    def columns(self, task: TaskPlan) -> Mapping[str, Path]:
        """Return where the votes of each rule of a task are kept, made now if they were not."""
        name = task.task.name
        if isinstance(task.declaration, tree.EntityDecl) and not self.early:
            return self.before.columns(task)
        if name not in self._paths:
            paths = {
                rule.lf.name: self.shelf.path(name, rule.lf.name, self._key(task, rule))
                for rule in task.rules
            }
            missing = {rule for rule, path in paths.items() if not self._whole(path)}
            if missing:
                self._make(task, missing, paths)
            self._paths[name] = paths
        return self._paths[name]

    def _whole(self, path: Path) -> bool:
        """Return whether votes are kept as they were written, which is looked at once."""
        known = "whole", path
        if not self.shelf.there(path):
            return False
        return (known in self.memory or self.shelf.whole(path)) and self.memory.get(
            known, lambda: True
        )

    def _make(
        self, task: TaskPlan, missing: set[str], paths: Mapping[str, Path]
    ) -> Mapping[str, RuleVotes]:
        """Run rules and keep their votes, but for rules that failed somewhere: they are asked again."""
        entity = isinstance(task.declaration, tree.EntityDecl)
        candidates = None if entity else self.candidates(task)
        scene, voted = self.scene(task, asking(task, missing)), _Voted(self)
        found = columns_of(task, scene, voted, self.progress, names=missing, candidates=candidates)
        for rule, votes in found.items():
            if votes.faults or (candidates is not None and candidates.faults):
                self._faulty[paths[rule]] = votes
                continue
            with self.shelf.keeping(paths[rule]) as temporary:
                save_column(temporary, votes)
        return found

    def faults(self) -> list[Fault]:
        """Return all candidates on which rules failed that were run."""
        found = [fault for votes in self._faulty.values() for fault in votes.faults]
        for task in self.recipe.plan.tasks:
            if not isinstance(task.declaration, tree.EntityDecl) and self._listed_anew(task):
                found += self.candidates(task).faults
        return [*found, *(self.before.faults() if not self.early else ())]

    def _listed_anew(self, task: TaskPlan) -> bool:
        """Return whether candidates were looked for: those that were kept had no faults."""
        if self.early and task.task.name not in self._paths:
            return False
        key = self._candidates_key(task)
        return not self.shelf.path(task.task.name, _CANDIDATES, key).exists()

    def _column(self, task: TaskPlan, rule: str, path: Path) -> RuleVotes:
        if path in self._faulty:
            return self._faulty[path]

        def make() -> RuleVotes:
            found = self.shelf.load(path, load_column)
            # Another process that keeps its own versions may have deleted it meanwhile.
            return self._make(task, {rule}, {rule: path})[rule] if found is None else found

        return self.memory.get(path, make)

    def identities(self, task: TaskPlan) -> list[str]:
        """Return what identifies the votes of each rule: what they depend on, or what they are.

        The latter is for rules that failed, which may not do so the next time.
        """
        run = self if self.early else self.before
        return [
            digest(run._faulty[path].mask.tobytes(), run._faulty[path].evidence.tobytes())
            if path in run._faulty
            else path.stem
            for path in self.columns(task).values()
        ]

    def contents(self, task: TaskPlan) -> list[str]:
        """Return what the votes of each rule are: a rule that votes as before counts as unchanged."""
        run = self if self.early else self.before
        return [
            identity if path in run._faulty else self._content(path)
            for path, identity in zip(
                self.columns(task).values(), self.identities(task), strict=True
            )
        ]

    def _content(self, path: Path) -> str:
        return self.memory.get(("content", path), lambda: file_hash(path)[:16])

    def _key(self, task: TaskPlan, rule: RulePlan) -> str:
        uses = chosen(self.recipe.marks, rule.uses)
        counted = self._counted(self._asks[task.task.name][rule.lf.name])
        return digest(
            "column", self.recipe.code, rule.fingerprint, self.seen(task).key, uses, counted
        )

    @cached_property
    def _asks(self) -> Mapping[str, Mapping[str, Tasks]]:
        """The tasks whose votes each rule asks for, itself or through rules that it asks."""
        found: dict[str, dict[str, Tasks]] = {}
        for task in self.recipe.plan.tasks:
            choosing = self._chosen_by(task)
            own: dict[str, Tasks] = {}
            for rule in task.rules:
                behind = (own[name] for name in rule.fires)
                parts = (rule.find, rule.when, rule.unless, rule.cases)
                own[rule.lf.name] = frozenset(voted_tasks(parts)).union(choosing, *behind)
            found[task.task.name] = own
        return found

    def _chosen_by(self, task: TaskPlan) -> Tasks:
        """Return the tasks whose votes the choice of a task's candidates asks for."""
        if not isinstance(task.declaration, tree.RelationDecl):
            return frozenset()
        when = task.declaration.when
        rules = asking(task, fired_by(when))
        parts = [(rule.when, rule.unless, rule.cases) for rule in rules]
        return frozenset(voted_tasks((when, *parts)))

    def _counted(self, tasks: Tasks) -> list[tuple[str, str]]:
        """Return what identifies the numbers of votes of tasks in each document."""
        voted = _Voted(self)
        return [
            (name, digest([voted[name, label].tobytes() for label in self.task(name).task.labels]))
            for name in sorted(tasks)
        ]

    def counts(self, name: str) -> Mapping[tuple[str, str], NDArray[np.int64]]:
        """Return how often each label of a task was voted in each document."""
        if name not in self._counts:
            votes = self.votes(self.task(name))
            self._counts[name] = counts_of_votes(votes, len(self.corpus.ids))
        return self._counts[name]

    def candidates(self, task: TaskPlan) -> Candidates:
        """Return the candidates of a relation or document task."""
        key = "candidates", self._candidates_key(task), self.recipe.world

        def make() -> Candidates:
            asked = asking(task, fired_by(task.declaration))
            return candidates_of(task, self.scene(task, asked), _Voted(self))

        return self.memory.get(key, make)

    def listing(self, task: TaskPlan) -> Listing:
        """Return which candidates a relation or document task has."""
        key = self._candidates_key(task)
        path = self.shelf.path(task.task.name, _CANDIDATES, key)

        def make() -> Listing:
            found = self.shelf.load(path, load_listing)
            if found is None:
                chosen = self.candidates(task)
                found = chosen.listing()
                if chosen.faults:
                    return found
                with self.shelf.keeping(path) as temporary:
                    save_listing(temporary, found)
            return found

        return self.memory.get(path, make)

    def _candidates_key(self, task: TaskPlan) -> str:
        uses = chosen(self.recipe.marks, task.uses)
        counted = self._counted(self._chosen_by(task))
        return digest(
            "candidates", self.recipe.code, task.fingerprint, self.seen(task).key, uses, counted
        )

    def scene(self, task: TaskPlan, rules: Sequence[RulePlan]) -> Scene:
        """Return what some rules of a task look at, with the sentences read that they need read."""
        seen = self.seen(task)
        key = "scene", self.recipe.world, seen.key
        bare = self.memory.get(
            key, lambda: Scene(self.corpus, self.recipe.plan, self.finder, seen.table)
        )
        reading = Reading(self.recipe.reading, self.executor, self.progress)
        needed = reading.sentences(bare, task, rules)
        if needed is None:
            return bare
        return self.memory.get((*key, needed.tobytes()), lambda: reading.scene(bare, needed))

    def seen(self, task: TaskPlan) -> Seen:
        """Return the mentions that the rules of a task see.

        Rules of entities, and those that they ask, see what the tasks find that they name, and given
        mentions of types that no task finds; the others see what all entity rules find together, or
        given mentions.
        """
        if self.early:
            found = self.mentions(task.sees) if task.sees else None
            key = "beside", tuple(sorted(self.recipe.plan.types)), found.key if found else ""
            return self.memory.get(key, lambda: Seen(digest(*key), self._beside(found)))
        return self.given() if wants_given(task) else self.arguments()

    def arguments(self) -> Seen:
        """Return the mentions that relations are between, but for those that say `mentions: given`."""
        every = entities(self.recipe.plan)
        if self.recipe.source == "given" or not every:
            return self.given()
        return self.mentions(frozenset(every))

    def given(self) -> Seen:
        """Return the mentions that the documents came with."""
        return self.memory.get("given", lambda: Seen("given", given_mentions(self.corpus)))

    def _beside(self, found: Seen | None) -> MentionTable:
        given = without_types(given_mentions(self.corpus), self.recipe.plan.types)
        return joined([given, found.table] if found else [given])

    def mentions(self, tasks: Tasks) -> Seen:
        """Return the mentions that entity tasks find together, as their label model weighs them."""
        fit, plan = self.recipe.fits[tasks], self.recipe.plan
        columns = [self.contents(self.task(name)) for name in sorted(tasks)]
        key = digest(
            "mentions",
            self.recipe.code,
            fit.key,
            columns,
            chosen(self.recipe.marks, plan.ontologies),
        )
        path = self.shelf.path(_MENTIONS, "+".join(sorted(tasks)), key)

        def make() -> Seen:
            table = self.shelf.load(path, load_mentions)
            if table is None:
                votes = {n: self.votes(self.task(n)) for n in entities(plan) if n in tasks}
                table = decoded(self.finder, plan, votes, fit.folder)
                with self.shelf.keeping(path) as temporary:
                    save_mentions(temporary, table)
            return Seen(file_hash(path)[:16], table)

        return self.memory.get(path, make)


class _Voted(Mapping[tuple[str, str], NDArray[np.int64]]):
    """How often each label of each task was voted in each document, counted when it is asked for."""

    def __init__(self, run: ShardRun) -> None:
        self.run = run

    def __getitem__(self, key: tuple[str, str]) -> NDArray[np.int64]:
        return self.run.counts(key[0])[key]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for task in self.run.recipe.plan.tasks:
            yield from ((task.task.name, label) for label in task.task.labels)

    def __len__(self) -> int:
        return len(list(iter(self)))
