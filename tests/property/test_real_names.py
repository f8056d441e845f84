"""MeSH's names in real abstracts: the same hits as from a dictionary, asked stretch by stretch."""

from itertools import islice
from pathlib import Path

import pytest

from biolabel.apply.terms import find_terms
from biolabel.kb.forms import Ways
from biolabel.kb.sources import Source, read_ontology
from biolabel.kb.terms import CasePolicy, build_terms
from biolabel.text.build import corpus_of
from biolabel.text.formats.pubtator import read
from biolabel.text.rejects import Rejects

DOCUMENTS = 100


@pytest.mark.data
@pytest.mark.parametrize("case", ["fold", "smart"])
def test_hits_are_those_of_a_dictionary(data_root: Path, case: CasePolicy) -> None:
    path = data_root / "corpora" / "cdr" / "train.pubtator.gz"
    corpus = corpus_of(islice(read(path, Rejects()), DOCUMENTS))
    names = read_ontology(Source("catalog", ("mesh_diseases",))).names
    terms = build_terms(names, Ways(plural=True), case=case)
    numbers: dict[tuple[str, str | None], int] = {
        entry: i for i, entry in enumerate(zip(terms.keys, terms.spellings, strict=True))
    }
    longest = max(key.count(" ") for key in terms.keys) + 1
    forms = [corpus.forms[form] for form in corpus.row_form]
    lowers = [corpus.lowers[lower] for lower in corpus.row_lower]
    expected = [
        (first, end, term)
        for first, sentence in enumerate(corpus.row_sentence.tolist())
        for end in range(
            first + 1, min(first + longest, int(corpus.sentence_end_row[sentence])) + 1
        )
        for form in (None, " ".join(forms[first:end]))
        if (term := numbers.get((" ".join(lowers[first:end]), form))) is not None
    ]
    hits = find_terms(corpus, terms, abbreviations=False)
    columns = (hits.first.tolist(), hits.end.tolist(), hits.term.tolist())
    assert list(zip(*columns, strict=True)) == sorted(expected)
    assert len(expected) > 500
