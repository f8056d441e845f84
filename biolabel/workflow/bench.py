"""What the stages of one run have at hand: corpora and knowledge, opened when first needed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from biolabel.apply.knowledge import Knowledge, load_knowledge, tables_of
from biolabel.apply.terms import TermFinder
from biolabel.compile.plan import Plan
from biolabel.compile.steps import steps_of
from biolabel.data.corpus import Corpus
from biolabel.text.store import Store
from biolabel.workflow.cache import StageNote, file_hash
from biolabel.workflow.ingest import ingest, open_ingested
from biolabel.workflow.job import Job, Which
from biolabel.workflow.models import check_python, load_functions, load_models, model_inputs
from biolabel.workflow.rules import Rules, read_rules


@dataclass(frozen=True, eq=False)
class Bench:
    """A job with its rules read; everything else is opened once, and only if a stage asks for it."""

    job: Job
    _ingested: dict[Which, StageNote] = field(default_factory=dict)
    _stores: dict[Which, Store] = field(default_factory=dict)
    _corpora: dict[Which, Corpus] = field(default_factory=dict)
    _finders: dict[Which, TermFinder] = field(default_factory=dict)

    @cached_property
    def rules(self) -> Rules:
        """The rules of the task, with their diagnostics."""
        return read_rules(self.job.task)

    @property
    def plan(self) -> Plan:
        """The plan of the rules.

        Raises:
            RuleError: when the rules have errors.
        """
        return self.rules.ready()

    def ingested(self, which: Which) -> StageNote:
        """Return the ingest stage of the corpus or of dev, with what the rules need to know."""
        if which not in self._ingested:
            steps = steps_of(self.rules.plan) if self.rules.plan is not None else frozenset()
            self._ingested[which] = ingest(self.job, which, self.rules.pipeline.only(steps))
        return self._ingested[which]

    def store(self, which: Which) -> Store:
        """Return the opened corpus store."""
        if which not in self._stores:
            self._stores[which] = open_ingested(self.ingested(which))
        return self._stores[which]

    def corpus(self, which: Which) -> Corpus:
        """Return all documents as one corpus; what can go shard by shard takes `store` instead."""
        if which not in self._corpora:
            self._corpora[which] = self.store(which).whole()
        return self._corpora[which]

    @cached_property
    def knowledge(self) -> Knowledge:
        """The ontologies and knowledge bases, without evidence from the job's own documents."""
        own = frozenset(name for which in self.job.parts() for name in self.store(which).ids)
        found = load_knowledge(self.plan, own, self.job.progress)
        check_python(self.plan, self.rules.files, allowed=self.job.allow_python)
        models, functions = load_models(self.plan), load_functions(self.plan)
        return replace(found, models=models, functions=functions)

    def finder(self, which: Which) -> TermFinder:
        """Return the look-up of ontology names in the corpus or in dev."""
        if which not in self._finders:
            self._finders[which] = TermFinder(self.corpus(which), self.knowledge)
        return self._finders[which]

    @cached_property
    def encoder_files(self) -> Mapping[str, str]:
        """The hash of each file of the encoder, by its name, where the settings name a folder."""
        folder = Path(self.job.task.task.end_model.encoder)
        files = sorted(folder.glob("*")) if folder.is_dir() else []
        return {file.name: file_hash(file) for file in files if file.is_file()}

    def knowledge_inputs(self) -> dict[str, object]:
        """Return what identifies the knowledge: tables, files and lists by hash, and the guarded documents.

        Raises:
            RuleError: BL701 to BL703 and BL709, where a table or file is missing.
        """
        tables, own = tables_of(self.plan)
        return {
            "tables": tables,
            "lists": sha256(repr(sorted(self.plan.lists.items())).encode()).hexdigest()[:16],
            "files": {str(file): file_hash(file) for file in sorted(own)},
            "guarded": [self.ingested(which).key for which in self.job.parts()],
            "models": model_inputs(self.plan),
        }
