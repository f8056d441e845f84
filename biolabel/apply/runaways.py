"""Regular expressions that take too long, as errors that name the rule, its place and the document."""

from biolabel.apply.knowledge import rule_file
from biolabel.apply.searching import SECONDS, Runaway
from biolabel.compile.plan import FindPlan, Plan, RulePlan
from biolabel.data.corpus import Corpus
from biolabel.errors import Diagnostic, RuleError
from biolabel.lang import tree
from biolabel.lang.walk import nodes


def runaway_error(runaway: Runaway, plan: Plan, corpus: Corpus) -> RuleError:
    """Return BL315 at the expression, with the rules that ask it and the document that shows it."""
    rules = (rule for task in plan.tasks for rule in task.rules if _asks(rule, runaway.regex))
    names = ", ".join(f"`{rule.lf.name}`" for rule in rules)
    text = runaway.text
    holding = (
        id_
        for id_, whole in zip(corpus.ids, corpus.texts, strict=True)
        if text in whole or text in whole.lower()
    )
    document = next((f" of document {id_}" for id_ in holding), "")
    message = f"the regular expression{' of ' * bool(names)}{names} takes more than {SECONDS:g} s"
    message += f" on {len(text):,} characters{document}"
    hint = "let fewer of its repeats take the same signs, and bound them: \\w{1,20} for \\w+"
    span = runaway.regex.span
    found = Diagnostic("BL315", "error", message, span, hint)
    return RuleError((found,), {span.file: rule_file(span.file)})


def _asks(rule: RulePlan, regex: tree.Regex) -> bool:
    find = rule.find.pattern if isinstance(rule.find, FindPlan) else None
    cases = tuple(case.when for case in rule.cases)
    return any(node == regex for node in nodes((find, rule.when, rule.unless, cases)))
