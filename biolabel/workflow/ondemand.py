"""Knowledge, models and functions of a plan that are read when a rule first asks for them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from biolabel.apply.declared import hierarchies_of, source_of
from biolabel.apply.knowledge import Knowledge, find_knowledge, load_knowledge
from biolabel.apply.ontologies import OntologyIndex
from biolabel.compile.plan import Plan
from biolabel.data.models import Function, Model
from biolabel.data.progress import Progress, silent
from biolabel.kb.pairs import PairIndex
from biolabel.workflow.models import load_functions, load_models

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class OnDemand(Mapping[str, Value]):
    """A mapping whose values are made when they are first asked for.

    make: puts the value of a name, and of others if that is no more work, into `made`.
    """

    names: tuple[str, ...]
    make: Callable[[str], None]
    made: dict[str, Value]

    def __getitem__(self, name: str) -> Value:
        """Return the value of a name."""
        if name not in self.made:
            if name not in self.names:
                raise KeyError(name)
            self.make(name)
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names in the order of the program."""
        return iter(self.names)

    def __len__(self) -> int:
        """Return the number of names."""
        return len(self.names)


@dataclass(frozen=True, eq=False)
class Reader:
    """Reads what a plan looks up and asks.

    marks: of all that the plan looks up (`marks_of`); documents: returns the ids of the documents
    being labeled, whose curated evidence is left out; shared: what readers of other plans read, by
    mark.
    """

    plan: Plan
    marks: Mapping[str, str]
    documents: Callable[[], frozenset[str]]
    progress: Progress = silent
    shared: dict[str, OntologyIndex | PairIndex] = field(default_factory=dict)
    ontologies: dict[str, OntologyIndex] = field(default_factory=dict)
    pairs: dict[str, PairIndex] = field(default_factory=dict)
    models: dict[str, Model] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)

    def knowledge(self) -> Knowledge:
        """Return all knowledge of the plan, none of it read yet.

        Reading raises what `load_knowledge`, `load_models` and `load_functions` raise.
        """
        plan = self.plan
        return Knowledge(
            OnDemand(tuple(plan.ontologies), self._ontology, self.ontologies),
            OnDemand(tuple(plan.kbs), self._pairs, self.pairs),
            OnDemand(tuple(plan.models), self._model, self.models),
            OnDemand(tuple(plan.functions), self._function, self.functions),
        )

    def _ontology(self, name: str) -> None:
        """Read an ontology with those of the same source, which then is read once."""
        source = source_of(self.plan.ontologies[name])
        same = {n for n, o in self.plan.ontologies.items() if source and source_of(o) == source}
        self._read({name, *same}, frozenset())

    def _pairs(self, name: str) -> None:
        self._read(hierarchies_of(self.plan, self.plan.kbs[name]), frozenset([name]))

    def _read(self, ontologies: set[str] | frozenset[str], kbs: frozenset[str]) -> None:
        smaller = replace(
            self.plan,
            ontologies={n: o for n, o in self.plan.ontologies.items() if n in ontologies},
            kbs={n: k for n, k in self.plan.kbs.items() if n in kbs},
        )
        own = self.documents() if kbs else frozenset()
        found = find_knowledge(smaller, own, self.progress, known=self._known(smaller))
        if found.problems:
            # Nothing will run, so there is time to find what else is wrong: this raises all of it.
            load_knowledge(self.plan, self.documents(), self.progress)
        self.ontologies.update(found.knowledge.ontologies)
        self.pairs.update(found.knowledge.pairs)
        self.shared.update({self.marks[n]: o for n, o in found.knowledge.ontologies.items()})
        self.shared.update({self.marks[n]: p for n, p in found.knowledge.pairs.items()})

    def _known(self, plan: Plan) -> Knowledge:
        """Return what of a plan was read before, for this plan or another."""
        names = (*plan.ontologies, *plan.kbs)
        known = {n: self.shared[self.marks[n]] for n in names if self.marks[n] in self.shared}
        return Knowledge(
            {n: index for n, index in known.items() if isinstance(index, OntologyIndex)},
            {n: index for n, index in known.items() if isinstance(index, PairIndex)},
        )

    def _model(self, name: str) -> None:
        one = {name: self.plan.models[name]}
        self.models.update(load_models(replace(self.plan, models=one)))

    def _function(self, target: str) -> None:
        one = {target: self.plan.functions[target]}
        self.functions.update(load_functions(replace(self.plan, functions=one)))
