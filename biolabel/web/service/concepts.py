"""Concepts and what stands below them in the ontologies that a task's rules name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from biolabel.errors import KnowledgeError
from biolabel.kb.ontology import Ontology
from biolabel.workflow.results import Results


@dataclass(frozen=True)
class Concepts:
    """The ontologies of a run, read when they are first asked for."""

    results: Results
    _lock: Lock = field(default_factory=Lock)

    @cached_property
    def ontologies(self) -> Mapping[str, Ontology]:
        """The ontologies, by the names that rules have for them."""
        # Whoever never filters by concepts does not wait for what applies rules.
        from biolabel.workflow.bench import Bench
        from biolabel.workflow.job import Job

        found = self.results
        bench = Bench(Job(found.task, found.workspace, found.files, found.seed))
        return {name: index.ontology for name, index in bench.knowledge.ontologies.items()}

    def below(self, concepts: frozenset[str]) -> frozenset[str]:
        """Return concepts with all below them; one that no ontology has stands for itself.

        Raises:
            RuleError, KnowledgeError: when an ontology cannot be read.
        """
        with self._lock:
            ontologies = self.ontologies
        found = set(concepts)
        for ontology in ontologies.values():
            for concept in concepts:
                try:
                    found |= ontology.under([concept])
                except KnowledgeError as error:
                    if error.code != "BL710":  # the ontology has nothing of the kind
                        raise
        return frozenset(found)
