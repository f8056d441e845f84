"""Samples of a rule over the corpus or dev, and the examples that they suggest."""

from dataclasses import dataclass, replace

import numpy as np

from biolabel.compile.steps import steps_of
from biolabel.errors import RunError
from biolabel.evaluation.examples import run_examples
from biolabel.evaluation.gold import gold_labels
from biolabel.evaluation.ground import Ground, ground
from biolabel.evaluation.needs import needs, restricted, rules_of
from biolabel.evaluation.sampling import Sampled, Sampler, proposals
from biolabel.evaluation.subjects import subjects
from biolabel.lang import tree
from biolabel.lang.nearest import nearest_few
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.examples import checked, light, loader
from biolabel.workflow.job import Which


@dataclass(frozen=True, slots=True)
class Suggested:
    """Samples of a rule, and examples (field, marked text) that are true of it as it is."""

    sampled: Sampled
    examples: tuple[tuple[str, str], ...]


def sample_rule(bench: Bench, which: Which, name: str, n: int, seed: int) -> Suggested:
    """Return up to n hits, misses and borderline cases of a rule over the corpus or dev.

    Raises:
        RuleError: when the rules have errors; RunError: BL922 when no rule has the name.
    """
    program, plan = checked(bench.rules)
    rules = rules_of(plan)
    if name not in rules:
        hint = nearest_few(name, rules, "rules")
        raise RunError("BL922", f"no rule that runs is called `{name}`", hint=hint)
    applied = open_applied(apply(bench, which))
    task = rules[name].task
    judged = judged_corpus(bench, which, name)
    known = {each: gold.names for each, gold in bench.job.task.task.gold.items()}
    gold = gold_labels(applied.votes[task], judged.corpus, known)
    sampler = Sampler(judged, program, applied.votes[task], gold)
    sampled = sampler.sample(name, n, np.random.default_rng(seed))
    return Suggested(sampled, _true(bench, name, proposals(sampled)))


def judged_corpus(bench: Bench, which: Which, name: str | None = None) -> Ground:
    """Judge all rules over the corpus or dev, or one rule with those that it asks."""
    plan = bench.plan
    if name is not None:
        plan = restricted(plan, needs(plan, [name]))
    mentions = open_applied(apply(bench, which)).mentions
    # Parts of conditions are asked too, of sentences that whole conditions do not need read.
    corpus = bench.corpus(which)
    if steps_of(plan):
        corpus = bench.reading(which).corpus(corpus)
    return ground(plan, corpus, mentions, bench.knowledge, bench.job.progress)


def _true(
    bench: Bench, name: str, proposed: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """Return the examples that hold, and of those still to do the ones that do not."""
    program, plan = checked(bench.rules)
    tests = tree.Tests(
        matches=_texts(proposed, "matches"),
        rejects=_texts(proposed, "rejects"),
        todo_matches=_texts(proposed, "todo_matches"),
        todo_rejects=_texts(proposed, "todo_rejects"),
    )
    subject = replace(subjects(program, plan, name)[0], tests=tests)
    load = loader(bench.rules, allow_python=bench.job.allow_python)
    annotate = light(bench.rules.pipeline, [subject])
    run = run_examples(program, plan, [subject], annotate, load)
    held = {(o.field, o.example.text) for o in run.outcomes if o.status in ("passed", "todo")}
    return tuple(pair for pair in proposed if pair in held)


def _texts(proposed: tuple[tuple[str, str], ...], field: str) -> tuple[tree.Example, ...]:
    return tuple(tree.Example(text) for named, text in proposed if named == field)
