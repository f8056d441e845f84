"""Small corpora and programs for the tests of compiler and engine."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.candidates import document_frame, pair_candidates
from biolabel.apply.columns import Values, lift
from biolabel.apply.conditions import Evaluator, evaluator
from biolabel.apply.engine import apply_task
from biolabel.apply.knowledge import Knowledge
from biolabel.apply.matches import Matches
from biolabel.apply.ontologies import OntologyIndex
from biolabel.apply.patterns import Matcher
from biolabel.apply.scene import Frame, Scene
from biolabel.apply.terms import TermFinder
from biolabel.compile.lower import compile_program
from biolabel.compile.plan import Compiled, Plan
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Mention, Passage
from biolabel.data.mentions import given_mentions
from biolabel.data.votes import TaskVotes
from biolabel.kb.ontology import Ontology
from biolabel.kb.pairs import PairIndex
from biolabel.lang import tree
from biolabel.lang.load import load
from biolabel.text.build import Annotate, Annotation, corpus_of, naive
from biolabel.text.projection import Tokens

_MARK = re.compile(r"\{(\w+)(?:=(\S*?))?: ([^{}]*)\}")
NOTHING = Knowledge({}, {})
PAIR = """
relation r(a: A, b: B)
  labels: yes, none
  scope: document
  level: concept
  mentions: given
"""
TOPIC = "document t\n  labels: yes, other\n"
TAGGED = 'pipeline\n  tagger: spacy "en"\n  parser: spacy "en"\n'


def document(marked: str, id_: str = "1") -> Document:
    """Read `{A=X:1|X:2: text}` as mentions; `||` ends the title."""
    passages: list[Passage] = []
    mentions: list[Mention] = []
    at = 0
    for kind, part in zip(("title", "abstract"), marked.split("||"), strict=False):
        text, last = "", 0
        part = part.strip()
        for mark in _MARK.finditer(part):
            text += part[last : mark.start()]
            concepts = tuple(filter(None, (mark[2] or "").split("|")))
            start = at + len(text)
            mentions.append(Mention(start, start + len(mark[3]), mark[1], concepts))
            text += mark[3]
            last = mark.end()
        text += part[last:]
        passages.append(Passage(kind, at, text))
        at += len(text) + 1
    return Document(id_, tuple(passages), tuple(mentions))


def corpus(*texts: str | Document, annotate: Annotate = naive) -> Corpus:
    """Return a corpus of marked texts or documents, with the ids "0", "1", ..."""
    read = (document(text) if isinstance(text, str) else text for text in texts)
    return corpus_of([replace(found, id=str(i)) for i, found in enumerate(read)], annotate)


def grammar(said: str, annotate: Annotate = naive) -> Annotate:
    """Return an annotator with a tagger and a parser that say the same of the words of any text.

    `caused/VERB/cause/VBD ROOT; rash/NOUN dobj caused` is a word (its first occurrence), its part of
    speech, lemma and tag, the label of its edge and the word above it; what is left out is unknown.
    """
    entries = [entry.split() for entry in said.split(";") if entry.strip()]

    def told(found: Document) -> Annotation:
        places: dict[str, tuple[int, list[str], str, str]] = {}
        for word, *edge in entries:
            form, *attributes = word.split("/")
            at = re.search(rf"(?<!\w){re.escape(form)}(?!\w)", found.text)
            if at is not None:
                label, above = (*edge, "", "")[:2]
                places[form] = (at.start(), [*attributes, "", "", ""][:3], label, above)
        order = sorted(places, key=lambda form: places[form][0])
        rows = [
            (start, start + len(form), lemma, pos, tag, label,
             order.index(above) if above in places else -1)
            for form in order
            for start, (pos, lemma, tag), label, above in [places[form]]
        ]  # fmt: skip
        tokens = Tokens(*zip(*rows, strict=True)) if rows else Tokens(*[()] * 7)
        return replace(annotate(found), tokens=(tokens,))

    return told


def compiled(folder: Path, rules: str) -> Compiled:
    """Load and compile the rules; language errors fail the test."""
    folder.mkdir(exist_ok=True)
    path = folder / "test.rules"
    path.write_text(f"biolabel 1\n{rules}", encoding="utf-8")
    checked = load(path)
    errors = [d for d in checked.diagnostics if d.severity == "error"]
    assert checked.program is not None, errors
    return compile_program(checked.program)


def plan_of(folder: Path, rules: str) -> Plan:
    """Return the plan of rules that compile."""
    found = compiled(folder, rules)
    assert found.plan is not None, found.diagnostics
    return found.plan


def refused(folder: Path, rules: str) -> list[tuple[str, str]]:
    """Return code and message of what the compiler says against the rules."""
    return [(d.code, d.message) for d in compiled(folder, rules).diagnostics]


def ontology(names: Mapping[str, Sequence[str]], type_: str = "A", *via: str) -> OntologyIndex:
    """Return an ontology made ready, by default looked up exactly."""
    held = Ontology({concept: tuple(texts) for concept, texts in names.items()})
    return OntologyIndex(held, type_, via or ("exact",))


def pairs(*rows: tuple[str, str], **subsets: Sequence[tuple[str, str]]) -> PairIndex:
    """Return a knowledge base with as much evidence for a pair as it has rows."""
    tables = {"": [*rows, *(pair for table in subsets.values() for pair in table)], **subsets}
    return PairIndex({part: {p: table.count(p) for p in table} for part, table in tables.items()})


@dataclass(frozen=True, eq=False)
class World:
    """A scene with the frame of its first task that is no entity task."""

    scene: Scene
    frame: Frame
    plan: Plan

    def judge(self) -> Evaluator:
        """Return an evaluator over the frame."""
        return evaluator(self.scene, self.frame, {}, {})

    def rows(self, found: Matches) -> list[tuple[int, int]]:
        """Return the rows of matches."""
        return list(zip(found.first.tolist(), found.end.tolist(), strict=True))

    def texts(self, found: Matches) -> list[str]:
        """Return the texts that matches cover."""
        return [text_of(self.scene.corpus, *span) for span in self.rows(found)]


def text_of(corpus: Corpus, first: int, end: int) -> str:
    """Return the text of some rows."""
    start, stop = int(corpus.row_start[first]), int(corpus.row_end[end - 1])
    return corpus.texts[int(corpus.row_doc[first])][start:stop]


def world(plan: Plan, over: Corpus, knowledge: Knowledge = NOTHING) -> World:
    """Return the scene of a plan over a corpus with its given mentions."""
    scene = Scene(over, plan, TermFinder(over, knowledge), given_mentions(over))
    declaration = next(
        (t.declaration for t in plan.tasks if not isinstance(t.declaration, tree.EntityDecl)), None
    )
    frame = document_frame(over)
    if isinstance(declaration, tree.RelationDecl):
        frame = pair_candidates(over, scene.mentions, declaration).frame
    return World(scene, frame, plan)


def found_texts(
    folder: Path, pattern: str, *texts: str, declared: str = "", annotate: Annotate = naive
) -> list[str]:
    """Return what a pattern matches in a document task, in order of place."""
    rules = f"{TOPIC}{declared}\nrule x for t\n  votes: yes\n  when: document has {pattern}\n"
    here = world(plan_of(folder, rules), corpus(*texts, annotate=annotate))
    condition = here.plan.tasks[-1].rules[0].when
    assert isinstance(condition, tree.Has)
    return here.texts(Matcher(here.scene, here.frame).find(condition.pattern))


def shown(column: Values) -> str:
    """Return a column as signs: + true, - false, ? unknown."""
    return "".join(
        "+" if true else "-" if known else "?"
        for true, known in zip(column.true, column.known, strict=True)
    )


def holds(
    folder: Path,
    condition: str,
    *texts: str | Document,
    declared: str = "",
    task: str = PAIR,
    knowledge: Knowledge = NOTHING,
    annotate: Annotate = naive,
) -> str:
    """Return where a condition holds: a sign (+, -, ?) a candidate."""
    name = "r" if task == PAIR or "relation r" in task else "t"
    rules = f"{task}{declared}\nrule x for {name}\n  votes: yes\n  when: {condition}\n"
    here = world(plan_of(folder, rules), corpus(*texts, annotate=annotate), knowledge)
    rule = next(r for t in here.plan.tasks for r in t.rules if r.lf.name == "x")
    assert rule.when is not None
    return shown(lift(here.judge().column(rule.when), here.frame))


def votes_of(
    plan: Plan, over: Corpus, task: str, knowledge: Knowledge = NOTHING
) -> tuple[TaskVotes, dict[str, dict[int, str]]]:
    """Return the votes of a task, and by rule the labels that each candidate got."""
    scene = world(plan, over, knowledge).scene
    wanted = next(found for found in plan.tasks if found.task.name == task)
    votes = apply_task(wanted, scene, {})
    matrix = votes.matrix
    named: dict[str, dict[int, str]] = {lf.name: {} for lf in matrix.lfs}
    table: NDArray[np.int64] = np.stack([matrix.candidate, matrix.lf, matrix.mask], axis=1)
    for candidate, lf, mask in table.tolist():
        labels = [label for bit, label in enumerate(matrix.task.labels) if mask >> bit & 1]
        named[matrix.lfs[lf].name][candidate] = "|".join(labels)
    return votes, named


def words_voted(over: Corpus, votes: Mapping[int, str]) -> list[str]:
    """Return the words that got votes, with their labels."""
    return [f"{text_of(over, row, row + 1)}:{labels}" for row, labels in votes.items()]
