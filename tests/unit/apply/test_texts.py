from dataclasses import replace
from pathlib import Path

import pytest

from biolabel.apply.columns import lift
from biolabel.apply.texts import Found
from biolabel.lang import tree
from tests.unit.apply.world import PAIR, World, corpus, document, plan_of, shown, world

TEXT = document("{A=X:1: Iron} and a, a, {B=Y:1: pain}. {A=X:1: Iron} || a A b")
RULE = 'rule x for r\n  votes: yes\n  when: sentence has {a} "and"\n'


@pytest.fixture
def here(tmp_path: Path) -> World:
    dated = replace(TEXT, meta={"mesh": ("a b", "b")})
    return world(plan_of(tmp_path, PAIR + RULE), corpus(TEXT, dated))


def found(here: World, kind: str, pattern: tree.Pattern, name: str = "") -> Found:
    region = tree.Region(kind, tree.Name(name) if name else None)  # type: ignore[arg-type]
    return here.judge().texts.find(region, pattern)


def signs(here: World, kind: str, pattern: tree.Pattern, name: str = "") -> str:
    return shown(lift(found(here, kind, pattern, name).holds(), here.frame))


def test_an_argument_is_itself_or_its_concept(here: World) -> None:
    texts = here.judge().texts
    assert texts.matcher(tree.Region("sentence")).whole_concept is False
    assert texts.matcher(tree.Region("abstract")).whole_concept is True
    pattern = tree.Seq((tree.Arg("a"), tree.Phrase("and")))
    assert found(here, "document", pattern).holds().true.all()
    assert found(here, "sentence", pattern).holds().true.tolist() == [True, False] * 2


def test_places_and_texts_are_counted(here: World) -> None:
    assert found(here, "document", tree.Phrase("a")).counts()[0].tolist() == [4] * 4
    assert found(here, "document", tree.Phrase("a")).counts(different=True)[0].tolist() == [1] * 4
    both = tree.Alt((tree.Arg("b"), tree.Phrase("pain")))
    assert found(here, "title", both).counts()[0].tolist() == [1] * 4


def test_metadata_are_texts_of_their_own(here: World) -> None:
    assert signs(here, "meta", tree.Phrase("a b"), "mesh") == "?+"
    assert signs(here, "meta", tree.Phrase("iron"), "mesh") == "?-"
    of_items = found(here, "meta", tree.Phrase("b"), "mesh")
    assert of_items.counts()[0].tolist() == [0, 0, 2, 2]
    assert shown(of_items.touches("starts")) == "??++"
    assert of_items.corpus is not here.scene.corpus
    assert found(here, "title", tree.Phrase("a")).corpus is here.scene.corpus


def test_both_ways(here: World) -> None:
    pattern = tree.Seq((tree.Arg("b"), tree.Gap(), tree.Arg("a")))
    texts, region = here.judge().texts, tree.Region("sentence")
    assert not texts.find(region, pattern).holds().true.any()
    assert texts.find(region, pattern, both_ways=True).holds().true.tolist() == [True, False] * 2
