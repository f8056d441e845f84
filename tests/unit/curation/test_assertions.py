from collections.abc import Sequence

import numpy as np
import pytest

from biolabel.curation import Assertion, Base, Known, Statement, build_assertions, surface_names
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.data.votes import TaskVotes
from biolabel.errors import CorpusError
from biolabel.kb.pairs import PairIndex
from biolabel.text.build import corpus_of

CID = Task("cid", "relation", ("none", "causes", "treats"))
NONE, CAUSES, TREATS = 1, 2, 4
DRUG, TREMOR = "MESH:D1", "MESH:D2"


def document(name: str, title: str, abstract: str, *mentions: Mention) -> Document:
    passages = (Passage("title", 0, title), Passage("abstract", len(title) + 1, abstract))
    return Document(name, passages, mentions)


def mention(document: Document, text: str, type: str, *concepts: str) -> Mention:
    start = document.text.index(text)
    return Mention(start, start + len(text), type, concepts)


BARE = document("1", "Lithium and tremor", "Lithium caused tremor. No tremor. It was mild.")
FIRST = Document(
    "1",
    BARE.passages,
    (mention(BARE, "Lithium", "Chemical", DRUG), mention(BARE, "tremor", "Disease", TREMOR)),
)
SECOND = document("2", "Tremor", "Lithium spared them. One man fell. His tremor was old.")
CORPUS = corpus_of([FIRST, SECOND])
KNOWS_OTHERS = Known({"ctd": Base(PairIndex({"": {}}), labels=frozenset({"causes"}))})


def rows(corpus: Corpus, doc: int, start: str, end: str) -> tuple[int, int]:
    """Return the rows from the last occurrence of one text to the last one of another."""
    text = corpus.texts[doc]
    low, high = text.rindex(start), text.rindex(end) + len(end)
    inside = (corpus.row_doc == doc) & (corpus.row_start >= low) & (corpus.row_end <= high)
    found = np.flatnonzero(inside)
    return int(found[0]), int(found[-1]) + 1


def votes(
    cast: Sequence[tuple[int, str, int, tuple[int, int]]],
    candidates: Sequence[tuple[int, str, str]] = ((0, DRUG, TREMOR), (1, DRUG, TREMOR)),
) -> TaskVotes:
    """Return votes given as (candidate, rule, mask, rows), sorted by candidate."""
    names = sorted({name for _, name, _, _ in cast})
    return TaskVotes(
        LabelMatrix(
            CID,
            tuple(map(LabelingFunction, names)),
            len(candidates),
            np.array([c for c, _, _, _ in cast], dtype=np.int32),
            np.array([names.index(name) for _, name, _, _ in cast], dtype=np.int16),
            np.array([mask for _, _, mask, _ in cast], dtype=np.int64),
        ),
        np.array([r for _, _, _, r in cast], dtype=np.int32).reshape(-1, 2),
        np.array([doc for doc, _, _ in candidates], dtype=np.int32),
        tuple(subject for _, subject, _ in candidates),
        tuple(target for _, _, target in candidates),
    )


def predicted(source: Document, *probabilities: float, label: str = "causes") -> Document:
    relations = tuple(Relation("cid", DRUG, TREMOR, label, p) for p in probabilities)
    return Document(source.id, source.passages, source.mentions, relations)


def only(found: tuple[Assertion, ...]) -> Assertion:
    assert len(found) == 1
    return found[0]


def test_probabilities_of_documents_are_joined() -> None:
    documents = [predicted(FIRST, 0.5, 0.8), predicted(SECOND, 0.6)]
    found = only(build_assertions(documents, votes([]), CORPUS))
    assert found.probability == pytest.approx(1 - 0.2 * 0.4)
    assert found.maximum == 0.8
    assert found.documents == 2
    assert (found.subject, found.predicate, found.object) == (DRUG, "causes", TREMOR)


def test_rules_stand_on_their_side_of_their_sentences() -> None:
    cause = rows(CORPUS, 0, "Lithium", "caused tremor")
    cast = votes(
        [
            (0, "denied", NONE, rows(CORPUS, 0, "No", "No tremor")),
            (0, "treated", TREATS, cause),
            (0, "verb", CAUSES, cause),
            (0, "wide", CAUSES | TREATS, cause),
            (0, "wider", NONE | CAUSES, cause),
        ]
    )
    found = only(build_assertions([predicted(FIRST, 0.9)], cast, CORPUS))
    sentence, denial = found.evidence
    assert sentence.text == "Lithium caused tremor."
    assert sentence.rules_for == ("verb", "wide")
    assert sentence.rules_against == ("treated",)
    assert (sentence.passage, sentence.probability) == ("abstract", 0.9)
    assert FIRST.text[sentence.start : sentence.end] == "Lithium caused tremor"
    assert (denial.text, denial.rules_for) == ("No tremor.", ())
    assert denial.rules_against == ("denied",)


def test_contradicting_documents_are_kept_behind_the_others() -> None:
    cast = votes(
        [
            (0, "verb", CAUSES, rows(CORPUS, 0, "Lithium", "caused tremor")),
            (1, "spared", NONE, rows(CORPUS, 1, "Lithium", "tremor")),
        ]
    )
    found = only(build_assertions([predicted(FIRST, 0.9), SECOND], cast, CORPUS))
    assert (found.documents, found.contradicting) == (1, 1)
    support, contradiction = found.evidence
    assert (support.document, support.rules_for) == ("1", ("verb",))
    assert (contradiction.document, contradiction.probability) == ("2", None)
    assert contradiction.rules_against == ("spared",)
    assert contradiction.text == "Lithium spared them. ... His tremor was old."


def test_a_prediction_without_votes_has_its_closest_mentions() -> None:
    far = Mention(
        FIRST.text.rindex("tremor"), FIRST.text.rindex("tremor") + 6, "Disease", (TREMOR,)
    )
    source = Document(FIRST.id, FIRST.passages, (far, *FIRST.mentions))
    found = only(build_assertions([predicted(source, 0.7)], votes([]), CORPUS))
    (row,) = found.evidence
    assert (row.passage, row.text) == ("title", "Lithium and tremor")
    assert (row.start, row.end) == (0, 18)
    assert row.rules_for == row.rules_against == ()


def test_a_prediction_without_any_place_still_has_a_row() -> None:
    (row,) = only(build_assertions([predicted(SECOND, 0.7)], votes([]), CORPUS)).evidence
    assert (row.document, row.start, row.end, row.text, row.passage) == ("2", 0, 0, "", "")


def test_names_and_status() -> None:
    documents = [predicted(FIRST, 0.7)]
    plain = only(build_assertions(documents, votes([]), CORPUS))
    assert (plain.subject_name, plain.status) == (DRUG, "unchecked")
    names = {DRUG: "lithium"}
    new = only(build_assertions(documents, votes([]), CORPUS, names=names, known=KNOWS_OTHERS))
    assert (new.subject_name, new.object_name, new.status) == ("lithium", TREMOR, "new")
    assert new.known_from == ()


def test_known_pairs_say_from_where() -> None:
    base = Base(PairIndex({"": {(DRUG, TREMOR): 1}}), labels=frozenset({"causes"}))
    known = Known({"labels": base, "therapy": Base(base.index)})
    found = only(build_assertions([predicted(FIRST, 0.7)], votes([]), CORPUS, known=known))
    assert (found.status, found.known_from) == ("known", (Statement("labels"),))
    assert found.contradicted_by == (Statement("therapy"),)
    other = predicted(FIRST, 0.7, label="treats")
    denied = only(build_assertions([other], votes([]), CORPUS, known=known))
    assert (denied.status, denied.known_from) == ("contradicts", ())


def test_a_more_general_pair_is_refined() -> None:
    base = Base(PairIndex({"": {(DRUG, "MESH:UP"): 1}}), labels=frozenset({"causes"}))
    known = Known({"ctd": base}, {TREMOR: frozenset({"MESH:UP"})})
    found = only(build_assertions([predicted(FIRST, 0.7)], votes([]), CORPUS, known=known))
    assert found.status == "refines"
    assert found.refines == (Statement("ctd", (), (DRUG, "MESH:UP")),)


def test_the_maximum_is_calibrated_by_a_temperature() -> None:
    documents = [predicted(FIRST, 0.5, 0.8), predicted(SECOND, 0.6)]
    assert only(build_assertions(documents, votes([]), CORPUS)).calibrated is None
    found = only(build_assertions(documents, votes([]), CORPUS, temperature=2))
    assert found.calibrated == pytest.approx(2 / 3)
    assert found.maximum == 0.8


def test_evidence_has_journal_and_year() -> None:
    meta = {"journal": ("Lancet", "The Lancet"), "year": ("no. 3", "1985 Mar")}
    dated = Document(FIRST.id, FIRST.passages, FIRST.mentions, meta=meta)
    over = corpus_of([dated, SECOND])
    said = [predicted(FIRST, 0.9), predicted(SECOND, 0.5)]
    rows = only(build_assertions(said, votes([]), over)).evidence
    assert [(row.journal, row.year) for row in rows] == [("Lancet", 1985), ("", None)]


def test_order_and_what_does_not_count() -> None:
    relations = (
        Relation("cid", "MESH:B", TREMOR, "treats", 0.4),
        Relation("cid", "MESH:A", TREMOR, "causes", 0.4),
        Relation("cid", DRUG, TREMOR, "causes", 0.9),
        Relation("cid", DRUG, "MESH:C", "none", 0.9),
        Relation("other", DRUG, "MESH:C", "causes", 0.9),
    )
    found = build_assertions([Document("1", FIRST.passages, (), relations)], votes([]), CORPUS)
    assert [a.subject for a in found] == [DRUG, "MESH:A", "MESH:B"]


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        (Document("9", (), (), (Relation("cid", "a", "b", "causes"),)), "no such document"),
        (Document("1", (), (), (Relation("cid", "a", "b", "cause"),)), "no label `cause`"),
    ],
)
def test_predictions_of_another_run_are_refused(wrong: Document, part: str) -> None:
    with pytest.raises(CorpusError, match=part) as caught:
        build_assertions([wrong], votes([]), CORPUS)
    assert caught.value.code == "BL620"


def test_surface_names_are_the_most_frequent_texts() -> None:
    text = Passage("title", 0, "ZC zinc ZC iron fe")
    spans = [(0, 2, "a"), (3, 7, "a"), (8, 10, "a"), (11, 15, "b"), (16, 18, "b")]
    mentions = [Mention(start, end, "Chemical", (name,)) for start, end, name in spans]
    mentions.append(Mention(0, 7, "Chemical", ("a", "c")))
    found = surface_names([Document("1", (text,), tuple(mentions))])
    assert found == {"a": "ZC", "b": "fe"}


def test_mentions_without_a_concept_are_called_by_their_folded_text() -> None:
    text = Passage("title", 0, "Iron-II iron ii")
    mentions = (Mention(0, 7, "Chemical"), Mention(8, 15, "Chemical"), Mention(0, 4, "Chemical"))
    found = surface_names([Document("1", (text,), mentions)])
    assert found == {"iron ii": "Iron-II", "iron": "Iron"}


def test_pairs_of_mentions_are_gathered_by_concept_or_text() -> None:
    text = (Passage("title", 0, "Iron-II hit ABC. Iron ii hit abc"),)
    mentions = (
        Mention(0, 7, "Drug"),
        Mention(12, 15, "Gene", ("G:1",)),
        Mention(17, 24, "Drug"),
        Mention(29, 32, "Gene", ("G:1",)),
    )
    keys = [found.names[-1] for found in mentions]
    relations = tuple(
        Relation("cid", keys[a], keys[b], "causes", p) for a, b, p in ((0, 1, 0.5), (2, 3, 0.75))
    )
    claimed = Document("1", text, mentions, relations)
    over = corpus_of([claimed])
    cast = [(0, "told", CAUSES, (0, 4)), (1, "denied", NONE, (5, 9)), (2, "apart", CAUSES, (0, 9))]
    pairs = [(0, keys[0], keys[1]), (0, keys[2], keys[3]), (0, keys[0], keys[3])]
    found = only(build_assertions([claimed], votes(cast, pairs), over))
    assert (found.subject, found.object, found.documents) == ("iron ii", "G:1", 1)
    assert (found.probability, found.maximum) == (0.75, 0.75)
    assert [(row.start, row.probability, row.rules_for, row.rules_against) for row in found.evidence] == [
        (17, 0.75, (), ("denied",)),
        (0, 0.5, ("told",), ()),
    ]  # fmt: skip
