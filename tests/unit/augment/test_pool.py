"""The pool: new versions, their outcomes, and what training picks."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from biolabel.augment.choice import Name
from biolabel.augment.masking import mask_mentions
from biolabel.augment.pool import Outcome, Pool, Variant, has_labels, make_pool
from biolabel.augment.rewrite import Replacement, rewrite
from biolabel.augment.settings import Settings
from biolabel.augment.transformations import Transformation
from biolabel.augment.version import Version

Labeled = Callable[..., Version]
KNOWN: dict[Name, Transformation] = {
    "words": Transformation("words", "everything", lambda v, _: _longer(v)),
    "masking": Transformation("masking", "relations", lambda v, g: mask_mentions(v, 1.0, g)),
}


def _longer(version: Version) -> Version:
    return rewrite(version, [Replacement(0, 1, "new")])


def settings(**more: object) -> Settings:
    return Settings(**{"rates": {"words": 1.0, "masking": 1.0}, "policy": "all", **more})  # type: ignore[arg-type]


def pool_of(version: Version, found: Settings) -> Pool:
    return make_pool([version], KNOWN, found, found.mean_field(), np.random.default_rng(0))


def test_copies_are_made_and_counted(labeled: Labeled) -> None:
    version = labeled(["x ", ("zinc", "X:1"), " y"])
    pool = pool_of(version, settings(copies=3))
    assert [v.made for v in pool.variants["d"]] == [("words", "masking")] * 3
    assert {v.document.text for v in pool.variants["d"]} == {"new t1 y"}
    assert pool.outcomes == {"words": Outcome(3), "masking": Outcome(3)}
    assert pool.probabilities == {}


def test_policies_draw_transformations(labeled: Labeled) -> None:
    version = labeled(["x ", ("zinc", "X:1")])
    assert pool_of(version, settings(policy="none")).variants == {}
    drawn = pool_of(version, settings(policy="random", length=1, copies=40))
    assert {v.made for v in drawn.variants["d"]} == {("words",), ("masking",)}
    field = settings(policy="mean-field", probabilities={"words": 0.5}, length=1, copies=100)
    found = pool_of(version, field)
    assert found.probabilities == {"words": 0.5}
    assert 30 < found.outcomes["words"].made < 70
    assert found.outcomes["masking"] == Outcome()


def test_what_is_left_without_labels_is_dropped(labeled: Labeled) -> None:
    version = labeled([("zinc", "X:1")])  # masking takes the label of the only word
    assert not has_labels(mask_mentions(version, 1.0, np.random.default_rng(0)).document)
    pool = pool_of(version, settings(rates={"masking": 1.0}, copies=2))
    assert pool.variants == {}
    assert pool.outcomes["masking"] == Outcome(2, 2)


def test_documents_without_labels_have_no_versions(labeled: Labeled) -> None:
    version = mask_mentions(labeled([("zinc", "X:1")]), 1.0, np.random.default_rng(0))
    pool = pool_of(replace(version, made=()), settings(rates={"words": 1.0}))
    assert pool.variants == {}
    assert pool.outcomes == {"words": Outcome()}


def test_a_share_of_documents_gives_way_to_a_version(labeled: Labeled) -> None:
    document = labeled(["x ", ("zinc", "X:1")]).document
    variants = [Variant(replace(document, text=text), ("words",)) for text in ("one", "two")]
    pool = Pool({"d": variants}, {})
    generator = np.random.default_rng(0)
    picked = [pool.pick(document, 0.5, generator).text for _ in range(1000)]
    assert 440 < picked.count(document.text) < 560
    assert min(picked.count("one"), picked.count("two")) > 190
    assert pool.pick(document, 0.0, generator) is document
    other = replace(document, id="e")
    assert pool.pick(other, 1.0, generator) is other
