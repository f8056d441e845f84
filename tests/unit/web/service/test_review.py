from biolabel.curation.assertions import Assertion
from biolabel.curation.evidence import Evidence
from biolabel.curation.review import NewDecision, Verdict, assertion_id
from biolabel.curation.store import Database, decide, load
from biolabel.web.service.review import blamed, progress


def assertion(target: str, rule: str) -> Assertion:
    """Return an assertion with a sentence in which a rule voted."""
    evidence = Evidence("1", "abstract", "A causes B.", 0, 11, 0.9, (rule,))
    return Assertion(
        subject="MESH:1",
        predicate="causes",
        object=target,
        subject_name="a",
        object_name="b",
        probability=0.9,
        maximum=0.9,
        documents=1,
        status="new",
        evidence=(evidence,),
    )


def said(database: Database, target: str, verdict: Verdict) -> None:
    decide(database, NewDecision(assertion_id("cid", "MESH:1", "causes", target), verdict, "carl"))


def test_nothing_is_decided_at_first(database: Database) -> None:
    assert progress(database) == {}
    assert blamed(database, "cid", "strong") is None


def test_decisions_are_counted_and_blamed(database: Database) -> None:
    rules = {"MESH:2": "strong", "MESH:3": "strong", "MESH:4": "weak", "MESH:5": "weak"}
    found = [assertion(target, rule) for target, rule in rules.items()]
    load(database, "cid", found, run="first")
    said(database, "MESH:2", "accept")
    said(database, "MESH:4", "reject")
    said(database, "MESH:5", "wrong mention")
    assert {k: n for k, n in progress(database).items() if n} == {
        "undecided": 1, "accepted": 1, "rejected": 2,
    }  # fmt: skip
    weak, strong = (blamed(database, "cid", name) for name in ("weak", "strong"))
    assert weak is not None
    assert strong is not None
    assert (weak.rejected, weak.of, weak.share, weak.wrong_mention) == (2, 2, 1.0, 1)
    assert (strong.rejected, strong.accepted) == (0, 1)
    assert blamed(database, "cid", "nobody") is None
