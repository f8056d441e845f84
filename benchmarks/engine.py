"""The engine against spaCy's Matcher and Python's `re`, one core each, on the same abstracts.

`python benchmarks/engine.py` takes the 500 abstracts of BC5CDR's train part from BIOLABEL_DATA. Each
side gets its ready form of the text (columns here, spaCy's Docs there) and is timed over all patterns,
building of its own index included; the median of five runs counts. Targets: issue 4.
"""

import re
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import spacy
from frame import Row, write
from spacy.matcher import Matcher as SpacyMatcher
from spacy.tokens import Doc

from biolabel.apply.candidates import document_frame
from biolabel.apply.knowledge import Knowledge
from biolabel.apply.patterns import Matcher
from biolabel.apply.regexes import regex_matches, sentence_texts
from biolabel.apply.scene import Scene
from biolabel.apply.terms import TermFinder
from biolabel.compile.lower import compile_program
from biolabel.compile.plan import Plan
from biolabel.data.corpus import Corpus
from biolabel.data.mentions import joined
from biolabel.lang import tree
from biolabel.lang.load import load
from biolabel.resources import data_root
from biolabel.text.build import corpus_of
from biolabel.text.formats.pubtator import read
from biolabel.text.rejects import Rejects

TARGET = 30.0
RUNS = 5


def word(*forms: str) -> dict[str, object]:
    """Return spaCy's test of one word."""
    return {"LOWER": {"IN": list(forms)}}


def starting(stem: str) -> dict[str, object]:
    """Return spaCy's test of a word that starts with a stem."""
    return {"LOWER": {"REGEX": f"^{stem}"}}


def gap(low: int, high: int) -> dict[str, object]:
    """Return spaCy's test of a number of words of any kind."""
    return {"OP": f"{{{low},{high}}}"}


PATTERNS: tuple[tuple[str, list[dict[str, object]]], ...] = (
    ('"due to"', [word("due"), word("to")]),
    ('"associated with"', [word("associated"), word("with")]),
    ('"induced" | "caused"', [word("induced", "caused")]),
    ('"treat*"', [starting("treat")]),
    ('("side" | "adverse") ("effects" | "reactions")',
     [word("side", "adverse"), word("effects", "reactions")]),
    ('("cause" | "causes" | "caused") ..4 "by"', [word("cause", "causes", "caused"), gap(0, 4), word("by")]),
    ('"patients" ..5 "with"', [word("patients"), gap(0, 5), word("with")]),
    ('"no" ..3 ("effect" | "difference")', [word("no"), gap(0, 3), word("effect", "difference")]),
    ('"develop*" ..6 ("after" | "during")', [starting("develop"), gap(0, 6), word("after", "during")]),
    ('"increase*" ..2 "in" ..3 "pressure"',
     [starting("increase"), gap(0, 2), word("in"), gap(0, 3), word("pressure")]),
)  # fmt: skip
_ENDINGS = (
    "azole cillin mycin dipine olol pril sartan statin zepam caine barbital oxacin tidine triptyline "
    "setron platin rubicin taxel phylline profen cycline thiazide itis emia osis pathy algia plegia "
    "uria oma megaly spasm kinesia trophy penia rrhea sclerosis thmia"
)
REGEXES = (
    *(rf"\b[a-z]{{2,}}{ending}s?\b" for ending in _ENDINGS.split()),
    r"\b\d+(\.\d+)?\s*(mg|ml|g|micrograms?)(/kg)?\b",
    r"\b(p|P)\s*(<|=)\s*0?\.\d+",
    r"\b[A-Z]{2,4}-?\d{2,}\b",
    r"\([A-Z]{2,6}\)",
    r"\b(hepato|nephro|cardio|neuro|oto)toxic(ity)?\b",
    r"\b\w+-induced\b",
    r"\b\w+-(associated|related)\b",
    r"\bn\s*=\s*\d+",
    r"\b(19|20)\d\d\b",
    r"\b(acute|chronic) (renal|hepatic|heart|liver) (failure|injury)\b",
)


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
        raise SystemExit(f"the benchmark's own rules do not load: {checked.diagnostics}")
    plan = compile_program(checked.program).plan
    if plan is None:
        raise SystemExit("the benchmark's own rules do not compile")
    return plan


def seconds(run: Callable[[], object]) -> float:
    """Return the median time of a few runs, in seconds of one core."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return median(times)


def ours(corpus: Corpus, plan: Plan) -> list[set[tuple[int, int, int]]]:
    """Return where each pattern matches: document, start and end in characters."""
    scene = Scene(corpus, plan, TermFinder(corpus, Knowledge({}, {})), joined([]))
    matcher = Matcher(scene, document_frame(corpus))
    found = []
    for rule in plan.tasks[0].rules:
        if not isinstance(rule.when, tree.Has):
            raise SystemExit("a benchmark rule is more than `document has ...`")
        hits = matcher.find(rule.when.pattern)
        places = np.stack(
            [corpus.row_doc[hits.first], corpus.row_start[hits.first], corpus.row_end[hits.end - 1]]
        )
        found.append(set(zip(*places.tolist(), strict=True)))
    return found


def theirs(docs: list[Doc], matcher: SpacyMatcher) -> list[set[tuple[int, int, int]]]:
    """Return the same from spaCy's matcher."""
    found: list[set[tuple[int, int, int]]] = [set() for _ in PATTERNS]
    for number, doc in enumerate(docs):
        for key, start, end in matcher(doc):
            span = doc[start:end]
            name = doc.vocab.strings[key]
            found[int(name)].add((number, span.start_char, span.end_char))
    return found


def regex_rows(corpus: Corpus) -> list[Row]:
    """Time the regular expressions."""
    patterns = [re.compile(source) for source in REGEXES]

    def one_by_one() -> int:
        texts = corpus.texts
        return sum(1 for p in patterns for text in texts for _ in p.finditer(text))

    def engine() -> int:
        texts = sentence_texts(corpus)
        return sum(len(regex_matches(texts, tree.Regex(source))) for source in REGEXES)

    rival, own = seconds(one_by_one), seconds(engine)
    name = f"{len(REGEXES)} regular expressions, times as fast as `re` one by one"
    return [
        Row(name, rival / own, TARGET, "x", rival / own >= TARGET),
        Row("`re` one by one", rival, unit="s"),
        Row("matches of the engine, as share of those of `re`", engine() / one_by_one()),
    ]


def main() -> None:
    """Run the benchmark."""
    path = data_root() / "corpora" / "cdr" / "train.pubtator.gz"
    if not path.is_file():
        raise SystemExit(f"{path} is missing: set BIOLABEL_DATA to the folder of the corpora")
    corpus = corpus_of(read(path, Rejects()))
    nlp = spacy.blank("en")
    docs = [nlp.make_doc(text) for text in corpus.texts]
    matcher = SpacyMatcher(nlp.vocab)
    for i, (_, pattern) in enumerate(PATTERNS):
        matcher.add(str(i), [pattern])
    with TemporaryDirectory() as folder:
        plan = plan_of_patterns(Path(folder))
    rival, own = seconds(lambda: theirs(docs, matcher)), seconds(lambda: ours(corpus, plan))
    found, expected = ours(corpus, plan), theirs(docs, matcher)
    shared = sum(len(a & b) for a, b in zip(found, expected, strict=True))
    name = f"{len(PATTERNS)} phrase and gap patterns, times as fast as spaCy's Matcher"
    write(
        "engine",
        [
            Row(name, rival / own, TARGET, "x", rival / own >= TARGET),
            Row("spaCy's Matcher", rival, unit="s"),
            Row("its matches that the engine finds too", shared / sum(map(len, expected))),
            *regex_rows(corpus),
        ],
    )


if __name__ == "__main__":
    main()
