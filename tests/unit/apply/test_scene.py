from pathlib import Path

from tests.unit.apply.world import TOPIC, corpus, plan_of, world


def test_words_and_sentences_are_indexed_once(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, f'{TOPIC}rule x for t\n  votes: yes\n  when: title has "a"\n')
    scene = world(plan, corpus("A a. B", "Énorme")).scene
    assert scene.lowers.entries == ("a", ".", "b", "énorme")
    assert scene.forms.entries == ("A", "a", ".", "B", "Énorme")
    assert scene.lower_of_form.tolist() == [0, 0, 1, 2, 3]
    texts = scene.sentence_texts
    assert texts.signs.texts(texts.places, texts.ends) == ["A a.", "B", "Énorme"]
    assert scene.lowers is scene.lowers


def test_a_frame_is_as_long_as_its_rows(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, f'{TOPIC}rule x for t\n  votes: yes\n  when: title has "a"\n')
    assert len(world(plan, corpus("a", "b")).frame) == 2
