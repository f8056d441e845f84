"""Abbreviations: written out and shortened, with the table that follows."""

from collections.abc import Callable

import numpy as np
import pytest

from biolabel.augment.abbreviations import vary_abbreviations
from biolabel.augment.version import Version
from biolabel.data.documents import Mention
from biolabel.errors import ModelError

Labeled = Callable[..., Version]
LONG = "renal failure"


def varied(version: Version, rate: float = 1.0) -> Version:
    return vary_abbreviations(version, rate, np.random.default_rng(0))


def forms(version: Version) -> list[tuple[str, str]]:
    text = version.document.text
    return [(text[a:b], text[c:d]) for a, b, c, d in version.abbreviations.tolist()]


def test_short_forms_are_written_out_but_where_they_are_defined(labeled: Labeled) -> None:
    parts = [(LONG, "X:1"), " (", ("RF", "X:1"), "). Severe ", ("RF", "X:1"), " ended."]
    new = varied(labeled(parts, short=[("RF", LONG)]))
    assert new.document.text == "renal failure (RF). Severe renal failure ended."
    assert forms(new) == [("RF", LONG)]
    last = new.document.mentions[-1]
    assert new.document.text[last.start : last.end] == LONG
    assert new.document.entities["names"].probabilities[-4:, 0].tolist() == [1, 1, 0, 0]


def test_long_forms_are_shortened_behind_their_definition(labeled: Labeled) -> None:
    parts = [f"Mild {LONG} or ", (LONG, "X:1"), " (RF). Then ", (LONG, "X:1"), " came."]
    old = labeled(parts)
    text = old.document.text
    at, short = text.index(LONG, 10), text.index("RF")
    old = labeled(parts, short=[])
    from dataclasses import replace

    entry = np.array([[short, short + 2, at, at + len(LONG)]], dtype=np.int32)
    new = varied(replace(old, abbreviations=entry))
    assert new.document.text == f"Mild {LONG} or {LONG} (RF). Then RF came."
    assert forms(new) == [("RF", LONG), ("RF", LONG)]


def test_case_follows_the_sentence(labeled: Labeled) -> None:
    parts = ["Renal failure (RF). RF is worse than RF."]
    new = varied(labeled(parts, sentences=(0, 20), short=[("RF", "Renal failure")]))
    assert new.document.text == ("Renal failure (RF). Renal failure is worse than renal failure.")


def test_no_mention_is_cut(labeled: Labeled) -> None:
    parts = [f"{LONG} (RF). In RF-x it was"]
    old = labeled(parts, short=[("RF", LONG)])
    cut = labeled(parts, Mention(old.document.text.index("F-x"), 25, "T"), short=[("RF", LONG)])
    assert varied(cut).document.text == old.document.text


def test_nothing_to_do_is_the_same_version(labeled: Labeled) -> None:
    plain = labeled(["no short form"])
    assert varied(plain) is plain
    defined = labeled([f"{LONG} (RF) only"], short=[("RF", LONG)])
    assert varied(defined) is defined
    with pytest.raises(ModelError):
        varied(plain, 1.1)
