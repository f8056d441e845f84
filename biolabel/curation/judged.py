"""What curators' decisions say of single documents: that one states a claim, or that it does not."""

from collections.abc import Iterator, Mapping

from biolabel.curation.review import STATE_OF, Reviewed, counting


def judged_documents(reviewed: Reviewed) -> Mapping[str, bool]:
    """Return whether each document states an assertion, for the documents of which decisions say it.

    Decisions about rows of evidence speak of their document: it states the claim if one of its rows was
    accepted, and does not if rows were only rejected; of a row on which curators take different
    sides nothing is known. For the other documents the decision about the assertion counts: accepted,
    those state it in which it is predicted; rejected, none does that has evidence.
    """
    found: dict[str, bool] = {}
    unknown: set[str] = set()
    for document, sides in _rows(reviewed):
        if len(sides) == 1:
            found[document] = found.get(document, False) or "accepted" in sides
        else:
            unknown.add(document)
    whole = {"accepted": True, "rejected": False}.get(reviewed.outcome.state)
    for row in reviewed.assertion.evidence if whole is not None else ():
        decided = row.document in found or row.document in unknown
        if not decided and (whole is False or row.probability is not None):
            found[row.document] = whole is True
    return {
        document: holds for document, holds in found.items() if holds or document not in unknown
    }


def _rows(reviewed: Reviewed) -> Iterator[tuple[str, set[str]]]:
    """Yield document and sides taken of each row of evidence on which someone decided."""
    rows = dict(zip(reviewed.evidence_ids, reviewed.assertion.evidence, strict=True))
    rows |= reviewed.gone_evidence or {}
    sides: dict[str, set[str]] = {}
    for decision in counting(reviewed.decisions):
        if decision.evidence in rows and decision.verdict is not None:
            sides.setdefault(decision.evidence, set()).add(STATE_OF[decision.verdict])
    for row, states in sides.items():
        yield rows[row].document, states - {"unsure"}
