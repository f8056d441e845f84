from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.text.formats.aspects import ALL, ASPECTS, missing
from biolabel.text.formats.known import format_named

KEY = "@0-4:X"


def test_everything_that_a_document_has_is_counted() -> None:
    document = Document(
        "1",
        (
            Passage("title", 0, "Zinc\nhere"),
            Passage("methods", 10, "", "Methods"),
            Passage("", 11, "a"),
        ),
        (
            Mention(0, 9, "X", ("MESH:1", "MESH:2"), "rules", 0.5, ((0, 4), (5, 9))),
            Mention(0, 4, "X"),
        ),
        (Relation("t", "MESH:1", "MESH:2", "l", 0.5), Relation("l", KEY, KEY, "l")),
        {"mesh": ("a", "b"), "year": ("1",)},
    )
    assert missing(document, frozenset()) == {
        "documents' exact white space": 1,
        "line ends inside passages": 1,
        "other passages": 3,
        "empty passages": 1,
        "metadata items": 3,
        "mentions": 2,
        "overlapping mentions": 1,
        "parts of discontinuous mentions": 2,
        "concepts of mentions": 2,
        "sources of mentions": 1,
        "probabilities of mentions": 1,
        "relations between concepts": 1,
        "relations between mentions": 1,
        "tasks of relations": 1,
        "probabilities of relations": 1,
    }
    assert not missing(document, ALL)


def test_passages_are_told_by_what_they_are() -> None:
    def of(*passages: tuple[str, str]) -> dict[str, int]:
        parts = tuple(Passage(kind, 9 * i, "Zinc", head) for i, (kind, head) in enumerate(passages))
        names = frozenset(
            name for name in ASPECTS if not name.startswith(("title", "text", "other"))
        )
        return dict(missing(Document("1", parts), names))

    assert of(("title", ""), ("abstract", "")) == {"titles and abstracts": 2}
    assert of(("title", "")) == {"titles or abstracts alone": 1}
    assert of(("", "")) == {"texts without sections": 1}
    assert of(("methods", "")) == {"other passages": 1}
    assert of(("abstract", "BACKGROUND")) == {
        "titles or abstracts alone in other places": 1, "other passages": 1,
    }  # fmt: skip
    assert of(("title", ""), ("abstract", ""), ("abstract", "")) == {"other passages": 3}


def test_a_title_or_an_abstract_alone_is_nothing_that_pubtator_lacks() -> None:
    held = format_named("pubtator").holds
    for passage in (Passage("title", 0, "Zinc"), Passage("abstract", 1, "Zinc")):
        assert not missing(Document("1", (passage,)), held)
    for passage in (Passage("title", 1, "Zinc"), Passage("abstract", 0, "Zinc")):
        found = missing(Document("1", (passage,)), held)
        assert found == {"titles or abstracts alone in other places": 1}
