"""Auditing the knowledge of a task: how much gold it contains, and what rules that ask it are worth."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from biolabel.compile.plan import Plan
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document
from biolabel.data.votes import TaskVotes
from biolabel.errors import RunError
from biolabel.evaluation.audit import Known, Overlap, Placed, known, overlap, suspicion
from biolabel.evaluation.metrics import Score, relation_scores
from biolabel.kb.ontology import merged
from biolabel.kb.pairs import PairIndex
from biolabel.lang.tree import InKb
from biolabel.lang.walk import nodes
from biolabel.text.documents import corpus_documents
from biolabel.workflow.applied import Applied
from biolabel.workflow.apply import apply, given_apart, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.evaluate import rule_alone
from biolabel.workflow.fit import fit, open_fitted, soft_labels
from biolabel.workflow.job import Which
from biolabel.workflow.marks import marks_of
from biolabel.workflow.ondemand import Reader
from biolabel.workflow.systems import documents_of, of_soft_labels


@dataclass(frozen=True, slots=True)
class TableAudit:
    """A knowledge base as one task asks it, on the documents of one part.

    name: with the part behind a dot, as rules write it; guarded, open: the overlap with gold, without
    and with the evidence from the documents being labeled; withheld: pieces of that evidence;
    withheld_from: in so many documents; cites: whether the table names documents at all.
    """

    name: str
    task: str
    which: Which
    guarded: Overlap
    open: Overlap
    withheld: int
    withheld_from: int
    cites: bool


@dataclass(frozen=True, slots=True)
class RuleAudit:
    """A rule that asks knowledge bases, by itself, next to the label model over all rules."""

    rule: str
    kbs: tuple[str, ...]
    task: str
    which: Which
    alone: Score
    label_model: Score


@dataclass(frozen=True, slots=True)
class OntologyAudit:
    """How many gold mentions of its type an ontology of the task knows, in one part."""

    name: str
    type: str
    which: Which
    known: Known


@dataclass(frozen=True, slots=True)
class Audit:
    """All that was found; `warnings` says in words what should not be as it is, with a code each."""

    tables: tuple[TableAudit, ...]
    rules: tuple[RuleAudit, ...]
    ontologies: tuple[OntologyAudit, ...]
    warnings: tuple[tuple[str, str], ...]


def audit(bench: Bench) -> Audit:
    """Compare the knowledge of a task with the gold of its documents; gold is read for nothing else.

    Relations are those between given mentions, where there are any, so that what the rules find does
    not matter. Rules are applied and the label model is fitted first, unless they were.

    Raises:
        RuleError: when the rules have errors; RunError: BL733 without any knowledge or gold.
    """
    plan = bench.plan
    if not plan.kbs and not plan.ontologies:
        raise RunError("BL733", f"no rule of {bench.job.task.task.name} looks anything up")
    open_pairs = Reader(plan, marks_of(plan, ""), frozenset).knowledge().pairs
    tables: list[TableAudit] = []
    rules: list[RuleAudit] = []
    ontologies: list[OntologyAudit] = []
    for which in bench.job.parts():
        corpus = bench.corpus(which)
        applied = open_applied(given_apart(bench, which) or apply(bench, which))
        documents = list(corpus_documents(corpus))
        for task, names in asked(plan).items():
            gold = _gold(bench, task, corpus)
            if gold:
                candidates = _candidates(applied.votes[task])
                for name, both in names.items():
                    kb = name.partition(".")[0]
                    pairs = bench.knowledge.pairs[kb], open_pairs[kb]
                    tables.append(_table(name, task, which, pairs, (candidates, gold), both))
                rules += _rules(bench, which, task, applied, documents)
        ontologies += _ontologies(bench, which, documents)
    if not tables and not ontologies:
        hint = "gold is mentions with concepts, and relations that [gold.TASK] of task.toml names"
        raise RunError("BL733", "no document has gold to compare the knowledge with", hint=hint)
    found = Audit(tuple(tables), tuple(rules), tuple(ontologies), ())
    return replace(found, warnings=tuple(_warnings(found)))


def asked(plan: Plan) -> dict[str, dict[str, bool]]:
    """Return the knowledge bases, `name` or `name.part`, of each relation task; True for `both ways`."""
    found: dict[str, dict[str, bool]] = {}
    for task in plan.tasks:
        if task.task.kind != "relation":
            continue
        names = found.setdefault(task.task.name, {})
        for rule in task.rules:
            for node in nodes((rule.when, *rule.unless, *(case.when for case in rule.cases))):
                if isinstance(node, InKb):
                    name = f"{node.kb.text}.{node.subset}" if node.subset else node.kb.text
                    names[name] = names.get(name, False) or node.both_ways
    return {task: names for task, names in found.items() if names}


def _gold(bench: Bench, task: str, corpus: Corpus) -> frozenset[Placed]:
    settings = bench.job.task.task.gold.get(task)
    names = settings.names if settings is not None else {}
    return frozenset(
        (doc, relation.subject, relation.object)
        for doc, relations in enumerate(corpus.relations)
        for relation in relations
        if names.get(relation.task, "none") != "none"
    )


def _candidates(votes: TaskVotes) -> frozenset[Placed]:
    return frozenset(zip(votes.documents.tolist(), votes.subjects, votes.objects, strict=True))


def _table(
    name: str,
    task: str,
    which: Which,
    pairs: tuple[PairIndex, PairIndex],
    documents: tuple[frozenset[Placed], frozenset[Placed]],
    both_ways: bool,
) -> TableAudit:
    """Compare one knowledge base, guarded and not, with the candidates and the gold."""
    part = name.partition(".")[2]
    guarded, open_ = (
        overlap(*documents, each.part(name, part), both_ways=both_ways) for each in pairs
    )
    return TableAudit(
        name=name,
        task=task,
        which=which,
        guarded=guarded,
        open=open_,
        withheld=pairs[0].withheld,
        withheld_from=len(pairs[0].withheld_from),
        cites=any(len(cited.document) for cited in pairs[1].citations.values()),
    )


def _rules(
    bench: Bench, which: Which, task: str, applied: Applied, gold: Sequence[Document]
) -> Iterator[RuleAudit]:
    """Yield the score of each rule of a task that asks knowledge bases for pairs."""
    settings = bench.job.task.task.gold
    names = settings[task].names
    votes, corpus = applied.votes[task], bench.corpus(which)
    params = open_fitted(fit(bench)).model
    soft = soft_labels(bench, params, applied.votes, which, applied.mentions)
    scored = of_soft_labels(applied.mentions, applied.votes, soft)
    system = list(documents_of(corpus, scored, settings, "label model"))
    together = relation_scores(gold, system, names)["micro"]
    plans = {rule.lf.name: rule for each in bench.plan.tasks for rule in each.rules}
    for lf, function in enumerate(votes.matrix.lfs):
        kbs = plans[function.name].uses & bench.plan.kbs.keys()
        if kbs:
            alone = rule_alone(corpus, gold, votes, lf, settings)
            score = relation_scores(gold, alone, names)["micro"]
            if score.tp or score.fp:
                kb_names = tuple(sorted(kbs))
                yield RuleAudit(function.name, kb_names, task, which, score, together)


def _ontologies(
    bench: Bench, which: Which, documents: Sequence[Document]
) -> Iterator[OntologyAudit]:
    """Yield what each ontology knows, and what those of a type know together."""
    types: dict[str, list[str]] = {}
    indices = bench.knowledge.ontologies
    for name, index in indices.items():
        types.setdefault(index.type, []).append(name)
    for type_, names in types.items():
        mentions = [m.concepts for d in documents for m in d.mentions if m.type == type_]
        parts = {name: indices[name].ontology for name in names}
        if len(names) > 1:
            parts[f"all {len(names)}"] = merged(list(parts.values()))
        for name, part in parts.items():
            found = known(part, mentions)
            if found.mentions:
                yield OntologyAudit(name, type_, which, found)


def _warnings(found: Audit) -> Iterator[tuple[str, str]]:
    for rule in found.rules:
        if rule.alone.f1 > rule.label_model.f1:
            yield (
                "BL734",
                (
                    f"{rule.which}: rule `{rule.rule}`, which asks {', '.join(rule.kbs)}, alone has F1"
                    f" {rule.alone.f1:.3f}, the label model over all rules {rule.label_model.f1:.3f}"
                ),
            )
    tables: dict[tuple[str, str], dict[str, TableAudit]] = {}
    for table in found.tables:
        tables.setdefault((table.task, table.name), {})[table.which] = table
    for (task, name), parts in tables.items():
        cites = all(part.cites for part in parts.values())
        overlaps: Mapping[str, Overlap] = {which: part.open for which, part in parts.items()}
        why = suspicion(overlaps, cites=cites)
        if why:
            yield (
                "BL735",
                (
                    f"`{name}` names no documents, so nothing can be left out for `{task}`, and {why}"
                ),
            )
