from pathlib import Path

import pytest

from biolabel.evaluation.examiner import marked_frame
from tests.unit.evaluation.stand import PAIRS, WORDS, outcome


def test_a_marked_frame_is_one_candidate() -> None:
    frame = marked_frame(3, {"a": (1, 2), "b": (4, 6)})
    assert (len(frame), frame.n_candidates, frame.doc.tolist()) == (1, 1, [3])
    assert frame.sides["b"].end.tolist() == [6]


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (
            f'{WORDS}condition c for mentions\n  is: span has "x"\n  matches: "no mark"\n'
            'rule r for mentions\n  votes: none\n  find: "x"\n  when: c\n',
            "it speaks of `span`, and the example marks no {span}",
        ),
        (
            f'{PAIRS}pattern p\n  is: {{chemical}} verbs\n  matches: "caused"\n'
            "rule r for cid\n  votes: none\n  when: sentence has p\n",
            "the example does not mark {chemical: ...}",
        ),
    ],
)
def test_what_must_be_marked(tmp_path: Path, rules: str, why: str) -> None:
    found = outcome(tmp_path, rules)
    assert (found.status, found.why) == ("failed", why)
