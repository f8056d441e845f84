"""Rules whose models or functions fail: what is left of their votes, and which candidates are lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.columns import Column, lift
from biolabel.apply.conditions import Evaluator
from biolabel.apply.faults import Failed, Fault, failed_candidates, failed_rows, fault_table
from biolabel.apply.frames import Frame
from biolabel.apply.said import Cases, Masks
from biolabel.apply.votes import RuleVotes, brought_by_models, cases_of, evidence_rows
from biolabel.compile.plan import Ballot, RulePlan, fired_by
from biolabel.data.corpus import Corpus
from biolabel.data.labels import LabelingFunction, Task
from biolabel.errors import BiolabelError, ModelError, RuleError
from biolabel.lang import tree
from biolabel.lang.walk import nodes

_RUNAWAY = "BL315"


def tried(
    rule: RulePlan,
    judge: Evaluator,
    task: Task,
    brought: Mapping[Ballot, Masks],
    before: Mapping[str, Failed],
) -> tuple[Cases, Mapping[Ballot, Masks], Failed]:
    """Return each vote of a rule with where it holds, what models bring, and where the rule failed.

    brought: what spans bring; before: where the rules failed that were judged before. A rule that
    cannot be judged at all is unknown everywhere; errors of the rule files go on.
    """
    try:
        models = {**brought, **brought_by_models(rule, judge, task)}
        cases = cases_of(rule, judge, models)
    except (ModelError, RuleError) as error:
        if isinstance(error, RuleError) and error.code != _RUNAWAY:
            raise
        return _unknown(rule, judge.frame, brought, error)
    known = {name: judge.failed(name) for name in (*judge.said, *judge.held)} | dict(before)
    if not any(failed.rows or failed.everywhere for failed in known.values()):
        return cases, models, Failed()
    asked = [known[name] for name in set(_asked(rule)) if name in known]
    return cases, models, failed_rows([column for _, column in cases], asked)


def _unknown(
    rule: RulePlan, frame: Frame, brought: Mapping[Ballot, Masks], error: BiolabelError
) -> tuple[Cases, Mapping[Ballot, Masks], Failed]:
    nowhere = np.zeros(len(frame), dtype=bool)
    silent = np.zeros(frame.n_candidates, dtype=np.int64)
    ballots = (rule.mask, rule.otherwise)
    models: dict[Ballot, Masks] = {each: silent for each in ballots if isinstance(each, str)}
    return [(1, Column(nowhere, nowhere))], {**brought, **models}, Failed(everywhere=error)


def _asked(rule: RulePlan) -> Iterator[str]:
    """Yield the models, functions and rules that a rule asks."""
    yield from rule.fires
    ballots = (rule.mask, rule.otherwise, *(case.mask for case in rule.cases))
    yield from (ballot for ballot in ballots if isinstance(ballot, str))
    for node in nodes((rule.when, rule.unless, tuple(case.when for case in rule.cases))):
        match node:
            case tree.Python(target):
                yield target
            case tree.ModelSays(model=name):
                yield name.text


def without_failed(
    rule: RulePlan, votes: RuleVotes, failed: Failed, cases: Cases, corpus: Corpus, frame: Frame
) -> RuleVotes:
    """Return the votes of a rule without the candidates on which it failed, which are its faults."""
    if failed.everywhere is None and not failed.rows:
        return votes
    lost = failed_candidates(failed, [column for _, column in cases], frame)
    rows = np.array(list(lost.values()), dtype=np.int64)
    evidence = evidence_rows(frame, rows)
    faults = fault_table(rule.lf.name, rule.task, failed, rows.tolist(), corpus, frame, evidence)
    kept = ~np.isin(votes.candidate, list(lost))
    return RuleVotes(
        votes.candidate[kept], votes.mask[kept], votes.evidence[kept], votes.faults + faults
    )


def choosing(
    task: Task, when: tree.Condition, judge: Evaluator, before: Mapping[str, Failed]
) -> tuple[NDArray[np.bool_], tuple[Fault, ...]]:
    """Return which candidates fulfil the `when:` of a relation, bool[n], and where it failed.

    before: where the rules failed that it asks. Faults name no rule.
    """
    rule = RulePlan(
        LabelingFunction(""), task.name, when.span, 1, (), None, None, when, (), fired_by(when), ""
    )
    cases, _, failed = tried(rule, judge, task, {}, before)
    frame = judge.frame
    chosen = np.flatnonzero(lift(cases[0][1], frame).true).astype(np.int32)
    nothing = np.zeros((len(chosen), 2), dtype=np.int32)
    votes = RuleVotes(chosen, np.ones(len(chosen), dtype=np.int64), nothing)
    kept = without_failed(rule, votes, failed, cases, judge.scene.corpus, frame)
    true = np.zeros(frame.n_candidates, dtype=bool)
    true[kept.candidate] = True
    return true, kept.faults


def failed_spans(
    rule: RulePlan, corpus: Corpus, failed: Mapping[int, BiolabelError]
) -> tuple[Fault, ...]:
    """Return the faults of an entity rule whose model failed to find spans in some documents."""
    return tuple(
        Fault(
            rule.lf.name, rule.task, corpus.ids[doc], (), corpus.texts[doc][:200], e.code, e.message
        )
        for doc, e in sorted(failed.items())
    )


def lost_rule(rule: RulePlan, error: BiolabelError) -> RuleVotes:
    """Return the votes of an entity rule that finds no spans because of an error: none, and a fault."""
    nothing = np.empty(0, dtype=np.int32)
    fault = Fault(rule.lf.name, rule.task, "", (), "", error.code, error.message)
    return RuleVotes(nothing, nothing.astype(np.int64), np.empty((0, 2), np.int32), (fault,))


def with_faults(votes: RuleVotes, faults: Sequence[Fault]) -> RuleVotes:
    """Return votes with more faults."""
    return replace(votes, faults=(*votes.faults, *faults)) if faults else votes
