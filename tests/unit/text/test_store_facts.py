from pathlib import Path

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.text.build import Abbreviation, Annotation
from biolabel.text.pipeline import Pipeline
from biolabel.text.projection import Tokens
from biolabel.text.store import Store, write
from biolabel.text.store_facts import facts_of

NAIVE = Pipeline(sentences="naive", abbreviations=False)


def made(folder: Path, size: int) -> Store:
    first = Document(
        "a",
        (Passage("title", 0, "Tea, tea"), Passage("abstract", 9, "Harm.")),
        (Mention(0, 3, "Food", ("X:1", "X:2")), Mention(5, 8, "Food", ("X:1",), "model")),
        (Relation("cid", "X:1", "X:2", "causes"),),
        {"year": ("1999",), "journal": ("Gut",), "empty": ()},
        {"topic": "harm"},
    )
    others = [
        Document(
            str(i), (Passage("title", 0, "Tea of é"),), meta={"year": ("1999", "1999", str(i))}
        )
        for i in range(2)
    ]
    tokens = Tokens((0,), (3,), ("tea",), ("NOUN",), ("",), ("ROOT",), (-1,))

    def annotated(document: Document) -> Annotation:
        if document.id != "a":
            return Annotation(())
        return Annotation((), (Abbreviation(5, 8, 0, 3),), (tokens,))

    given = [first, *others]
    return write(
        folder, given, NAIVE, stream=lambda ds: ((d, annotated(d)) for d in ds),
        shard_documents=size,
    )  # fmt: skip


def test_everything_is_counted_over_all_shards(tmp_path: Path) -> None:
    facts = facts_of(made(tmp_path / "s", 1))
    assert (facts.documents, facts.shards, facts.sentences) == (3, 3, 4)
    assert facts.characters == 14 + 8 + 8
    assert (facts.words, facts.signs, facts.vocabulary) == (9, 2, 4)
    assert facts.sections == {"title": 3, "abstract": 1}
    assert facts.mentions == {"Food": 2}
    assert facts.sources == {"given": 1, "model": 1}
    assert (facts.concepts, facts.abbreviations) == (2, 1)
    assert facts.relations == {"cid: causes": 1}
    assert facts.topics == {"topic: harm": 1}
    assert facts.meta == {"year": 3, "journal": 1}
    assert facts.years == {"1999": 3, "0": 1, "1": 1}
    assert facts.journals == {"Gut": 1}
    assert facts.lengths == (3, 3, 3, 3, 3, 3, 3)
    assert (facts.tagged, facts.parsed) == (1, 1)


def test_shards_and_bytes_alone_depend_on_the_shards(tmp_path: Path) -> None:
    one, three = facts_of(made(tmp_path / "one", 9)), facts_of(made(tmp_path / "three", 1))
    differ = {name for name in one.__slots__ if getattr(one, name) != getattr(three, name)}
    assert differ == {"shards", "bytes"}
    assert one.bytes == sum(f.stat().st_size for f in (tmp_path / "one").rglob("*.arrow"))
