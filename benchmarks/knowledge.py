"""Looking up 130,000 names of MeSH against spaCy's PhraseMatcher, one core each, on the same abstracts.

`python benchmarks/knowledge.py` takes the 500 abstracts of BC5CDR's train part and MeSH's entry terms
from BIOLABEL_DATA. Both sides look for the same names in any case, once from names and texts as
strings, and once with both made ready (spaCy's Docs and filled matcher; our index of names and
columns, where picking the names that can occur and building the automaton still count). Target: issue 4.
"""

import time
from collections.abc import Callable, Sequence
from statistics import median

import numpy as np
import spacy
from frame import Row, write
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from biolabel.apply.terms import find_terms
from biolabel.data.corpus import Corpus
from biolabel.data.words import key_of
from biolabel.kb.sources import Source, read_ontology
from biolabel.kb.terms import Terms, build_terms
from biolabel.resources import data_root
from biolabel.text.build import corpus_of
from biolabel.text.formats.pubtator import read
from biolabel.text.rejects import Rejects

Place = tuple[int, int, int]
"""A document's number, and start and end in characters."""
TARGET = 20.0


def seconds(run: Callable[[], object], runs: int) -> float:
    """Return the median time of some runs, in seconds of one core."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return median(times)


def ours(corpus: Corpus, terms: Terms) -> set[Place]:
    """Return where names stand."""
    hits = find_terms(corpus, terms, abbreviations=False)
    places = np.stack(
        [corpus.row_doc[hits.first], corpus.row_start[hits.first], corpus.row_end[hits.end - 1]]
    )
    return set(zip(*places.tolist(), strict=True))


def theirs(docs: Sequence[Doc], matcher: PhraseMatcher) -> set[Place]:
    """Return the same from spaCy's matcher."""
    found = set()
    for number, doc in enumerate(docs):
        for _, start, end in matcher(doc):
            span = doc[start:end]
            found.add((number, span.start_char, span.end_char))
    return found


def filled(nlp: Language, names: Sequence[str]) -> PhraseMatcher:
    """Return spaCy's matcher of names in any case."""
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    matcher.add("name", [nlp.make_doc(name) for name in names])
    return matcher


def main() -> None:
    """Run the benchmark."""
    path = data_root() / "corpora" / "cdr" / "train.pubtator.gz"
    if not path.is_file():
        raise SystemExit(f"{path} is missing: set BIOLABEL_DATA to the folder of the corpora")
    documents = list(read(path, Rejects()))
    texts = [document.text for document in documents]
    names = {
        concept: found
        for name in ("mesh_chemicals", "mesh_diseases")
        for concept, found in read_ontology(Source("catalog", (name,))).names.items()
    }
    written = sorted({text for found in names.values() for text in found})

    def all_of_theirs() -> set[Place]:
        # A fresh pipeline, as the old one remembers every word that it has cut, as ours does names.
        fresh = spacy.blank("en")
        return theirs([fresh.make_doc(text) for text in texts], filled(fresh, written))

    def all_of_ours() -> set[Place]:
        key_of.cache_clear()
        return ours(corpus_of(documents), build_terms(names))

    nlp = spacy.blank("en")
    matcher, docs = filled(nlp, written), [nlp.make_doc(text) for text in texts]
    corpus, terms = corpus_of(documents), build_terms(names)
    whole = seconds(all_of_theirs, 1), seconds(all_of_ours, 1)
    ready = seconds(lambda: theirs(docs, matcher), 5), seconds(lambda: ours(corpus, terms), 5)
    found, expected = ours(corpus, terms), theirs(docs, matcher)
    title = f"{len(written):,} names, times as fast as spaCy's PhraseMatcher"
    ratio = whole[0] / whole[1]
    write(
        "knowledge",
        [
            Row(f"{title}, from strings", ratio, TARGET, "x", ratio >= TARGET),
            Row("spaCy's PhraseMatcher, from strings", whole[0], unit="s"),
            Row(f"{title}, all made ready", ready[0] / ready[1], unit="x"),
            Row("spaCy's PhraseMatcher, all made ready", ready[0], unit="s"),
            Row("its matches that we find too", len(found & expected) / len(expected)),
            Row("our matches, as share of its", len(found) / len(expected)),
        ],
    )


if __name__ == "__main__":
    main()
