"""Targets, priors and the loss, against plain arithmetic."""

import numpy as np
import pytest
import torch

from biolabel.data.documents import Mention
from biolabel.data.labels import Task
from biolabel.data.rows import rows_of
from biolabel.data.training import LabeledDocument, TopicLabels, WordLabels
from biolabel.endmodel.network import Logits
from biolabel.endmodel.targets import begins, losses, measure, prior_logits, rows, trusted

NAMES = Task("names", "entity", ("Disease", "none"))
KIND = Task("kind", "document", ("rare", "usual"))
MANY = Task("kind", "document", ("rare", "usual"), exclusive=False)


def topic(rare: float, weight: float = 1.0) -> LabeledDocument:
    labels = np.array([rare, 1 - rare], dtype=np.float32)
    return LabeledDocument(
        "d", "x", np.array([[0, 1]], np.int32), (), topics={"kind": TopicLabels(labels, weight)}
    )


def test_begins_are_the_first_words_of_mentions_of_the_task() -> None:
    text = "renal failure, tremor after lithium"
    words, _ = rows_of(text)
    mentions = (Mention(0, 13, "Disease"), Mention(15, 21, "Disease"), Mention(28, 35, "Chemical"))
    start, inside = begins(LabeledDocument("d", text, words, mentions), NAMES)
    assert start.tolist() == [1, 0, 0, 1, 0, 0]
    assert inside.tolist() == [1, 1, 0, 1, 0, 0]


def test_unlabeled_words_and_documents_are_rows_without_weight() -> None:
    document = LabeledDocument("d", "a b", rows_of("a b")[0], ())
    labels, weight = rows(document, NAMES)
    assert labels.shape == (2, 2)
    assert weight.tolist() == [0, 0]
    assert rows(document, KIND)[1].tolist() == [0]
    assert rows(document, Task("r", "relation", ("x", "none")))[0].shape == (0, 2)


def test_the_prior_is_the_weighted_mean() -> None:
    documents = [topic(1.0, 0.5), *[topic(0.0)] * 9]
    balance = measure(documents, KIND, 0.0)
    assert balance.prior[0].item() == pytest.approx((0.5 + 0.5) / 10.5)  # with the pseudo-row
    assert balance.mass == pytest.approx(0.95)
    assert balance.factors.tolist() == [1, 1]


def test_full_balance_makes_labels_weigh_the_same() -> None:
    balance = measure([topic(1.0), *[topic(0.0)] * 9], KIND, 1.0)
    shares = balance.prior * balance.factors
    assert shares[0].item() == pytest.approx(shares[1].item())
    assert shares.sum().item() == pytest.approx(1.0)


@pytest.mark.parametrize("task", [KIND, MANY])
def test_prior_logits_give_the_prior(task: Task) -> None:
    prior = torch.tensor([0.2, 0.8])
    logits = prior_logits(task, prior)
    back = logits.softmax(dim=0) if task.exclusive else logits.sigmoid()
    torch.testing.assert_close(back, prior)


def test_the_loss_is_the_weighted_cross_entropy() -> None:
    documents = [topic(0.9, 2.0), topic(0.2, 0.0)]
    balances = {"kind": measure(documents, KIND, 0.0)}
    logits = Logits(topics={"kind": torch.tensor([[1.0, -1.0], [9.0, -9.0]])})
    loss = losses(logits, documents, [KIND], balances)["kind"].item()
    chance = 1 / (1 + np.exp(-2.0))
    assert loss == pytest.approx(-(0.9 * np.log(chance) + 0.1 * np.log(1 - chance)), abs=1e-5)


def test_soft_labels_are_where_the_loss_is_least() -> None:
    documents = [topic(0.7)]
    for task in (KIND, MANY):
        balances = {"kind": measure(documents, task, 0.0)}
        logits = prior_logits(task, torch.tensor([0.7, 0.3]))[None].requires_grad_()
        loss = losses(Logits(topics={"kind": logits}), documents, [task], balances)["kind"]
        (gradient,) = torch.autograd.grad(loss, logits)
        torch.testing.assert_close(gradient, torch.zeros(1, 2), atol=1e-6, rtol=0)


def test_begins_count_only_within_mentions() -> None:
    text = "renal failure x"
    words, _ = rows_of(text)
    labels = WordLabels(np.array([[1, 0], [1, 0], [0, 1]], np.float32), np.ones(3, np.float32))
    document = LabeledDocument("d", text, words, (Mention(0, 13, "Disease"),), {"names": labels})
    balances = {"names": measure([document], NAMES, 0.0)}
    sure = torch.tensor([[30.0, -30.0], [30.0, -30.0], [-30.0, 30.0]])

    def loss(*begin: float) -> float:
        logits = Logits(
            entities={"names": sure}, begins={"names": torch.tensor(begin, dtype=torch.float32)}
        )
        return losses(logits, [document], [NAMES], balances)["names"].item()

    assert loss(30, -30, 30) == pytest.approx(0, abs=1e-6)
    assert loss(30, 0, 30) == pytest.approx(np.log(2) / 3, abs=1e-5)


def test_tasks_without_labels_have_no_loss() -> None:
    documents = [topic(0.5)]
    balances = {"names": measure(documents, NAMES, 0.5)}
    assert losses(Logits(), documents, [NAMES], balances) == {}


def test_unsure_rows_weigh_less() -> None:
    labels = np.array([[1.0, 0.0], [0.5, 0.5], [0.9, 0.1]], np.float32)
    ones = np.ones(3, np.float32)
    for task in (KIND, MANY):
        assert trusted(labels, ones, task, 0.0).tolist() == [1, 1, 1]
        half = trusted(labels, ones, task, 0.5)
        assert half[:2].tolist() == pytest.approx([1, 0.5])
        assert half[1] < half[2] < half[0]
        assert trusted(labels, ones, task, 1.0)[1] == pytest.approx(0)
    assert trusted(labels[:0], ones[:0], KIND, 1.0).shape == (0,)
