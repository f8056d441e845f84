from biolabel.workflow.bench import Bench
from biolabel.workflow.breakdown import COVERED, UNCOVERED, Part
from biolabel.workflow.evaluate import SYSTEMS, evaluate, open_breakdown, open_scores


def parts(bench: Bench, by: str, system: str, source: str) -> dict[str, Part]:
    found = open_breakdown(evaluate(bench, "dev"))
    return {p.group: p for p in found if (p.by, p.system, p.mentions) == (by, system, source)}


def test_groups_add_up_to_the_whole(bench: Bench) -> None:
    note = evaluate(bench, "dev")
    scores = {(r.task, r.metric, r.mentions, r.system): r for r in open_scores(note)}
    sums: dict[tuple[str, str, str, str], list[int]] = {}
    for part in open_breakdown(note):
        found = sums.setdefault((part.task, part.mentions, part.system, part.by), [0, 0, 0])
        for i, number in enumerate((part.tp, part.fp, part.fn)):
            found[i] += number
    assert {by for *_, by in sums} >= {"type", "length", "rules", "ontologies", "distance"}
    assert {system for _, _, system, _ in sums} == set(SYSTEMS)
    for (task, mentions, system, _), (tp, fp, fn) in sums.items():
        metric = "mentions micro" if task == "mentions" else "pairs"
        whole = scores[task, metric, mentions, system]
        assert 2 * tp / max(2 * tp + fp + fn, 1) == whole.f1


def test_what_no_rule_covers_the_label_model_cannot_find(bench: Bench) -> None:
    found = parts(bench, "rules", "label_model", "own")
    assert found[COVERED].tp > 0
    assert found.get(UNCOVERED, Part("", "", "", "", "", 0, 0, 0)).tp == 0


def test_names_of_ontologies_are_told_from_others(bench: Bench) -> None:
    found = parts(bench, "ontologies", "label_model", "own")
    assert found["a name"].tp > 0
