"""60 regular expressions and 50 token patterns against `re` and spaCy's Matcher, one core each.

`python benchmarks/engine.py` searches the 3,324 abstracts of BIOLABEL_DATA (`texts.py`), as one
passage each. Times are of the process, the median of five runs in turns.

- Expressions: `re` has its compiled patterns and searches abstract by abstract, pattern by pattern. We
  start from the corpus, so that cutting it into sentences and all indices count, every time. Each
  kind of expression has a row: what it takes beyond the indices that all share. We look within
  sentences: what `re` finds across two of them is counted apart.
- Patterns: from raw texts, spaCy cuts them with the tokenizer of its blank English pipeline, into Docs
  that its filled matcher reads; we cut them into rows and make the corpus. From ready texts, spaCy has
  its Docs, we have the columns, and indices of words count. Both return token numbers.

What the sides disagree on is counted, by pattern, outside the timing. Soft signs make no row for us and
tokens for spaCy ("side-effects"), brackets are rows of their own ("(NMDA)-induced"), a number is one row
("0.05" and "p<0.05"), and gaps count words only, within a sentence. Targets: issue 4.
"""

import re
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import spacy
from engine_queries import PATTERNS, REGEXES
from frame import Row, write
from rich.console import Console
from spacy.matcher import Matcher as SpacyMatcher
from spacy.tokens import Doc
from texts import abstracts

from biolabel.apply.candidates import document_frame
from biolabel.apply.knowledge import Knowledge
from biolabel.apply.matches import Matches
from biolabel.apply.patterns import Matcher
from biolabel.apply.regexes import regex_matches
from biolabel.apply.scene import Scene
from biolabel.apply.searching import linear
from biolabel.apply.sentences import SentenceTexts, sentence_texts
from biolabel.apply.terms import TermFinder
from biolabel.apply.vocabulary import Vocabulary
from biolabel.compile.lower import compile_program
from biolabel.compile.plan import Plan
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Passage
from biolabel.data.mentions import joined
from biolabel.lang import tree
from biolabel.lang.load import load
from biolabel.text.build import corpus_of

TARGET = 30.0
RUNS = 5
SHARED = ("plain", "alike", "torn", "lines")
SHARED_OF_WORDS = ("text", "read", "of_sign", "odd", "singular")
"""What `SentenceTexts` makes once, for all expressions."""
Place = tuple[int, int, int]
"""A document's number, and start and end in characters."""


def plan_of_patterns(folder: Path) -> Plan:
    """Return a plan with one rule a pattern."""
    path = folder / "patterns.rules"
    rules = "".join(
        f"rule p{i} for topic\n  votes: found_one\n  when: document has {pattern}\n"
        for i, (pattern, _) in enumerate(PATTERNS)
    )
    path.write_text(f"biolabel 1\ndocument topic\n  labels: found_one, other\n{rules}", "utf-8")
    checked = load(path)
    if checked.program is None:
        errors = [each.message for each in checked.diagnostics if each.severity == "error"]
        raise SystemExit(f"the benchmark's own rules do not load: {errors}")
    plan = compile_program(checked.program).plan
    if plan is None:
        raise SystemExit("the benchmark's own rules do not compile")
    return plan


def seconds(*runs: Callable[[], object], times: int = RUNS) -> list[float]:
    """Return the median time of each of some runs, taken in turns, in seconds of one core."""
    taken: list[list[float]] = [[] for _ in runs]
    for _ in range(times):
        for run, own in zip(runs, taken, strict=True):
            start = time.process_time()
            run()
            own.append(time.process_time() - start)
    return [median(own) for own in taken]


def corpus(texts: Sequence[str]) -> Corpus:
    """Return texts as a corpus."""
    return corpus_of(Document(str(i), (Passage("text", 0, t),)) for i, t in enumerate(texts))


def ours(over: Corpus, plan: Plan) -> list[Matches]:
    """Return where each pattern matches."""
    scene = Scene(over, plan, TermFinder(over, Knowledge({}, {})), joined([]))
    matcher = Matcher(scene, document_frame(over))
    conditions = (rule.when for rule in plan.tasks[0].rules)
    return [matcher.find(each.pattern) for each in conditions if isinstance(each, tree.Has)]


def theirs(docs: Sequence[Doc], matcher: SpacyMatcher) -> list[list[tuple[int, int, int]]]:
    """Return the same from spaCy's matcher: the pattern, and first and end token, in each document."""
    return [matcher(doc) for doc in docs]


def our_places(over: Corpus, found: Sequence[Matches]) -> list[set[Place]]:
    """Return where rows stand, by pattern."""
    columns = (
        (over.row_doc[hits.first], over.row_start[hits.first], over.row_end[hits.end - 1])
        for hits in found
    )
    return [set(zip(*(c.tolist() for c in three), strict=True)) for three in columns]


def their_places(
    docs: Sequence[Doc], found: Sequence[Sequence[tuple[int, int, int]]]
) -> list[set[Place]]:
    """Return where tokens stand, by pattern."""
    places: list[set[Place]] = [set() for _ in PATTERNS]
    for number, (doc, matches) in enumerate(zip(docs, found, strict=True)):
        for key, start, end in matches:
            span = doc[start:end]
            places[int(doc.vocab.strings[key])].add((number, span.start_char, span.end_char))
    return places


def regex_rows(texts: Sequence[str], over: Corpus) -> list[Row]:
    """Time the regular expressions, kind by kind."""
    rows: list[Row] = []
    making: list[float] = []
    ratios: list[float] = []
    total = own = 0.0
    matched = expected = 0
    for kind, sources in REGEXES.items():
        made, they, we = times_of(texts, over, sources)
        making.append(made)
        total, own = total + sum(they), own + sum(we)
        ratios += [they[i] / we[i] for i in range(len(sources))]
        name = f"{len(sources)} expressions: {kind}"
        rows.append(Row(f"{name}, times as fast as `re`", sum(they) / sum(we), unit="x"))
        rows.append(Row(f"{name}, we", sum(we), unit="s"))
        for source in sources:
            here, there = agreement(texts, over, source)
            matched, expected = matched + here, expected + there
    shared = median(making)
    own += shared
    size, count = sum(map(len, texts)) / 1e6, len(ratios)
    name = f"{count} regular expressions in {size:.1f} MB, times as fast as `re` one by one"
    return [
        Row(name, total / own, TARGET, "x", total / own >= TARGET),
        Row("we, all in all", own, unit="s"),
        Row("we, reading sentences and words, which they share", shared, unit="s"),
        Row("`re` one by one", total, unit="s"),
        Row("google-re2 one by one, only counting", counting(texts), unit="s"),
        Row("times as fast as `re`: the median of the expressions", median(ratios), unit="x"),
        Row("times as fast as `re`: the slowest of the expressions", min(ratios), unit="x"),
        *rows,
        Row("matches of the engine, as share of those of `re`", matched / expected),
    ]


def times_of(
    texts: Sequence[str], over: Corpus, sources: Sequence[str]
) -> tuple[float, list[float], list[float]]:
    """Return what the indices take, and `re` and the engine for each of some expressions, in seconds."""
    compiled = [re.compile(source) for source in sources]
    read = prepared(over)

    def afresh() -> None:
        nonlocal read
        read = prepared(over)

    theirs = [partial(searched, texts, each) for each in compiled]
    ours = [lambda source=source: regex_matches(read, tree.Regex(source)) for source in sources]
    made, *taken = seconds(afresh, *ours, *theirs)
    return made, taken[len(sources) :], taken[: len(sources)]


def searched(texts: Sequence[str], expression: re.Pattern[str]) -> int:
    """Return how often `re` finds an expression."""
    return sum(1 for text in texts for _ in expression.finditer(text))


def agreement(texts: Sequence[str], over: Corpus, source: str) -> tuple[int, int]:
    """Return how often the engine and `re` find an expression; print why these are not the same."""
    here = len(regex_matches(prepared(over), tree.Regex(source)))
    there = searched(texts, re.compile(source))
    if here != there:
        inside = sum(
            1
            for number in range(len(over.sentence_doc))
            for _ in re.finditer(source, over.sentence_text(number))
        )
        note = f"{here:,} matches, `re` has {there:,}, within sentences, where we look, {inside:,}"
        Console().print(f"{note}: {source}", markup=False)
    return here, there


def counting(texts: Sequence[str]) -> float:
    """Return what google-re2 takes to count the matches of all expressions that it knows, in seconds."""
    column = pa.array(texts)
    known = [each for some in REGEXES.values() for each in some if linear(each) is not None]
    counts = [partial(pc.count_substring_regex, column, pattern=each) for each in known]
    return sum(seconds(*counts))


def prepared(over: Corpus) -> SentenceTexts:
    """Return the sentences of a corpus, with all that expressions share."""
    read = sentence_texts(over, Vocabulary(over.forms, over.row_form))
    for kind in SHARED:
        getattr(read, kind)
    for kind in SHARED_OF_WORDS:
        getattr(read.lines, kind)
    read.forms.numbers(read.forms.entries[:1])  # makes the numbers
    read.forms.count(np.zeros(1, np.int32))  # makes the postings
    return read


def pattern_rows(texts: Sequence[str], over: Corpus) -> list[Row]:
    """Time the token patterns."""
    nlp = spacy.blank("en")
    matcher = SpacyMatcher(nlp.vocab)
    for i, (_, pattern) in enumerate(PATTERNS):
        matcher.add(str(i), [pattern])
    with TemporaryDirectory() as folder:
        plan = plan_of_patterns(Path(folder))
    docs = [nlp.make_doc(text) for text in texts]
    ready = seconds(lambda: theirs(docs, matcher), lambda: ours(over, plan))
    raw = seconds(
        lambda: theirs([nlp.make_doc(text) for text in texts], matcher),
        lambda: ours(corpus(texts), plan),
        times=1,
    )
    found, expected = our_places(over, ours(over, plan)), their_places(docs, theirs(docs, matcher))
    for (written, _), we, they in zip(PATTERNS, found, expected, strict=True):
        if we != they:
            text = f"{len(we & they):,} both, {len(they - we):,} only spaCy, {len(we - they):,} only we"
            Console().print(f"{text}: {written}", markup=False)
    shared = sum(len(a & b) for a, b in zip(found, expected, strict=True))
    name = f"{len(PATTERNS)} token patterns, times as fast as spaCy's Matcher"
    ratio = ready[0] / ready[1]
    return [
        Row(f"{name}, from ready Docs and columns", ratio, TARGET, "x", ratio >= TARGET),
        Row("we", ready[1], unit="s"),
        Row("spaCy's Matcher", ready[0], unit="s"),
        Row(f"{name}, from raw texts", raw[0] / raw[1], unit="x"),
        Row("its matches that the engine finds too", shared / sum(map(len, expected))),
        Row("our matches, as share of its", sum(map(len, found)) / sum(map(len, expected))),
    ]


def main() -> None:
    """Run the benchmark."""
    texts = abstracts()
    over = corpus(texts)
    write("engine", [*pattern_rows(texts, over), *regex_rows(texts, over)])


if __name__ == "__main__":
    main()
