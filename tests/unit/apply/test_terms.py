import numpy as np

from biolabel.apply.knowledge import Knowledge
from biolabel.apply.terms import Hits, TermFinder, encode_rows, find_terms
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document
from biolabel.kb.terms import build_terms
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


def test_each_row_has_its_offset() -> None:
    text, starts = encode_rows(corpus("a é. B", "c"))
    assert text == "\n\x01a\x02\x01é\x02\x01.\x02\n\x01b\x02\n\x01c\x02"
    assert starts.tolist() == [0, 4, 7, 10, 14, 18]


def test_nothing_to_find() -> None:
    over = corpus("a b")
    hits = find_terms(over, encode_rows(over), build_terms({"X:1": ("c d",)}), abbreviations=False)
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


def abbreviated(document: Document) -> Annotation:
    text = document.text
    shorts = [i for i in range(len(text)) if text.startswith("HF", i)]
    long = text.index("heart failure") if "heart failure" in text else None
    found = [] if long is None else [Abbreviation(i, i + 2, long, long + 13) for i in shorts]
    return Annotation((), tuple(found))


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
