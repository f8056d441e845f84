import pytest

from biolabel.errors import RunError
from biolabel.workflow.bench import Bench
from biolabel.workflow.sample import judged_corpus, sample_rule


def test_samples_come_with_precision_and_true_examples(bench: Bench) -> None:
    found = sample_rule(bench, "dev", "said_to_cause", 3, 0)
    sampled = found.sampled
    assert sampled.hits > 0
    assert sampled.judged == sampled.hits
    assert found.examples
    assert {field for field, _ in found.examples} <= {
        "matches", "rejects", "todo_matches", "todo_rejects",
    }  # fmt: skip
    assert all("{chemical" in text and "{disease" in text for _, text in found.examples)
    assert found == sample_rule(bench, "dev", "said_to_cause", 3, 0)


@pytest.mark.parametrize("name", ["chemical_names", "title_of_harm", "indicated", "apart"])
def test_rules_of_every_kind_can_be_sampled(bench: Bench, name: str) -> None:
    found = sample_rule(bench, "corpus", name, 2, 1)
    assert found.sampled.rule == name
    assert len([s for s in found.sampled.samples if s.kind == "hit"]) == min(2, found.sampled.hits)


def test_a_misspelled_rule_is_an_error(bench: Bench) -> None:
    with pytest.raises(RunError) as raised:
        sample_rule(bench, "corpus", "said_to_cuase", 3, 0)
    assert (raised.value.code, raised.value.hint) == ("BL922", "did you mean `said_to_cause`?")


def test_one_rule_is_judged_with_what_it_asks(bench: Bench) -> None:
    judged = judged_corpus(bench, "corpus", "apart")
    assert [rule.lf.name for rule in judged.task("cid").rules] == ["apart"]
