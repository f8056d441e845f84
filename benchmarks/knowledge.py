"""Looking up 134,000 names of MeSH in 10 MB of text against spaCy's PhraseMatcher, one core each.

`python benchmarks/knowledge.py` looks for MeSH's chemicals and diseases, in any case, in the abstracts
of BIOLABEL_DATA and changed copies of them (`texts.py`). Times are of the process, the median of five
runs in turns, in three parts:

- from raw texts: the names are ready on both sides. spaCy cuts the texts with the tokenizer of its blank
  English pipeline and matches; we cut them into rows (`biolabel.data.rows`) and walk our trie.
- from ready texts: spaCy has its Docs, we have the columns of rows.
- names: spaCy cuts the names and fills its matcher; we normalize them and build the trie, and open the
  index that is kept of them, as every later run does, which checks every byte. All variants are plural,
  order of words and spelling.

Several ontologies are those of `SEVERAL`, with plurals: a walk through one automaton of all against one
walk for each, and what joining their automata costs when one of them has changed.

Both sides return matches as token numbers; places in characters are compared outside the timing. What
only we find is mostly beside soft signs (hyphens, slashes, apostrophes), which make no row for us and
tokens for spaCy; the rest beside brackets and full stops that spaCy leaves at a word: "K(ATP)" and
"hepatitis C.". Target: issue 4, of the first part; issue 5 asks for 25 MB/s, for names built
in 5 s and opened in 0.1 s.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import spacy
from frame import Row, write
from numpy.typing import NDArray
from rich.console import Console
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from texts import abstracts, grown

from biolabel.data.rows import Rows, lowered, rows_of_all
from biolabel.data.words import SOFT
from biolabel.kb.forms import Ways
from biolabel.kb.kept import keep, opened
from biolabel.kb.lexicon import lexicon_of
from biolabel.kb.sources import Source, read_ontology
from biolabel.kb.terms import Terms, build_terms
from biolabel.kb.trie import Trie

Ints = NDArray[np.int32]
Place = tuple[int, int, int]
"""A text's number, and start and end in characters."""
TARGET = 20.0
RUNS = 5
CHARACTERS = 10_000_000
EVERY = Ways(plural=True, reorder=True, spelling=True)
SPEED, BUILT, OPENED = 25.0, 5.0, 0.1
SEVERAL = (
    "mesh_chemicals",
    "mesh_diseases",
    "medic_diseases",
    "disease_ontology_2026",
    "hpo_lay_terms",
)


def seconds(*runs: Callable[[], object], times: int = RUNS) -> list[float]:
    """Return the median time of each of some runs, taken in turns, in seconds of one core."""
    taken: list[list[float]] = [[] for _ in runs]
    for _ in range(times):
        for run, own in zip(runs, taken, strict=True):
            start = time.process_time()
            run()
            own.append(time.process_time() - start)
    return [median(own) for own in taken]


def columns(texts: Sequence[str]) -> tuple[Rows, list[str], Ints]:
    """Return the rows of texts, their different lower-cased words and which of them each row is."""
    rows = rows_of_all(texts)
    lowers = lowered(rows.forms.to_pylist())
    numbers = {word: number for number, word in enumerate(dict.fromkeys(lowers))}
    of_form = np.array([numbers[word] for word in lowers], dtype=np.int32)
    return rows, list(numbers), of_form[rows.form]


def names_of(*catalog: str) -> dict[str, tuple[str, ...]]:
    """Return the names of entries of the catalog."""
    read = [read_ontology(Source("catalog", (name,))).names for name in catalog]
    return {concept: found for names in read for concept, found in names.items()}


def ours(trie: Trie, ready: tuple[Rows, list[str], Ints]) -> tuple[Ints, Ints, Ints]:
    """Return where names stand: first and end row, and name."""
    rows, lowers, ids = ready
    return trie.find(lowers, ids, rows.first[:-1].astype(np.int32))


def theirs(matcher: PhraseMatcher, docs: Sequence[Doc]) -> list[list[tuple[int, int, int]]]:
    """Return the same from spaCy's matcher: name, first and end token in each document."""
    return [matcher(doc) for doc in docs]


def filled(nlp: Language, names: Sequence[str]) -> PhraseMatcher:
    """Return spaCy's matcher of names in any case."""
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    matcher.add("name", [nlp.make_doc(name) for name in names])
    return matcher


def our_places(rows: Rows, first: Ints, end: Ints) -> set[Place]:
    """Return where rows stand."""
    text = np.searchsorted(rows.first, first, side="right") - 1
    places = (text, rows.start[first], rows.end[end - 1])
    return set(zip(*(column.tolist() for column in places), strict=True))


def their_places(docs: Sequence[Doc], found: list[list[tuple[int, int, int]]]) -> set[Place]:
    """Return where tokens stand."""
    return {
        (number, docs[number][start].idx, docs[number][end - 1].idx + len(docs[number][end - 1]))
        for number, matches in enumerate(found)
        for _, start, end in matches
    }


def main() -> None:
    """Run the benchmark."""
    texts = grown(abstracts(), CHARACTERS, np.random.default_rng(0))
    size = sum(map(len, texts)) / 1e6
    names = names_of("mesh_chemicals", "mesh_diseases")
    written = sorted({text for found in names.values() for text in found})
    nlp = spacy.blank("en")
    matcher = filled(nlp, written)
    terms: Terms = build_terms(names)
    trie = terms.folded
    raw = seconds(
        lambda: theirs(matcher, [nlp.make_doc(text) for text in texts]),
        lambda: ours(trie, columns(texts)),
    )
    docs, ready = [nlp.make_doc(text) for text in texts], columns(texts)
    made = seconds(lambda: theirs(matcher, docs), lambda: ours(trie, ready))
    # A fresh pipeline, as the old one remembers every word that it has cut.
    built = seconds(
        lambda: filled(spacy.blank("en"), written), lambda: build_terms(names).folded, times=1
    )
    (varied,) = seconds(lambda: build_terms(names, EVERY), times=3)
    with TemporaryDirectory() as folder:
        plain, full = Path(folder) / "plain", Path(folder) / "full"
        keep(terms, plain)
        keep(build_terms(names, EVERY), full)
        reopened = seconds(lambda: opened(plain), lambda: opened(full))
    several = [build_terms(names_of(name), Ways(plural=True)) for name in SEVERAL]
    (joining,) = seconds(lambda: lexicon_of(several), times=3)
    lexicon = lexicon_of(several)
    walks = seconds(
        lambda: [ours(each.folded, ready) for each in several],
        lambda: lexicon.shares(*ours(lexicon.folded, ready)),
    )
    first, end, _ = ours(trie, ready)
    found, expected = our_places(ready[0], first, end), their_places(docs, theirs(matcher, docs))
    title = f"{len(written):,} names in {size:.1f} MB, times as fast as spaCy's PhraseMatcher"
    write(
        "knowledge",
        [
            Row(
                f"{title}: from raw texts", raw[0] / raw[1], TARGET, "x", raw[0] / raw[1] >= TARGET
            ),
            Row("we, from raw texts", size / raw[1], SPEED, "MB/s", size / raw[1] >= SPEED),
            Row("spaCy, from raw texts", size / raw[0], unit="MB/s"),
            Row("times as fast, from ready Docs and columns", made[0] / made[1], unit="x"),
            Row("we, from ready columns", size / made[1], unit="MB/s"),
            Row("spaCy, from ready Docs", size / made[0], unit="MB/s"),
            Row("times as fast, building the names", built[0] / built[1], unit="x"),
            Row("we, building the names", built[1], unit="s"),
            Row("spaCy, building the names", built[0], unit="s"),
            Row("we, building them with all variants", varied, BUILT, "s", varied < BUILT),
            Row(
                "we, opening the index that is kept", reopened[0], OPENED, "s", reopened[0] < OPENED
            ),
            Row("the same with all variants", reopened[1], OPENED, "s", reopened[1] < OPENED),
            Row(f"{len(SEVERAL)} ontologies, a walk for each", walks[0], unit="s"),
            Row("one walk for all, hits parted", walks[1], unit="s"),
            Row("joining their automata", joining, unit="s"),
            Row("its matches that we find too", len(found & expected) / len(expected)),
            Row("our matches, as share of its", len(found) / len(expected)),
        ],
    )
    for title, places in (("only spaCy", expected - found), ("only we", found - expected)):
        soft = sum(_beside_soft(texts[n], start, end) for n, start, end in places)
        shown = sorted({texts[n][start:end] for n, start, end in places})[:20]
        told = (
            f"{title}: {len(places):,} places, {soft:,} over or beside soft signs, such as {shown}"
        )
        Console().print(told, markup=False)


def _beside_soft(text: str, start: int, end: int) -> bool:
    return not SOFT.isdisjoint(text[max(start - 1, 0) : end + 1])


if __name__ == "__main__":
    main()
