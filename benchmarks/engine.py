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
Tests = list[dict[str, object]]
Place = tuple[int, int, int]
"""A document's number, and start and end in characters."""


def word(*forms: str) -> dict[str, object]:
    """Return spaCy's test of one word."""
    return {"LOWER": {"IN": list(forms)}} if len(forms) > 1 else {"LOWER": forms[0]}


def like(source: str) -> dict[str, object]:
    """Return spaCy's test of one word by an expression."""
    return {"LOWER": {"REGEX": source}}


def gap(low: int, high: int) -> dict[str, object]:
    """Return spaCy's test of a number of words of any kind."""
    return {"OP": f"{{{low},{high}}}"}


PHRASES = (
    "due to", "associated with", "side effects", "in patients with", "was associated with",
    "risk factor", "no effect", "caused by", "as a result of", "after treatment with",
    "in the treatment of", "adverse events", "plasma levels", "dose dependent", "significant increase",
)  # fmt: skip
PATTERNS: tuple[tuple[str, Tests], ...] = (
    *((f'"{phrase}"', [word(each) for each in phrase.split()]) for phrase in PHRASES),
    ('"induced" | "caused"', [word("induced", "caused")]),
    ('"treat*"', [like("^treat")]),
    ('"inhibit*"', [like("^inhibit")]),
    ('"*emia"', [like("emia$")]),
    ('"*toxic*"', [like("toxic")]),
    ('"hepat*" "*itis"', [like("^hepat"), like("itis$")]),
    ('"acute" "*"', [word("acute"), like(r"^\w")]),
    ('("side" | "adverse") ("effects" | "reactions")',
     [word("side", "adverse"), word("effects", "reactions")]),
    ('("a" | "an" | "the") "increase*" "in"', [word("a", "an", "the"), like("^increase"), word("in")]),
    ('("cause" | "causes" | "caused") ..4 "by"', [word("cause", "causes", "caused"), gap(0, 4), word("by")]),
    ('"patients" ..5 "with"', [word("patients"), gap(0, 5), word("with")]),
    ('"no" ..3 ("effect" | "difference")', [word("no"), gap(0, 3), word("effect", "difference")]),
    ('"develop*" ..6 ("after" | "during")', [like("^develop"), gap(0, 6), word("after", "during")]),
    ('"increase*" ..2 "in" ..3 "pressure"',
     [like("^increase"), gap(0, 2), word("in"), gap(0, 3), word("pressure")]),
    ('"between" ..4 "and"', [word("between"), gap(0, 4), word("and")]),
    ('"effects" ..3 "on"', [word("effects"), gap(0, 3), word("on")]),
    ('"not" ..2 "significant*"', [word("not"), gap(0, 2), like("^significant")]),
    ('"treated" ..3 "with"', [word("treated"), gap(0, 3), word("with")]),
    ('"history" ..2 "of"', [word("history"), gap(0, 2), word("of")]),
    ('"dose*" ..1 "of"', [like("^dose"), gap(0, 1), word("of")]),
    ('"induced" ..2 "by"', [word("induced"), gap(0, 2), word("by")]),
    ('"compared" ..3 "placebo"', [word("compared"), gap(0, 3), word("placebo")]),
    ('"very"? "high" "dose*"', [{"LOWER": "very", "OP": "?"}, word("high"), like("^dose")]),
    ('"the" "of"{0,1} "rats"', [word("the"), {"LOWER": "of", "OP": "?"}, word("rats")]),
    ('[lower=mice] | [lower=rats]', [word("mice", "rats")]),
    ('[like_num] ("patients" | "rats")', [{"LIKE_NUM": True}, word("patients", "rats")]),
    ('[is_upper] "receptor"', [{"IS_UPPER": True}, word("receptor")]),
    ('[is_title] "syndrome"', [{"IS_TITLE": True}, word("syndrome")]),
    ('[is_digit] ("mg" | "ml")', [{"IS_DIGIT": True}, word("mg", "ml")]),
    ('[shape=XXX] "cells"', [{"SHAPE": "XXX"}, word("cells")]),
    ('[text=/^[A-Z]{2,}\\d+$/]', [{"TEXT": {"REGEX": r"^[A-Z]{2,}\d+$"}}]),
    ('[lower=/olol$/] ..3 "and"', [like("olol$"), gap(0, 3), word("and")]),
    ('"(" [is_upper] ")"', [word("("), {"IS_UPPER": True}, word(")")]),
    ('"p" ("<" | "=") [like_num]', [word("p"), word("<", "="), {"LIKE_NUM": True}]),
    ('"which" "was"{1,2} "*ed"', [word("which"), {"LOWER": "was", "OP": "{1,2}"}, like(r"\wed$")]),
)  # fmt: skip
REGEXES: dict[str, tuple[str, ...]] = {
    "endings and beginnings of words": (
        r"\b[a-z]{3,}olol\b",
        r"\b[a-z]{3,}(?:pril|sartan)s?\b",
        r"\b[a-z]{2,}statins?\b",
        r"\b\w+mycin\b",
        r"\b[a-z]+(?:cillin|cycline|oxacin)s?\b",
        r"\b\w+(?:zepam|zolam)\b",
        r"\b[a-z]{4,}(?:itis|itides)\b",
        r"\b[a-z]{4,}a?emias?\b",
        r"\b\w+opath(?:y|ies)\b",
        r"\b[a-z]{3,}ases?\b",
        r"\b\w{4,}(?:algia|plegia|uria|penia)\b",
        r"\b(hepato|nephro|cardio|neuro|oto)toxic(ity)?\b",
        r"\bhyper\w+\b",
        r"\banti[a-z]{4,}\b",
    ),
    "numbers with units, doses, ages": (
        r"\b\d+(\.\d+)?\s*(mg|ml|g|micrograms?)(/kg)?\b",
        r"\b\d+(?:\.\d+)?\s?%",
        r"\b\d+(?:[.,]\d+)?\s*(?:mg|g|ml)\s*/\s*(?:kg|m2|day|d|h)\b",
        r"\b\d+\s*(?:to|-)\s*\d+\s*(?:mg|years?|weeks?|days?|hours?)\b",
        r"\b\d+(?:-|\s)(?:year|month|week|day)s?(?:-|\s)old\b",
        r"\b\d+\s*(?:days?|weeks?|months?|years?|h|hours?|min)\b",
        r"\b\d+(?:\.\d+)?\s*(?:[mun]M|[mn]mol)(?:/[lL])?\b",
        r"\b(?:IC50|EC50|LD50|Ki)\b[^.;]{0,40}\b[mun]M\b",
    ),
    "p-values and other statistics": (
        r"\b(p|P)\s*(<|=)\s*0?\.\d+",
        r"\bn\s*=\s*\d+",
        r"\b95\s?%\s*(?:CI|confidence interval)",
        r"\b(?:OR|RR|HR)\s*[=:,]?\s*\d+\.\d+",
        r"\d+(?:\.\d+)?\s*(?:\+/-|±)\s*\d+(?:\.\d+)?",
        r"\b\d+\s*(?:of|/)\s*\d+\s+(?:patients|rats|mice|cases)\b",
        r"\b(19|20)\d\d\b",
    ),
    "names of genes, mutations and substances": (
        r"\b[A-Z]{2,4}-?\d{2,}\b",
        r"\b[A-Z][A-Z0-9]{2,5}\b",
        r"\b[A-Z]\d{1,4}[A-Z]\b",
        r"\b(?:CYP|UGT|ABC)\d?[A-Z]\d*\b",
        r"\b\d+(?:,\d+)*-[a-z]{4,}(?:ine|ol|one|ate|ide)\b",
        r"\[\d{1,3}[A-Z][a-z]?\]-?\w+",
        r"\b(?:alpha|beta|gamma)-?\d?[A-Za-z]?\b",
    ),
    "words with hyphens": (
        r"\b\w+-induced\b",
        r"\b\w+-(associated|related|dependent)\b",
        r"\bnon-[a-z]+\b",
        r"\b[A-Z][a-z]+(?:-[A-Z][a-z]+)+ (?:syndrome|disease)\b",
    ),
    "signs in brackets": (
        r"\([A-Z]{2,6}\)",
        r"\b[a-z]+ [a-z]+ \([A-Z]{2,5}s?\)",
        r"\[[^\]]{3,30}\]",
        r"\((?:n|p|P) ?[=<] ?[\d.]+\)",
    ),
    "phrases": (
        r"\b(acute|chronic) (renal|hepatic|heart|liver) (failure|injury)\b",
        r"\b(?:did|does|do) not (?:\w+ )?(?:cause|induce|increase)\b",
        r"\b[Ii]ncidence of [a-z]+(?: [a-z]+)?\b",
        r"\b(?:side|adverse) (?:effects?|events?|reactions?)\b",
        r"\brisk (?:factors? )?(?:of|for)\b",
        r"\b[a-z]+(?:ing|ed) (?:the )?(?:risk|rate)s?\b",
        r"\b(?:due|secondary|attributed) to\b",
        r"\b(?:caused|induced|produced) by (?:the )?\w+",
        r"\b(?:after|following) \w+ (?:administration|treatment|therapy)\b",
        r"\b(?:patients|subjects) (?:who|that|with) (?:had |were )?\w+",
    ),
    "in any case": (
        r"(?i)\b(?:hepatitis|cirrhosis|jaundice)\b",
        r"(?i)\bcase (?:report|series)\b",
        r"(?i)\b(?:background|objectives?|methods|results|conclusions?):",
    ),
    "look-ahead, look-behind, back-reference": (
        r"\b[a-z]+(?= toxicity\b)",
        r"(?<=treated with )[a-z]+",
        r"\b(\w+) and \1\b",
    ),
}
"""What curators write, by kind, fixed before the engine was tuned on it.

Kinds are those of the rules of tasks/ and of docs/language; none is left out because it is slow.
"""


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
