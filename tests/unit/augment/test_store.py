"""A pool on disk."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biolabel.augment.pool import Outcome, Pool, Variant
from biolabel.augment.store import load, save
from biolabel.augment.verify import Tally
from biolabel.augment.version import Version
from biolabel.data.documents import Mention
from biolabel.errors import ModelError

Labeled = Callable[..., Version]


def test_a_pool_comes_back_as_it_was(tmp_path: Path, labeled: Labeled) -> None:
    parts = [("zinc", "X:1"), " causes ", ("pain", "X:2|X:3")]
    extra = Mention(0, 11, "T", (), "rules", 0.5, ((0, 4), (5, 11)))
    one = labeled(parts, extra, pairs=[("X:1", "X:2")]).document
    two = replace(labeled(["none"]).document, id="e")
    outcomes = {"words": Outcome(2, 1, {"cid": Tally(1, 2, 3)})}
    save(
        Pool(
            {"d": [Variant(one, ("words", "pairs"))], "e": [Variant(two, ())]},
            outcomes,
            {"words": 0.5},
        ),
        tmp_path,
    )
    pool = load(tmp_path)
    assert pool.outcomes == outcomes
    assert pool.probabilities == {"words": 0.5}
    for name, old in (("d", one), ("e", two)):
        [variant] = pool.variants[name]
        new = variant.document
        assert (new.id, new.text, new.mentions) == (old.id, old.text, old.mentions)
        np.testing.assert_array_equal(new.words, old.words)
        assert new.words.dtype == np.int32
        assert new.relations["cid"].pairs == old.relations["cid"].pairs
        for kind in ("entities", "relations", "topics"):
            for task, labels in getattr(old, kind).items():
                again = getattr(new, kind)[task]
                np.testing.assert_array_equal(again.probabilities, labels.probabilities)
                np.testing.assert_array_equal(again.weight, labels.weight)
    assert pool.variants["d"][0].made == ("words", "pairs")


def test_an_empty_pool_too(tmp_path: Path) -> None:
    save(Pool({}, {}), tmp_path)
    assert load(tmp_path).variants == {}


@pytest.mark.parametrize("name", ["variants.arrow", "outcomes.json"])
def test_a_broken_folder_is_told(tmp_path: Path, labeled: Labeled, name: str) -> None:
    save(Pool({"d": [Variant(labeled(["x1"]).document, ())]}, {}), tmp_path)
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[:10])
    with pytest.raises(ModelError, match="cannot be read") as caught:
        load(tmp_path)
    assert caught.value.code == "BL843"
    path.unlink()
    with pytest.raises(ModelError):
        load(tmp_path)
