"""Lints of a task's rules over its corpus and, where there is gold, dev."""

from biolabel.errors import Diagnostic
from biolabel.evaluation.lint import lint
from biolabel.workflow.analyze import analyses
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.examples import checked
from biolabel.workflow.sample import judged_corpus

_SLOW = "BL305"


def lint_task(bench: Bench) -> tuple[Diagnostic, ...]:
    """Return what the corpus, and gold on dev or else on the corpus, says against the rules.

    Raises:
        RuleError: when the rules have errors.
    """
    program, _ = checked(bench.rules)
    votes = open_applied(apply(bench, "corpus")).votes
    gold = analyses(bench, "dev" if "dev" in bench.job.files else "corpus")
    slow = tuple(found for found in bench.rules.diagnostics if found.code == _SLOW)
    return (*slow, *lint(program, judged_corpus(bench, "corpus"), votes, gold))
