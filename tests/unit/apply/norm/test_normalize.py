from biolabel.apply.norm.book import NameBook, book_of
from biolabel.apply.norm.normalize import ANY, named_in, normalize
from biolabel.data.concepts import Readings, best_of
from biolabel.data.documents import Document
from biolabel.data.mentions import given_mentions
from biolabel.kb.ontology import Ontology
from biolabel.text.build import Abbreviation, Annotation, naive
from tests.unit.apply.world import corpus, document

BOOKS = {
    "D": book_of(
        [
            Ontology(
                {
                    "X:1": ("Kidney Failure", "renal failure"),
                    "X:2": ("Liver Failure", "hepatic failure"),
                    "X:3": ("Multiple Sclerosis",),
                    "X:4": ("Mitral Stenosis", "MS"),
                    "X:5": ("Neoplasms", "tumors"),
                    "X:6": ("Breast Neoplasms", "tumors of the breast", "breast cancer"),
                    "X:7": ("tumors of the ovary", "ovarian cancer"),
                    "X:8": ("cold",),
                    "X:9": ("cold",),
                    "X:10": ("Rhinitis",),
                    "X:11": ("G6PD deficiency",),
                },
                parents={"X:10": ("X:9",)},
            )
        ]
    ),
    "C": book_of([Ontology({"Y:1": ("cold",)})]),
}


def read(*texts: str, books: dict[str, NameBook] = BOOKS) -> list[Readings]:
    """Normalize the mentions of texts; `SF=long form` at the end of a text are its abbreviations."""

    def annotate(found: Document) -> Annotation:
        shorts = []
        text = found.text
        for short, long in (
            ("MS", "multiple sclerosis"),
            ("RF", "renal failure"),
            ("G6PD", "glucose"),
        ):
            at = text.find(long)
            place = text.find(short)
            while at >= 0 and place >= 0:
                shorts.append(Abbreviation(place, place + len(short), at, at + len(long)))
                place = text.find(short, place + 1)
        return Annotation(naive(found).sentence_starts, tuple(shorts))

    held = corpus(*(document(text) for text in texts), annotate=annotate)
    return normalize(held, given_mentions(held), books)


def best(text: str) -> list[tuple[str, ...]]:
    return [best_of(readings) for readings in read(text)]


def test_short_forms_mean_their_long_forms() -> None:
    assert best("{D: MS} is common") == [("X:4",)]
    assert best("multiple sclerosis ({D: MS}) is common; {D: MS} again") == [("X:3",), ("X:3",)]
    (readings,) = read("multiple sclerosis ({D: MS}) is common")
    assert readings[0].text == "multiple sclerosis"
    assert readings[0].ranked[0].why == ("abbreviation", "exact")


def test_short_forms_inside_a_mention_are_spelled_out() -> None:
    assert best("{D: acute RF} after renal failure") == [("X:1",)]


def test_a_definition_inside_a_mention_is_left_out() -> None:
    assert best("{D: renal failure (RF)} is bad") == [("X:1",)]


def test_capitals_mean_the_mention_with_these_initials() -> None:
    found = read("{D: Breast cancer} is bad. {D: BC} is common")
    assert [best_of(readings) for readings in found] == [("X:6",), ("X:6",)]
    assert found[1][0].ranked[0].why == ("initials", "exact")


def test_composites_have_a_reading_for_each_part() -> None:
    (readings,) = read("{D: renal and hepatic failure} is bad")
    assert best_of(readings) == ("X:1", "X:2")
    assert [reading.text for reading in readings] == ["renal failure", "hepatic failure"]
    assert readings[0].ranked[0].why == ("part", "exact")
    assert best("{D: tumors of the breast and ovary} are bad") == [("X:6", "X:7")]


def test_no_composite_where_a_part_is_no_name() -> None:
    assert len(read("{D: breast and strange cancer} is bad")[0]) == 1


def test_a_list_that_is_a_name_is_no_composite() -> None:
    books = {
        ANY: book_of([Ontology({"X:1": ("breast and ovarian cancer",), "X:2": ("breast cancer",)})])
    }
    (readings,) = read("{D: breast and ovarian cancer} is bad", books=books)
    assert best_of(readings) == ("X:1",)


def test_the_document_decides_between_equals() -> None:
    assert best("A {D: cold} is bad") == [("X:8",)]
    found = read("A {D: cold} is bad. {D: Rhinitis} too")
    assert best_of(found[0]) == ("X:9",)
    assert found[0][0].ranked[0].why == ("exact", "near others")
    assert [each.concept for each in found[0][0].ranked] == ["X:9", "X:8"]


def test_frequency_decides_where_the_document_does_not() -> None:
    held = corpus(document("A {D: cold} is bad"), document("A {D: cold} is bad. {D: Rhinitis} too"))
    mentions = given_mentions(held)

    def first(often: dict[str, int]) -> list[tuple[str, ...]]:
        return [best_of(readings) for readings in normalize(held, mentions, BOOKS, often)]

    assert first({}) == [("X:8",), ("X:9",), ("X:10",)]
    assert first({"X:9": 2, "X:8": 1}) == [("X:9",), ("X:9",), ("X:10",)]
    assert first({"X:8": 9}) == [("X:8",), ("X:9",), ("X:10",)]


def test_documents_are_counted_that_name_a_concept_and_no_other() -> None:
    held = corpus(
        document("A {D: cold}. {D: Rhinitis} and {D: Rhinitis}"),
        document("{D: Rhinitis} and {D: renal and hepatic failure} and {D: severe rhinitis}"),
    )
    mentions = given_mentions(held)
    counted = named_in(mentions, normalize(held, mentions, BOOKS))
    assert counted == {"X:10": 2, "X:1": 1, "X:2": 1}


def test_types_have_their_own_names() -> None:
    assert best("A {C: cold} is bad. A {D: cold}. A {E: cold}") == [("Y:1",), ("X:8",), ()]


def test_documents_do_not_change_each_other() -> None:
    texts = [
        "A {D: cold} is bad. {D: Rhinitis} too",
        "A {D: cold} is bad",
        "multiple sclerosis ({D: MS}) is common",
        "{D: MS} is common",
        "{D: Breast cancer} and {D: BC}",
        "{D: BC} is common and {D: renal and hepatic failure} too",
    ]
    alone = [readings for text in texts for readings in read(text)]
    assert read(*texts) == alone
    turned = [readings for text in texts[::-1] for readings in read(text)]
    assert read(*texts[::-1]) == turned


def test_of_no_mentions() -> None:
    assert read("Nothing here") == []
