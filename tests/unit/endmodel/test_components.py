"""The end model as components of a spaCy pipeline."""

import tomllib
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from biolabel.data.training import LabeledDocument
from biolabel.endmodel import components
from biolabel.endmodel.components import SPANS, Found
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.predict import predict
from biolabel.endmodel.store import save
from biolabel.errors import ModelError

ARGUMENTS = {"causes": ["Chemical", "Disease"]}


@pytest.fixture(scope="module")
def folder(model: EndModel, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("spacy") / "end"
    save(model, path)
    return str(path)


@pytest.fixture(scope="module")
def nlp(folder: str) -> Language:
    made = spacy.blank("en")
    made.add_pipe("biolabel_entities", config={"model": folder})
    made.add_pipe("biolabel_relations", config={"model": folder, "arguments": ARGUMENTS})
    made.add_pipe("biolabel_documents", config={"model": folder})
    return made


def test_a_text_gets_entities_relations_and_categories(
    nlp: Language, model: EndModel, documents: list[LabeledDocument]
) -> None:
    doc = nlp(documents[0].text)
    assert [(e.text, e.label_) for e in doc.ents] == [
        ("aspirin", "Chemical"),
        ("tremor", "Disease"),
    ]
    assert [span.text for span in doc.spans[SPANS]] == ["aspirin", "tremor"]
    assert all(0.5 < span._.biolabel_probability < 1 for span in doc.spans[SPANS])
    [found] = doc._.biolabel_relations
    assert (found.task, found.label, found.subject, found.object) == (
        *("causes", "causes", "aspirin", "tremor"),
    )
    (score,) = predict(model, documents[:1])
    assert found.probability == pytest.approx(float(score.relations["causes"][0, 0]), abs=1e-4)
    assert doc.cats["kind.adverse"] == pytest.approx(float(score.topics["kind"][0]), abs=1e-5)


def test_what_is_not_related_is_left_out(nlp: Language, documents: list[LabeledDocument]) -> None:
    assert nlp(documents[1].text)._.biolabel_relations == []


def test_a_stream_gives_what_single_texts_give(
    nlp: Language, documents: list[LabeledDocument]
) -> None:
    texts = ["", *(document.text for document in documents[:5]), "in mice"]
    for doc, text in zip(nlp.pipe(texts, batch_size=3), texts, strict=True):
        alone = nlp(text)
        assert doc.text == text
        assert [e.text for e in doc.ents] == [e.text for e in alone.ents]
        assert doc.cats == pytest.approx(alone.cats, abs=1e-5)


def test_entities_that_others_found_are_arguments(folder: str) -> None:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(  # type: ignore[attr-defined]
        [
            {"label": "Chemical", "pattern": "aspirin", "id": "C:aspirin"},
            {"label": "Disease", "pattern": "tremor"},
        ]
    )
    config = {"model": folder, "arguments": ARGUMENTS, "threshold": 0.0}
    nlp.add_pipe("biolabel_relations", config=config)
    found = nlp("aspirin causes tremor in mice .")._.biolabel_relations
    assert [replace(each, probability=0.0) for each in found] == [
        Found("causes", "causes", "aspirin", "tremor", 0.0)
    ]


def test_what_a_model_cannot_do_is_told(model: EndModel, folder: str, tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    with pytest.raises(ModelError, match="no two types for relation task 'causes'") as caught:
        nlp.add_pipe("biolabel_relations", config={"model": folder, "arguments": {}})
    assert caught.value.code == "BL836"
    with pytest.raises(ModelError) as caught:
        nlp.add_pipe("biolabel_entities", config={"model": str(tmp_path)})
    assert caught.value.code == "BL828"
    topics = replace(model, tasks=model.tasks[2:])
    topics.network.heads, heads = topics.network.heads[2:], topics.network.heads
    try:
        save(topics, tmp_path / "topics")
    finally:
        topics.network.heads = heads
    with pytest.raises(ModelError, match="has no entity task; it has kind") as caught:
        nlp.add_pipe("biolabel_entities", config={"model": str(tmp_path / "topics")})
    assert caught.value.code == "BL836"


def test_entry_points_name_the_factories() -> None:
    project = tomllib.loads(
        (Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8")
    )
    points = project["project"]["entry-points"]["spacy_factories"]
    assert sorted(points) == ["biolabel_documents", "biolabel_entities", "biolabel_relations"]
    for name, target in points.items():
        module, _, function = target.partition(":")
        assert getattr(import_module(module), function) in vars(components).values()
        assert Language.has_factory(name)
