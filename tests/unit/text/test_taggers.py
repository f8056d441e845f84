"""spaCy pipelines as models."""

import pyarrow as pa
import pytest

from biolabel.errors import CorpusError, ModelError
from biolabel.text import taggers
from tests.unit.apply.world import corpus


def use(monkeypatch: pytest.MonkeyPatch, *pipes: str) -> None:
    """Stand a small pipeline of known behavior in for an installed one."""
    import spacy

    nlp = spacy.blank("en")
    for pipe in pipes:
        added = nlp.add_pipe(pipe)
        if pipe == "textcat":
            added.add_label("good")  # type: ignore[attr-defined]
            added.add_label("bad")  # type: ignore[attr-defined]
    nlp.initialize()
    if "entity_ruler" in pipes:
        patterns = [{"label": "DRUG", "pattern": [{"lower": "iron"}]}]
        nlp.get_pipe("entity_ruler").add_patterns(patterns)  # type: ignore[attr-defined]
    monkeypatch.setattr(taggers, "installed_pipeline", lambda _: nlp)


@pytest.mark.filterwarnings("ignore:.*W036")
def test_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "entity_ruler")
    model = taggers.spacy_model("x")
    assert model.judge is None
    assert model.find is not None
    found = model.find(corpus("no", "red Iron helps iron"))
    places = zip(found.doc.tolist(), found.start.tolist(), found.end.tolist(), strict=True)
    assert list(places) == [(1, 4, 8), (1, 15, 19)]
    assert found.labels == ("DRUG",)


def test_categories(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "textcat")
    model = taggers.spacy_model("x")
    assert model.find is None
    assert model.judge is not None
    said = model.judge(pa.table({"doc": ["1", "2", "3"], "marked": ["a", "b", "a"]}))
    assert said.labels == ("bad", "good")
    assert sorted(said.row.tolist()) == [0, 0, 1, 1, 2, 2]
    by_row = {int(r): s for r, lab, s in zip(said.row, said.label, said.score, strict=True) if lab}
    assert by_row[0] == by_row[2]


def test_pipelines_that_are_no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "sentencizer")
    with pytest.raises(ModelError, match="neither") as caught:
        taggers.spacy_model("x")
    assert caught.value.code == "BL854"


def test_not_installed() -> None:
    with pytest.raises(CorpusError) as caught:
        taggers.spacy_model("en_no_such_pipeline")
    assert caught.value.code == "BL608"
