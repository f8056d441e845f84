"""What names without their prefix find, `via fuzzy`: `python benchmarks/fuzzy.py`, on the training parts.

Two questions. In the texts as they are: how many hits lack what stands in front of the name (`kb.bare`), and
which of them are gold mentions, of the same concept. And of gold mentions that begin with a locant or the
like, each different one cut to what remains: how many are found by this, how many mean the same. Each
vocabulary is asked alone, and what they find is added up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from frame import ROOT, Row, write
from normalisation import CASES

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.terms import TermFinder
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Passage
from biolabel.data.words import key_of
from biolabel.kb.bare import bare_key
from biolabel.text.build import corpus_of
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects
from biolabel.workflow.normalise.vocabulary import named_vocabulary
from biolabel.workflow.settings import load_task

WAYS = ("plural", "reorder", "spelling", "fuzzy 0.93")
GROUPS = (
    *((f"{case.task}, MeSH and MEDIC", case.task, case.vocabulary) for case in CASES),
    ("cdr, DrugBank", "cdr", ("Chemical=drugbank",)),
)
"""Title, task and vocabularies of what is counted together."""


def main() -> None:
    """Count in both training parts, write a file of results."""
    write("fuzzy", [row for group in GROUPS for row in rows(*group)])


def rows(title: str, task: str, names: Sequence[str]) -> Iterator[Row]:
    """Yield the counts of some vocabularies in the training part of a task."""
    path = load_task(ROOT / "tasks" / task).documents("corpus")
    if path is None:
        raise SystemExit(f"tasks/{task} names no documents")
    documents = list({each.id: each for each in read_documents(path, Rejects())}.values())
    gold = {
        (number, mention.start, mention.end): frozenset(mention.concepts)
        for number, document in enumerate(documents)
        for mention in document.mentions
    }
    texts = corpus_of(documents)
    hits = [hit for name in names for hit in bare_hits(texts, name)]
    mentions = [(gold[place], concepts) for place, concepts in hits if place in gold]
    yield Row(f"{title}: hits without a prefix", len(hits))
    yield Row(f"{title}: of these gold mentions", len(mentions))
    yield Row(f"{title}: of these the right concept", _same(mentions))
    meant = dict(_cut(documents))
    cut = [Document(str(i), (Passage("title", 0, text),)) for i, text in enumerate(meant)]
    short = corpus_of(cut)
    found = [
        (concepts, meant[cut[number].text])
        for name in names
        for (number, start, end), concepts in bare_hits(short, name)
        if (start, end) == (0, len(cut[number].text))
    ]
    yield Row(f"{title}: gold mentions cut to what remains", len(cut))
    yield Row(f"{title}: of these found", len(found))
    yield Row(f"{title}: of these the right concept, cut", _same(found))


def bare_hits(corpus: Corpus, name: str) -> Iterator[tuple[tuple[int, int, int], frozenset[str]]]:
    """Yield document, start, end and concepts of each hit that lacks what stands in front of its name."""
    index = replace(named_vocabulary((name,)).parts[0].sought, via=WAYS)
    hits, terms = TermFinder(corpus, Knowledge({"": index}, {})).hits(""), index.terms(WAYS)
    columns = (hits.first.tolist(), hits.end.tolist(), hits.term.tolist())
    for first, end, term in zip(*columns, strict=True):
        key = terms.keys[term]
        text = " ".join(corpus.lowers[row] for row in corpus.row_lower[first:end].tolist())
        if text == bare_key(key) != key:
            place = int(corpus.row_doc[first]), int(corpus.row_start[first])
            yield (*place, int(corpus.row_end[end - 1])), frozenset(terms.concepts[term])


def _cut(documents: Iterable[Document]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield gold mentions without what stands in front of them, with their concepts."""
    for document in documents:
        for mention in document.mentions:
            key = key_of(document.text[mention.start : mention.end])
            if bare_key(key) != key:
                yield bare_key(key), frozenset(mention.concepts)


def _same(pairs: Sequence[tuple[frozenset[str], frozenset[str]]]) -> int:
    return sum(bool(one & other) for one, other in pairs)


if __name__ == "__main__":
    main()
