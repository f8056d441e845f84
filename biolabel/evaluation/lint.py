"""Lints over a corpus: rules that never fire, add nothing or claim too much; words that never occur."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.patterns import Matcher
from biolabel.compile.plan import RulePlan
from biolabel.data.votes import TaskVotes
from biolabel.errors import Diagnostic, Severity
from biolabel.evaluation.company import pairs_of
from biolabel.evaluation.examiner import marked_frame
from biolabel.evaluation.ground import Ground
from biolabel.evaluation.near import written
from biolabel.evaluation.needs import parts_of, rules_of
from biolabel.evaluation.rules import MatrixAnalysis
from biolabel.evaluation.sampling import parts_of_vote
from biolabel.evaluation.spans import SpanExplainer
from biolabel.lang import tree
from biolabel.lang.program import Program
from biolabel.lang.walk import nodes

LEAST = 10
"""Votes, and votes with gold, from which a rule is compared with others and with its claim."""
_NAMED = 8
OFTEN, EVERYWHERE = 0.03, 0.5
"""Shares of documents from which a name may be an everyday word, and from which it is one."""
SPREAD = 1.3
"""Hits a document up to which such a name stands there by the way, not as what it is about."""


def lint(
    program: Program,
    ground: Ground,
    votes: Mapping[str, TaskVotes],
    judged: Mapping[str, MatrixAnalysis],
) -> tuple[Diagnostic, ...]:
    """Return what a corpus says against the rules, in the order of their files.

    votes: of all tasks over the corpus of the ground; judged: each task's analysis against gold.
    """
    found = [
        *never(program, ground, votes),
        *shadowed_cases(program, ground),
        *repeated(program, ground, votes),
        *overclaimed(program, ground, judged),
        *unused_words(program, ground),
        *everyday_names(ground),
    ]
    order = {path: at for at, path in enumerate(program.files)}
    return tuple(sorted(found, key=lambda d: (order.get(d.span.file, 0), d.span.start, d.code)))


def never(program: Program, ground: Ground, votes: Mapping[str, TaskVotes]) -> Iterator[Diagnostic]:
    """Yield BL504 for rules without a vote, with the part that never holds."""
    for found in votes.values():
        matrix = found.matrix
        counts = np.bincount(matrix.lf, minlength=len(matrix.lfs))
        rules = rules_of(ground.plan)
        for at in np.flatnonzero(counts == 0).tolist():
            rule = rules[matrix.lfs[at].name]
            n = len(ground.corpus.ids)
            why = _silent(program, ground, rule)
            message = f"rule `{rule.lf.name}` never votes on {n:,} documents{why}"
            hint = f"`biolabel why TASK {rule.lf.name} --doc ID` shows each part"
            yield Diagnostic("BL504", "warning", message, rule.span, hint)


def _silent(program: Program, ground: Ground, rule: RulePlan) -> str:
    declared = program.rules[rule.lf.name]
    if rule.task not in ground.judged:
        spans = SpanExplainer(ground, program, program.files, 0).spans(rule, everywhere=True)
        if not spans:
            return ": `find:` finds nothing"
        return f": its conditions refuse all {len(spans):,} spans that it finds"
    judge = ground.judged[rule.task].judge
    if not len(judge.frame):
        return ": its task has no candidates"
    for condition, blocks, original in parts_of_vote(declared, program):
        column = judge.column(condition)
        text = written(program.files, original.span)
        if not (column.false if blocks else column.true).any():
            unknown = "" if column.known.any() else ", as what it asks is known nowhere"
            return f": `{text}` {'always' if blocks else 'never'} holds{unknown}"
    if parts_of_vote(declared, program):
        return ": its parts never hold together"
    return ": its model says no label of the task with enough score"


def shadowed_cases(program: Program, ground: Ground) -> Iterator[Diagnostic]:
    """Yield BL509 for cases that hold only where a case before them does."""
    for task in ground.plan.tasks:
        judged = ground.judged.get(task.task.name)
        if judged is None or not task.task.exclusive:
            continue
        for rule, cases in zip(task.rules, judged.cases, strict=True):
            before = np.zeros(len(judged.judge.frame), dtype=bool)
            for at, (_, column) in enumerate(cases):
                own = int(column.true.sum())
                if at and own >= LEAST and not (column.true & ~before).any():
                    case = program.rules[rule.lf.name].cases[at]
                    text = written(program.files, case.vote.span)
                    message = f"case `{text}` of `{rule.lf.name}` never decides: a case before it"
                    message += f" holds on all {own:,} candidates"
                    hint = "put it first, or make the cases before it stricter"
                    yield Diagnostic("BL509", "warning", message, case.span, hint)
                before |= column.true


def repeated(
    program: Program, ground: Ground, votes: Mapping[str, TaskVotes]
) -> Iterator[Diagnostic]:
    """Yield BL508 for two rules that vote alike, and BL509 for one whose votes another has too.

    Rules in a common `group:`, or of which one asks the other, are known to be related.
    """
    rules = rules_of(ground.plan)
    for found in votes.values():
        names = [lf.name for lf in found.matrix.lfs]
        counts = np.bincount(found.matrix.lf, minlength=len(names)).tolist()
        sizes = dict(zip(names, counts, strict=True))
        for pair in pairs_of(found.matrix):
            # Of two that vote alike the second is told of the first.
            small, large = sorted(
                (pair.second, pair.first), key=lambda name: (sizes[name], name == pair.first)
            )
            a, b = rules[small], rules[large]
            if pair.same < max(LEAST, sizes[small]) or _related(program, a, b):
                continue
            if pair.same == sizes[large]:
                message = f"rules `{large}` and `{small}` vote alike on 100 % of {pair.same:,}"
                related = ((b.span, "the other one"),)
                hint = "put them in one `group:` or remove one"
                yield Diagnostic("BL508", "warning", message, a.span, hint, related)
                continue
            message = (
                f"rule `{small}` adds nothing: `{large}` gives all its {pair.same:,} votes too"
            )
            related = ((b.span, f"{sizes[large]:,} votes"),)
            hint = "remove it, make it differ, or put both in one `group:`"
            yield Diagnostic("BL509", "warning", message, a.span, hint, related)


def _related(program: Program, a: RulePlan, b: RulePlan) -> bool:
    grouped = {name.text for name in program.rules[a.lf.name].group}
    shared = grouped & {name.text for name in program.rules[b.lf.name].group}
    return bool(shared) or a.lf.name in b.fires or b.lf.name in a.fires


def overclaimed(
    program: Program, ground: Ground, judged: Mapping[str, MatrixAnalysis]
) -> Iterator[Diagnostic]:
    """Yield BL506 for rules whose claimed precision lies outside of what gold makes likely.

    A claim that is too modest is no more than a note.
    """
    rules = rules_of(ground.plan)
    for analysis in judged.values():
        for rule in analysis.rules:
            claimed, measure = rules[rule.name].lf.precision, rule.measure
            if claimed is None or measure is None or measure.judged < LEAST:
                continue
            interval = measure.interval
            if interval.low <= claimed <= interval.high:
                continue
            message = f"`{rule.name}` claims a precision of {claimed:g}; measured "
            message += f"{measure.precision:.2f} on {measure.judged:,} candidates with gold, where "
            message += f"its labels' base rate is {measure.base:.2f}"
            hint = f"95 % interval: {interval.low:.2f} to {interval.high:.2f}"
            place = program.rules[rule.name].name.span
            severity: Severity = "warning" if claimed > measure.precision else "note"
            yield Diagnostic("BL506", severity, message, place, hint)


def unused_words(program: Program, ground: Ground) -> Iterator[Diagnostic]:
    """Yield BL510 for entries of lists and ontologies in use that occur nowhere in the corpus."""
    used = {name for part in _parts(ground) for name in _referred(part)}
    matcher = Matcher(ground.full, marked_frame(0, {}))
    for name, declared in ground.plan.lists.items():
        if name not in used or name not in program.lists:
            continue
        kind = tree.Exact if declared.case == "exact" else tree.Phrase
        absent = [word for word in declared.words if not len(matcher.find(kind(word)))]
        if absent:
            shown = ", ".join(absent[:_NAMED]) + (", ..." if len(absent) > _NAMED else "")
            message = (
                f"{len(absent)} of {len(declared.words)} entries of `{name}` never occur: {shown}"
            )
            yield Diagnostic("BL510", "note", message, program.lists[name].name.span)
    for name, ontology in ground.plan.ontologies.items():
        if name in used and not len(ground.full.finder.hits(name).first):
            message = f"no name of the ontology `{name}` occurs in the corpus"
            yield Diagnostic("BL510", "warning", message, ontology.name.span)


def everyday_names(ground: Ground) -> Iterator[Diagnostic]:
    """Yield BL511 for ontologies with names of one word that is an everyday word in the corpus.

    Such words stand, in lower case, in more than `OFTEN` of the documents and about once in each, or
    in most documents. What a text is about it says again and again (Church and Gale 1995, "Poisson
    mixtures"). Source of the numbers: the names of tasks/cdr, `stop:` and `drop:` left out, on the
    500 documents of BC5CDR train, judged by whether gold touches their hits. "included", "same",
    "prevent", "onset" and "progressive" pass, and no name of a disease or chemical. "did" has 1.33 hits a
    document, as "depression" has 1.32, and is missed. "the" is in nearly all documents.
    """
    used = {name for part in _parts(ground) for name in _referred(part)}
    corpus, plain = ground.corpus, _uncapitalized(ground)
    for name, ontology in ground.plan.ontologies.items():
        if name not in used:
            continue
        hits = ground.full.finder.hits(name)
        rows = hits.first[hits.end - hits.first == 1]
        rows = np.unique(rows[plain[rows]])
        words = corpus.row_lower[rows]
        counts = np.bincount(words, minlength=len(corpus.lowers))
        apart = np.unique(np.stack([words, corpus.row_doc[rows]]), axis=1)[0]
        docs = np.bincount(apart, minlength=len(corpus.lowers))
        spread = (docs > OFTEN * len(corpus.ids)) & (counts <= SPREAD * docs)
        common = np.flatnonzero((docs >= LEAST) & (spread | (docs > EVERYWHERE * len(corpus.ids))))
        if len(common):
            most = common[np.argsort(-counts[common], kind="stable")]
            shown = ", ".join(f'"{corpus.lowers[at]}" ({counts[at]:,})' for at in most[:_NAMED])
            shown += ", ..." if len(most) > _NAMED else ""
            message = f"names of `{name}` look like everyday words, with their hits: {shown}"
            hint = "add to `stop:` what means nothing of the kind"
            yield Diagnostic("BL511", "warning", message, ontology.name.span, hint)


def _uncapitalized(ground: Ground) -> NDArray[np.bool_]:
    """Return which rows are written in lower case."""
    forms = np.array([form == form.lower() for form in ground.corpus.forms], dtype=bool)
    return forms[ground.corpus.row_form]


def _parts(ground: Ground) -> Iterator[object]:
    for rule in rules_of(ground.plan).values():
        yield from parts_of(rule)
    yield from ground.plan.contexts.values()


def _referred(part: object) -> Sequence[str]:
    return [n.name.text for n in nodes(part) if isinstance(n, tree.Ref | tree.TokenIn)]
