from dataclasses import replace

from biolabel.curation.exports.selection import Selection, selected
from biolabel.curation.review import Outcome, Reviewed


def test_states(accepted: Reviewed, rejected: Reviewed, undecided: Reviewed) -> None:
    every = (accepted, rejected, undecided)
    assert list(selected(every, Selection())) == [accepted]
    assert list(selected(every, Selection(accepted=False))) == [accepted, undecided]
    assert list(selected(every, Selection(accepted=False, rejected=True))) == list(every)


def test_a_dispute_is_neither_accepted_nor_rejected(accepted: Reviewed) -> None:
    disputed = replace(accepted, outcome=Outcome("disputed"))
    assert list(selected([disputed], Selection())) == []
    assert list(selected([disputed], Selection(accepted=False))) == [disputed]


def test_probability(accepted: Reviewed, undecided: Reviewed) -> None:
    wanted = Selection(accepted=False, min_probability=0.98)
    assert list(selected((accepted, undecided), wanted)) == [accepted]


def test_what_no_run_asserts_anymore_counts_while_it_is_accepted(
    accepted: Reviewed, undecided: Reviewed
) -> None:
    gone = [replace(each, current=False) for each in (accepted, undecided)]
    assert list(selected(gone, Selection(accepted=False))) == gone[:1]
