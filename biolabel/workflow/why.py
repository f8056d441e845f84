"""Why a rule votes or does not, on a marked text or on a document of the corpus."""

from collections.abc import Mapping
from dataclasses import replace

from biolabel.data.documents import Document
from biolabel.data.mentions import document_mentions, given_mentions
from biolabel.data.words import key_of
from biolabel.errors import RunError
from biolabel.evaluation.examples import run_examples
from biolabel.evaluation.explain import Explanation, Teller, explain_outcome
from biolabel.evaluation.ground import Ground, ground
from biolabel.evaluation.lookup import within
from biolabel.evaluation.marked import rows_of_marks, text_to_mark
from biolabel.evaluation.needs import restricted
from biolabel.evaluation.pieces import Place
from biolabel.evaluation.subjects import Subject, subjects
from biolabel.lang import tree
from biolabel.lang.examples import Mark
from biolabel.lang.nearest import did_you_mean
from biolabel.text.build import corpus_of
from biolabel.text.documents import corpus_documents
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.examples import checked, light, loader
from biolabel.workflow.job import Which
from biolabel.workflow.reasons import place_of
from biolabel.workflow.rules import Rules


def why_text(rules: Rules, name: str, text: str, *, allow_python: bool = False) -> Explanation:
    """Explain a rule, condition or pattern on a text that is marked as examples are.

    Raises:
        RuleError: when the rules have errors.
        RunError: BL920, BL921 bad marks; BL922 no such name; BL924 marks that are no candidate;
            BL925 a table that is not there.
    """
    program, plan = checked(rules)
    text_to_mark(text)
    subject = replace(
        subjects(program, plan, name)[0], tests=tree.Tests(matches=(tree.Example(text),))
    )
    load = loader(rules, allow_python=allow_python)
    run = run_examples(program, plan, [subject], light(rules.pipeline, [subject]), load)
    return explain_outcome(run, run.outcomes[0], program, rules.files)


def why_document(
    bench: Bench, name: str, id_: str, pair: tuple[str, ...] = (), span: str = ""
) -> Explanation:
    """Explain a rule or condition on a document of the corpus or dev.

    pair: the arguments of the candidate, each a concept id or the text of a mention; none takes the
    candidate that comes nearest. span: for an entity rule, the text that it should find.

    Raises:
        RunError: BL922 no such name; BL923 no such document, mention or text; BL924 and BL925 as
            `why_text`.
    """
    program, plan = checked(bench.rules)
    subject = subjects(program, plan, name)[0]
    which, doc = place_of(bench, id_)
    sees = any(task.sees for task in plan.tasks if task.task.name == subject.task)
    bare = subject.task in program.entities and not sees
    relation = program.relations.get(subject.task)
    named = relation.mentions.text if relation is not None and relation.mentions else ""
    document = _document(bench, which, doc, own=bare or named == "given")
    smaller = restricted(plan, subject.needs, [subject.task])
    load = loader(
        bench.rules,
        bench.job.progress,
        allow_python=bench.job.allow_python,
        documents=frozenset(i for part in bench.job.parts() for i in bench.corpus(part).ids),
    )
    knowledge, missing = load(smaller)
    if missing:
        what, reason = next(iter(missing.items()))
        raise RunError("BL925", f"`{name}` cannot run: `{what}`: {reason}")
    corpus = corpus_of([document], light(bench.rules.pipeline, [subject]))
    known = within(knowledge, corpus, smaller)
    judged = ground(smaller, corpus, given_mentions(corpus), known)
    teller = Teller(judged, program, bench.rules.files, 0)
    places = _places(judged, subject, pair) if pair else {}
    return teller.subject(subject, places, _span(judged, span) if span else None)


def _document(bench: Bench, which: Which, doc: int, *, own: bool) -> Document:
    """Return a document with its own mentions, or with those that the entity rules found."""
    corpus = bench.corpus(which)
    document = next(each for at, each in enumerate(corpus_documents(corpus)) if at == doc)
    if own:
        return document
    table = open_applied(apply(bench, which)).mentions
    return replace(document, mentions=document_mentions(table, len(corpus.ids), "given")[doc])


def _places(judged: Ground, subject: Subject, pair: tuple[str, ...]) -> Mapping[str, Place]:
    """Return the rows of the first mention of each argument that has the wanted concept or text."""
    frame = judged.judged[subject.task].judge.frame
    names = list(frame.sides)
    if len(pair) != len(names):
        what = ", ".join(names) or "none"
        raise RunError("BL923", f"{subject.task} has {len(names)} arguments: {what}")
    places: dict[str, Place] = {}
    for name, wanted in zip(names, pair, strict=True):
        side = frame.sides[name]
        options: dict[str, Place] = {}
        for first, end, concept in zip(
            side.first.tolist(), side.end.tolist(), side.concept.tolist(), strict=True
        ):
            place = (first, end)
            options.setdefault(key_of(_text(judged, place)), place)
            if concept >= 0:
                options.setdefault(key_of(frame.concepts[concept]), place)
                options.setdefault(key_of(frame.concepts[concept].partition(":")[2]), place)
        found = options.get(key_of(wanted))
        if found is None:
            hint = did_you_mean(wanted, options, f"there are: {', '.join(list(options)[:9])}")
            raise RunError("BL923", f"no candidate has {wanted} as its {name}", hint=hint)
        places[name] = found
    return places


def _span(judged: Ground, text: str) -> Place:
    """Return the rows of the first place where a text stands."""
    corpus = judged.corpus
    found = corpus.texts[0].lower().find(text.lower())
    if found < 0:
        raise RunError("BL923", f'the document does not hold "{text}"')
    return rows_of_marks(corpus, 0, [Mark("span", found, found + len(text))])[0]


def _text(judged: Ground, place: Place) -> str:
    corpus = judged.corpus
    start, end = corpus.row_start[place[0]], corpus.row_end[place[1] - 1]
    return corpus.texts[0][start:end]
