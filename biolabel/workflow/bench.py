"""What the stages of one run have at hand: corpora and knowledge, opened when first needed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from biolabel.apply.declared import prefixes_of
from biolabel.apply.knowledge import Knowledge, tables_of
from biolabel.apply.ontologies import OntologyIndex
from biolabel.apply.terms import TermFinder
from biolabel.compile.plan import Plan
from biolabel.compile.steps import steps_of
from biolabel.data.corpus import Corpus
from biolabel.data.executor import HERE
from biolabel.errors import RuleError
from biolabel.kb.pairs import PairIndex
from biolabel.lang.session import Session
from biolabel.lang.steps import Step
from biolabel.text.pipeline import Pipeline
from biolabel.text.store import Store
from biolabel.workflow.cache import StageNote, file_hash
from biolabel.workflow.ingest import ingest, open_ingested
from biolabel.workflow.job import Job, Which
from biolabel.workflow.marks import digest, marks_of
from biolabel.workflow.memory import Memory
from biolabel.workflow.models import check_python, model_inputs
from biolabel.workflow.ondemand import Reader
from biolabel.workflow.reading import Reading, reading_marks, reading_of
from biolabel.workflow.rules import Rules, read_rules, reread_rules
from biolabel.workflow.shards import Recipe, Source
from biolabel.workflow.site import Plot, Site

_Ingested = tuple[Which, Pipeline, tuple[tuple[str, str], ...]]
"""What tells ingest stages apart: documents, processing, and prefixes of identifiers by type."""


@dataclass(frozen=True, eq=False)
class Bench:
    """A job with its rules read; everything else is opened once, and only if a stage asks for it.

    memory: results that stages remember until the rules are read again.
    """

    job: Job
    _ingested: dict[_Ingested, StageNote] = field(default_factory=dict)
    _stores: dict[str, Store] = field(default_factory=dict)
    _corpora: dict[str, Corpus] = field(default_factory=dict)
    _finders: dict[Which, TermFinder] = field(default_factory=dict)
    _read: dict[str, OntologyIndex | PairIndex] = field(default_factory=dict)
    _memories: dict[tuple[str, Source], Memory] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    _session: Session | None = None

    @cached_property
    def rules(self) -> Rules:
        """The rules of the task, with their diagnostics."""
        if self._session is not None:
            return reread_rules(self.job.task, self._session)
        return read_rules(self.job.task)

    @property
    def plan(self) -> Plan:
        """The plan of the rules.

        Raises:
            RuleError: when the rules have errors.
        """
        return self.rules.ready()

    def ingested(self, which: Which) -> StageNote:
        """Return the ingest stage of the corpus or of dev, of which no tagger or parser reads a word."""
        pipeline = self.rules.pipeline.only(())
        key = which, pipeline, tuple(sorted(self._prefixes.items()))
        if key not in self._ingested:
            self._ingested[key] = ingest(self.job, which, pipeline, self._prefixes)
        return self._ingested[key]

    @cached_property
    def _prefixes(self) -> Mapping[str, str]:
        """The prefix of identifiers without one, by type of mention, where it is not MeSH's.

        Readers take identifiers without a prefix for MeSH's already.
        """
        program = self.rules.program
        declared = prefixes_of(program.ontologies.values(), program.kbs.values()) if program else {}
        return {type_: prefix for type_, prefix in declared.items() if prefix != "MESH"}

    def reading(self, which: Which) -> Reading:
        """Return what reads the sentences of the corpus or dev of which rules ask what it says."""
        found = reading_of(self._steps, self.rules.pipeline, self.store(which).pipeline)
        return Reading(found, self.job.executor, self.job.progress)

    @cached_property
    def _steps(self) -> frozenset[Step]:
        """The steps of text processing without which something that rules say would be unknown."""
        return steps_of(self.plan)

    def store(self, which: Which) -> Store:
        """Return the opened corpus store."""
        key = self.ingested(which).key
        if key not in self._stores:
            self._stores[key] = open_ingested(self.ingested(which))
        return self._stores[key]

    def corpus(self, which: Which) -> Corpus:
        """Return all documents as one corpus; what can go shard by shard takes `store` instead."""
        key = self.ingested(which).key
        if key not in self._corpora:
            self._corpora[key] = self.store(which).whole()
        return self._corpora[key]

    def has_mentions(self, which: Which) -> bool:
        """Return whether documents of the corpus or dev came with mentions."""
        return any(tables["mentions"].num_rows for tables in self.store(which).tables)

    @cached_property
    def marks(self) -> Mapping[str, str]:
        """What identifies all that rules use: ontologies, models, the tagger and the like."""
        read = reading_marks(self._steps, self.rules.pipeline)
        return marks_of(self.plan, digest(sorted(self.documents()))) | read

    def documents(self) -> frozenset[str]:
        """Return the ids of all documents of the job, whose own curated evidence is left out."""
        return frozenset(name for which in self.job.parts() for name in self.store(which).ids)

    @cached_property
    def knowledge(self) -> Knowledge:
        """What rules look up and ask: each is read when it is first asked for.

        Raises:
            RuleError: BL392 where Python is named and not allowed; when something is read, as
                `load_knowledge`, `load_models` and `load_functions` do.
        """
        check_python(self.plan, self.rules.files, allowed=self.job.allow_python)
        reader = Reader(self.plan, self.marks, self.documents, self.job.progress, self._read)
        return reader.knowledge()

    def recipe(self, which: Which, source: Source) -> Recipe:
        """Return what votes on the corpus or dev depend on beside the documents."""
        job, reading = self.job, self.reading(which).pipeline
        return Recipe(
            self.plan, source, job.workspace, job.code, self.marks, self._world, {}, reading
        )

    @cached_property
    def _world(self) -> str:
        """What identifies all declarations that rules name."""
        plan = self.plan
        return digest(plan.lists, plan.contexts, plan.sections, sorted(self.marks.items()))

    def site(self, which: Which, source: Source) -> Site:
        """Return where rules are applied to the corpus or dev in this process.

        A corpus of one shard stays in memory for the next time; more would be too much.
        """
        store = self.store(which)
        memories: dict[int, Memory] = {}
        alone = len(store.shards) == 1
        if alone:
            memories[0] = self._memories.setdefault((store.content_hash, source), Memory())
            memories[0].begin()
        executor = self.job.executor if alone else HERE
        recipe, progress = self.recipe(which, source), self.job.progress
        return Site(recipe, store, self.knowledge, memories, progress, executor)

    def plot(self, which: Which, source: Source) -> Plot:
        """Return what other processes need to apply rules to the corpus or dev."""
        stores = {part: self.store(part).folder for part in self.job.parts()}
        return Plot(self.recipe(which, source), stores[which], tuple(stores.values()))

    def reread(self, texts: Mapping[Path, str | None] | None = None) -> "Bench":
        """Return a bench with the rules as they are on disk now, and all else that is open here.

        texts: of rule files whose editors have unsaved changes, which stand for what is on disk until
        None is given for them. It is for applying and analyzing: the trees of its rules have spans that
        stand elsewhere (`reread_rules`), and only what these stages raise is put right (`placed`).
        """
        self.memory.begin()
        session = self._session or Session(self.job.task.rule_files())
        for path, text in (texts or {}).items():
            session.edit(path, text)
        return replace(self, _finders={}, _session=session)

    def anew(self) -> "Bench":
        """Return a bench with the rules as they are on disk now, read as at first, and all else open."""
        return replace(self, _finders={}, _session=None)

    @contextmanager
    def placed(self) -> Iterator[None]:
        """Let errors about rules that were read anew name their places in the files."""
        try:
            yield
        except RuleError as error:
            if self._session is None or error.diagnostics == self.rules.diagnostics:
                raise
            found = [self._session.moved(each) for each in error.diagnostics]
            raise RuleError(found, error.files) from error

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

        The tagger and parser that rules need are of it too.

        Raises:
            RuleError: BL701 to BL704 and BL709, where a table or file is missing or another one.
        """
        return self._knowledge_inputs

    @cached_property
    def _knowledge_inputs(self) -> dict[str, object]:
        tables, own = tables_of(self.plan)
        # Without notes and the like, whose sets are in another order in each process.
        lists = [(name, each.words, each.case) for name, each in sorted(self.plan.lists.items())]
        return {
            "tables": tables,
            "lists": sha256(repr(lists).encode()).hexdigest()[:16],
            "files": {str(file): file_hash(file) for file in sorted(own)},
            "guarded": [self.ingested(which).key for which in self.job.parts()],
            "models": model_inputs(self.plan),
            "read": reading_marks(self._steps, self.rules.pipeline),
        }
