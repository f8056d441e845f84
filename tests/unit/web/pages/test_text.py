from biolabel.web.pages.text import key, text
from biolabel.web.service.documents import DocumentView, Passage, Stretch, Verdict, Vote

HOSTILE = "<script>x</script>"
VOTE = Vote("mentions", "names", ("Chemical",), 3, 10)


def view(first: str = "of ") -> DocumentView:
    """Return a document `of LITHIUM and`, with a mention on the second word."""
    at = len(first)
    stretches = (
        Stretch(0, at, first),
        Stretch(at, at + 7, "LITHIUM", "Chemical", ("MESH:1",), ("fused",), (VOTE,)),
        Stretch(at + 7, at + 11, " and"),
    )
    across = Vote("cid", "rule", ("causes",), at + 4, at + 9)
    verdict = Verdict("cid", 0, ("a", "b"), ("MESH:1", "MESH:2"), ("causes",), {}, (across,))
    passage = Passage("title", "", stretches)
    return DocumentView("corpus", "1", {}, (passage,), ("Chemical",), (verdict,), ("fused",))


def test_a_mention_tells_what_stands_behind_it() -> None:
    shown = text(view(), "", ())
    assert "<mark class='m m1 bl-tip' tabindex='0'>LITHIUM<" in shown
    assert "<b>Chemical</b> MESH:1" in shown
    assert "names: Chemical" in shown
    assert "<p class='title'>of " in shown


def test_evidence_is_cut_where_mentions_are() -> None:
    shown = text(view(), "rule", ())
    assert "LITH<mark class='e'>IUM</mark>" in shown
    assert "<mark class='e'> a</mark>nd" in shown


def test_chosen_concepts_stand_out() -> None:
    assert "m1 on bl-tip" in text(view(), "", ("MESH:1",))
    assert "m1 on bl-tip" in text(view(), "", ("@3-10:Chemical",))
    assert " on " not in text(view(), "", ("MESH:2",))


def test_texts_are_escaped() -> None:
    shown = text(view(HOSTILE), "", ())
    assert HOSTILE not in shown
    assert "&lt;script&gt;" in shown
    assert HOSTILE not in key((HOSTILE,))
