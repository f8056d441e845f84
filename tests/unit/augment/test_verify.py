"""Verification: what the rules say of new texts decides which labels stay."""

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from biolabel.augment.rewrite import Replacement, rewrite
from biolabel.augment.verify import Ground, Keeps, Reading, Tally, ground, verify
from biolabel.augment.version import Version
from biolabel.data.corpus import Corpus
from biolabel.data.labels import LabelingFunction, LabelMatrix, SoftLabels, Task
from biolabel.data.mentions import MentionTable
from biolabel.data.training import LabeledDocument
from biolabel.data.votes import TaskVotes

Labeled = Callable[..., Version]
NAMES = Task("names", "entity", ("T", "none"))
CID = Task("cid", "relation", ("causes", "none"))
KIND = Task("kind", "document", ("harm", "other"))
Soft = NDArray[np.float32]


def votes_of(task: Task, said: list[list[int]], documents: list[int], **more: object) -> TaskVotes:
    """Return votes for the first label of the listed functions on each candidate: `text`, `kb`."""
    found = [(i, lf) for i, lfs in enumerate(said) for lf in lfs]
    matrix = LabelMatrix(
        task,
        (LabelingFunction("text"), LabelingFunction("kb"), LabelingFunction("draft", draft=True)),
        len(said),
        np.array([i for i, _ in found], dtype=np.int32),
        np.array([lf for _, lf in found], dtype=np.int16),
        np.ones(len(found), dtype=np.int64),
    )
    evidence = np.zeros((len(found), 2), dtype=np.int32)
    return TaskVotes(matrix, evidence, np.array(documents, dtype=np.int32), **more)  # type: ignore[arg-type]


def read(corpus: Corpus, mentions: MentionTable) -> Reading:
    """Play the rules: metals are names; `causes` is text evidence; KB knows zinc; ill documents harm."""
    words = [corpus.forms[form] for form in corpus.row_form.tolist()]
    of_words = [[0] if word in ("zinc", "iron") else [] for word in words]
    pairs: list[tuple[int, str, str, list[int]]] = []
    for doc, text in enumerate(corpus.texts):
        mine = [
            c for d, c in zip(mentions.doc.tolist(), mentions.concepts, strict=True) if d == doc
        ]
        concepts = list(dict.fromkeys(concept for found in mine for concept in found))
        if len(concepts) == 2:
            said = [0] * ("causes" in text) + [1] * (concepts[0] == "X:zinc") + [2] * ("!" in text)
            pairs.append((doc, concepts[0], concepts[1], said))
    documents = [[0] if "ill" in text else [1] if "zinc" in text else [] for text in corpus.texts]
    votes = {
        "names": votes_of(NAMES, of_words, corpus.row_doc.tolist()),
        "cid": votes_of(
            CID,
            [said for *_, said in pairs],
            [doc for doc, *_ in pairs],
            subjects=tuple(s for _, s, _, _ in pairs),
            objects=tuple(o for _, _, o, _ in pairs),
        ),
        "kind": votes_of(KIND, documents, list(range(len(corpus.texts)))),
    }
    return Reading(votes, {name: _soft(found) for name, found in votes.items()})


def _soft(votes: TaskVotes) -> SoftLabels:
    matrix = votes.matrix
    covered = np.bincount(matrix.candidate, minlength=matrix.n_candidates) > 0
    first = np.where(covered, 0.75, 0.25).astype(np.float32)
    return SoftLabels(matrix.task, np.stack([first, 1 - first], axis=1), covered)


@pytest.fixture
def version(labeled: Labeled) -> Version:
    parts = [("zinc", "X:zinc"), " causes ", ("pain", "X:pain"), " somehow"]
    found = labeled(parts, pairs=[("X:zinc", "X:pain")])
    truth = np.array([[1, 0], [0, 1], [0, 1], [0, 1]], dtype=np.float32)
    names = replace(found.document.entities["names"], probabilities=truth)
    return replace(found, document=replace(found.document, entities={"names": names}))


@pytest.fixture
def checked(version: Version) -> Ground:
    return ground([version], read, {name: frozenset({"kb"}) for name in ("names", "cid", "kind")})


def judged(checked: Ground, new: Version, keeps: Keeps) -> tuple[LabeledDocument, dict[str, Tally]]:
    [found] = verify(checked, [0], [new], [keeps])
    return found.document, dict(found.tallies)


def test_what_did_not_change_keeps_all_labels(checked: Ground, version: Version) -> None:
    document, tallies = judged(checked, version, "everything")
    assert tallies == {"names": Tally(4), "cid": Tally(1), "kind": Tally(1)}
    assert document.relations["cid"].weight.tolist() == [1]


def test_a_lost_text_vote_drops_the_pair(checked: Ground, version: Version) -> None:
    new = rewrite(version, [Replacement(5, 11, "allays")])
    for keeps in get_args(Keeps):
        document, tallies = judged(checked, new, keeps)
        assert tallies["cid"] == Tally(dropped=1)
        assert document.relations["cid"].weight.tolist() == [0]
        assert document.entities["names"].weight.tolist() == [1, 1, 1, 1]


def test_a_lost_look_up_gives_a_new_label_where_it_is_not_promised(
    checked: Ground, version: Version
) -> None:
    new = rewrite(version, [Replacement(0, 4, "iron")], {"X:zinc": "X:iron"})
    document, tallies = judged(checked, new, "text")
    assert tallies["cid"] == Tally(relabeled=1)
    np.testing.assert_allclose(document.relations["cid"].probabilities, [[0.75, 0.25]])
    assert tallies["kind"] == Tally(relabeled=1)
    assert document.topics["kind"].weight == 0  # nothing votes on it any more
    strict, tallies = judged(checked, new, "everything")
    assert (tallies["cid"], tallies["kind"]) == (Tally(dropped=1), Tally(dropped=1))
    assert strict.topics["kind"].weight == 0


def test_a_pair_that_is_no_candidate_any_more_is_dropped(checked: Ground, version: Version) -> None:
    new = replace(
        version, document=replace(version.document, mentions=version.document.mentions[:1])
    )
    assert judged(checked, new, "text")[1]["cid"] == Tally(dropped=1)


def test_words_beside_a_change_must_keep_their_votes(checked: Ground, version: Version) -> None:
    # "somehow" did not change, they say, but now it is a name.
    text = version.document.text.replace("somehow", "in zinc")
    words = np.array([[0, 4], [5, 11], [12, 16], [17, 19], [20, 24]], dtype=np.int32)
    labels = version.document.entities["names"]
    five = replace(
        labels, probabilities=labels.probabilities[[0, 1, 2, 3, 3]], weight=np.ones(5, np.float32)
    )
    document = replace(version.document, text=text, words=words, entities={"names": five})
    passages = (replace(version.passages[0], text=text),)
    origin = np.array([0, 1, 2, 3, 3], dtype=np.int32)
    new = replace(version, document=document, passages=passages, origin=origin)
    found, tallies = judged(checked, new, "everything")
    assert found.entities["names"].weight.tolist() == [1, 1, 1, 1, 0]
    assert tallies["names"] == Tally(4, 0, 1)


def test_new_words_may_not_be_what_the_rules_call_otherwise(
    checked: Ground, version: Version
) -> None:
    unknown = rewrite(version, [Replacement(0, 4, "quicksilver")])
    assert judged(checked, unknown, "everything")[0].entities["names"].weight.tolist() == [1] * 4
    wrong = rewrite(version, [Replacement(17, 24, "iron")])
    assert judged(checked, wrong, "everything")[0].entities["names"].weight.tolist() == [1, 1, 1, 0]


def test_drafts_do_not_count(checked: Ground, version: Version) -> None:
    new = rewrite(version, [Replacement(17, 24, "somehow !")])
    assert judged(checked, new, "everything")[1]["cid"] == Tally(1)


def test_no_changed_document_asks_no_rule(checked: Ground) -> None:
    assert verify(checked, [], [], []) == []


def test_tallies_add_up() -> None:
    assert Tally(1, 2, 3) + Tally(1, 1, 1) == Tally(2, 3, 4)


def test_spans_are_compared_word_by_word(version: Version) -> None:
    def spans(corpus: Corpus, mentions: MentionTable) -> Reading:
        found = read(corpus, mentions)
        rows = [
            i for i, form in enumerate(corpus.row_form.tolist()) if corpus.forms[form] == "zinc"
        ]
        places = np.array([(i, i + 2) for i in rows], dtype=np.int32).reshape(-1, 2)
        documents = corpus.row_doc[places[:, 0]].tolist()
        votes = votes_of(NAMES, [[0]] * len(rows), documents, spans=places)
        return Reading({**found.votes, "names": votes}, {**found.soft, "names": _soft(votes)})

    checked = ground([version], spans, dict.fromkeys(("names", "cid", "kind"), frozenset()))
    new = rewrite(version, [Replacement(0, 4, "iron")])
    [found] = verify(checked, [0], [new], ["everything"])
    # The span over two words is gone: the second did not change and must have it.
    assert found.document.entities["names"].weight.tolist() == [1, 0, 1, 1]
