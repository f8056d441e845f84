from collections.abc import Callable, Mapping

import numpy as np

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.ontologies import OntologyIndex
from biolabel.apply.terms import Hits, TermFinder, find_terms
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document
from biolabel.kb.ontology import Ontology
from biolabel.kb.terms import CasePolicy, build_terms
from biolabel.text.build import Abbreviation, Annotation
from tests.unit.apply.world import corpus, ontology, text_of

NAMES = {
    "X:1": ("heart failure",),
    "X:2": ("failure",),
    "X:3": ("5-HT",),
    "X:4": ("naïve cells", "vitamin B12 (oral)"),
    "X:5": ("heart",),
}


def finder(over: Corpus, *via: str) -> TermFinder:
    return TermFinder(over, Knowledge({"o": ontology(NAMES, "A", *via)}, {}))


def listed(found: TermFinder, via: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    hits, terms = found.hits("o", via), found.terms("o", via or ("exact",))
    return [
        (text_of(found.corpus, int(first), int(end)), terms.keys[term])
        for first, end, term in zip(hits.first, hits.end, hits.term, strict=True)
    ]


def test_all_names_are_found_overlapping_ones_too() -> None:
    assert listed(finder(corpus("Heart-failure and failure"))) == [
        ("Heart", "heart"),
        ("Heart-failure", "heart failure"),
        ("failure", "failure"),
        ("failure", "failure"),
    ]


def test_names_at_the_borders_of_sentences_and_documents() -> None:
    over = corpus("Failure heart. Failure", "heart", "failure. Heart failure")
    assert [text for text, _ in listed(finder(over))] == [
        "Failure", "heart", "Failure", "heart", "failure", "Heart", "Heart failure", "failure",
    ]  # fmt: skip


def test_names_are_whole_rows() -> None:
    assert listed(finder(corpus("hearty failures 15-HT 5HT"))) == []
    assert listed(finder(corpus("5-ht, 5 HT"))) == [("5-ht", "5 ht"), ("5 HT", "5 ht")]


def test_signs_and_other_letters() -> None:
    over = corpus("Αβ Naïve cells é vitamin b12 (oral) and vitamin B12 oral")
    assert listed(finder(over)) == [
        ("Naïve cells", "naïve cells"),
        ("vitamin b12 (oral)", "vitamin b12 ( oral )"),
    ]


def test_nothing_to_find() -> None:
    over = corpus("a b")
    hits = find_terms(over, build_terms({"X:1": ("c d",)}), abbreviations=False)
    assert isinstance(hits, Hits)
    assert len(hits.first) == len(hits.end) == len(hits.term) == 0


def test_variants_are_asked_for() -> None:
    over = corpus("failures and heart failures")
    assert listed(finder(over)) == [("heart", "heart")]
    plural = finder(over, "plural")
    assert plural.terms("o", ("plural",)) is plural.terms("o", ("exact", "plural"))
    hits = plural.hits("o")
    assert len(hits.first) == 4
    assert plural.hits("o", ("plural",)) is hits


def abbreviated_as(long_form: str) -> Callable[[Document], Annotation]:
    def annotate(document: Document) -> Annotation:
        text = document.text
        long = text.find(long_form)
        shorts = [i for i in range(len(text)) if text.startswith("HF", i) and long >= 0]
        found = (Abbreviation(i, i + 2, long, long + len(long_form)) for i in shorts)
        return Annotation((), tuple(found))

    return annotate


abbreviated = abbreviated_as("heart failure")


def test_short_forms_stand_for_their_long_forms() -> None:
    over = corpus("HF is heart failure (HF)", "HF alone", annotate=abbreviated)
    assert [t for t, _ in listed(finder(over), ("abbreviation",))] == [
        "HF", "heart", "heart failure", "failure", "HF",
    ]  # fmt: skip
    assert "HF" not in [t for t, _ in listed(finder(over), ("exact",))]


def test_a_definition_outweighs_a_name() -> None:
    over = corpus("HF is heart failure (HF)", "HF alone", annotate=abbreviated)
    names = {"X:9": ("hf",)}
    found = TermFinder(over, Knowledge({"o": ontology(names, "A", "abbreviation")}, {}))
    assert listed(found) == [("HF", "hf")]
    assert over.row_doc[found.hits("o").first].tolist() == [1]


def test_hits_are_sorted() -> None:
    rng = np.random.default_rng(1)
    over = corpus(" ".join(rng.choice(["heart", "failure", "HF", "."], 200)))
    hits = finder(over).hits("o")
    keys = hits.first.astype(np.int64) * 1000 + hits.end
    assert (np.diff(keys) > 0).all()
    assert len(keys) > 50


def cased(over: Corpus, case: CasePolicy, *via: str) -> list[str]:
    names = {"X:1": ("ALL",), "X:2": ("Failure",)}
    index = OntologyIndex(Ontology(names), "A", via or ("exact",), case)
    hits = TermFinder(over, Knowledge({"o": index}, {})).hits("o")
    return [
        text_of(over, int(first), int(end)) for first, end in zip(hits.first, hits.end, strict=True)
    ]


def test_case_counts_as_far_as_it_is_said() -> None:
    over = corpus("All in all, ALL and ALLs, failure, Failure FAILURE")
    assert cased(over, "fold") == ["All", "all", "ALL", "failure", "Failure", "FAILURE"]
    assert cased(over, "smart") == ["ALL", "failure", "Failure", "FAILURE"]
    assert cased(over, "exact") == ["ALL", "Failure"]
    assert cased(over, "smart", "plural") == ["ALL", "failure", "Failure", "FAILURE"]


def test_slips_are_found_as_their_names() -> None:
    over = corpus("Heart-failurre and heart faillure, or failing; vitamins B12")
    assert listed(finder(over, "fuzzy 0.9"), ("fuzzy 0.9",)) == [
        ("Heart", "heart"), ("Heart-failurre", "heart failure"), ("failurre", "failure"),
        ("heart", "heart"), ("heart faillure", "heart failure"), ("faillure", "failure"),
    ]  # fmt: skip
    assert len(listed(finder(over), ("exact",))) == 2


def test_slips_are_found_in_long_forms_too() -> None:
    over = corpus("HF is heart failurre (HF)", annotate=abbreviated_as("heart failurre"))
    assert [t for t, _ in listed(finder(over), ("abbreviation", "fuzzy 0.9"))] == [
        "HF", "heart", "heart failurre", "failurre", "HF",
    ]  # fmt: skip


def bare(text: str, names: Mapping[str, tuple[str, ...]], *via: str) -> list[str]:
    index = ontology(names, "A", *(via or ("fuzzy 0.93",)))
    found = TermFinder(corpus(text), Knowledge({"o": index}, {}))
    hits, terms = found.hits("o"), found.terms("o", index.via)
    return [
        f"{text_of(found.corpus, int(first), int(end))}={terms.concepts[term][0]}"
        for first, end, term in zip(hits.first, hits.end, hits.term, strict=True)
    ]


AAF = {"X:1": ("2-acetylaminofluorene",)}


def test_what_stands_in_front_of_a_name_may_be_missing() -> None:
    assert bare("Given acetylaminofluorene.", AAF) == ["acetylaminofluorene=X:1"]
    assert bare("Given acetylaminofluorene.", AAF, "plural", "spelling") == []
    plural = bare("Given acetylaminofluorenes.", AAF, "plural", "fuzzy 0.93")
    assert plural == ["acetylaminofluorenes=X:1"]


def test_where_a_name_stands_none_is_missing_anything() -> None:
    names = AAF | {"X:2": ("acetylaminofluorene test",), "X:3": ("failure",)}
    assert bare("the acetylaminofluorene test", names) == ["acetylaminofluorene test=X:2"]
    assert bare("2-acetylaminofluorene", names) == ["2-acetylaminofluorene=X:1"]
    found = bare("failurre, acetylaminofluorene", names)
    assert found == ["failurre=X:3", "acetylaminofluorene=X:1"]


def test_another_locant_makes_another_name() -> None:
    assert bare("3-acetylaminofluorene and (S)-acetylaminofluorene", AAF) == []
    assert len(bare("a/acetylaminofluorene, (acetylaminofluorene)", AAF)) == 2


def test_short_forms_of_names_without_their_front() -> None:
    index = ontology(AAF, "A", "abbreviation", "fuzzy 0.93")
    over = corpus("acetylaminofluorene (HF)", annotate=abbreviated_as("acetylaminofluorene"))
    assert len(TermFinder(over, Knowledge({"o": index}, {})).hits("o").first) == 2
