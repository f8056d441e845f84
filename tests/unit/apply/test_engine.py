import gc
from pathlib import Path
from weakref import ref

from biolabel.apply.engine import apply_task, counts_of_votes
from biolabel.apply.knowledge import Knowledge
from tests.unit.apply.world import PAIR, TOPIC, corpus, ontology, pairs, plan_of, votes_of, world

TEXT = "{A=X:1: one} causes {B=Y:1: two}. {A=X:1: One} and {A=X:2: six} in {B=Y:1: two}"


def test_votes_of_a_relation(tmp_path: Path) -> None:
    rules = (
        f"{PAIR}rule near for r\n  votes: yes\n  when: distance <= 1 words\n  precision: 0.9\n"
        'rule cause for r\n  votes: yes\n  when: sentence has {a} "causes" {b}\n'
        "rule far for r\n  votes: none\n  when: not near fires\n"
        'rule off_rule for r\n  status: off\n  votes: yes\n  when: sentence has "in"\n'
    )
    over = corpus(TEXT, "nothing", "{A=X:3: a} b c {B=Y:2: d}")
    plan = plan_of(tmp_path, rules)
    votes, named = votes_of(plan, over, "r")
    assert named == {"near": {0: "yes", 1: "yes"}, "cause": {0: "yes"}, "far": {2: "none"}}
    assert votes.subjects == ("X:1", "X:2", "X:3")
    assert votes.objects == ("Y:1", "Y:1", "Y:2")
    assert votes.documents.tolist() == [0, 0, 2]
    first = [votes.matrix.lfs[lf].name for lf in votes.matrix.lf.tolist()].index("cause")
    assert votes.evidence[first].tolist() == [0, 3]
    near = next(lf for lf in votes.matrix.lfs if lf.name == "near")
    assert (near.precision, near.groups) == (0.9, frozenset({"rule:near"}))


def test_what_rules_looked_at_is_freed_with_the_last_look(tmp_path: Path) -> None:
    # Else the columns of one shard stay in memory beside those of the next, until the collector runs.
    rules = (
        f'{PAIR}rule x for r\n  votes: yes\n  when: sentence has {{a}} "causes" {{b}} and same sentence\n'
        '  unless: document has "One" or title has /one c/\n'
    )
    plan = plan_of(tmp_path, rules)
    here = world(plan, corpus(TEXT))
    gc.disable()
    try:
        apply_task(plan.tasks[0], here.scene, {})
        scene, corpus_seen = ref(here.scene), here.scene.corpus
        del here
        assert scene() is None
    finally:
        gc.enable()
    assert corpus_seen.ids


def test_rules_may_refer_to_later_ones(tmp_path: Path) -> None:
    rules = (
        f"{PAIR}rule x for r\n  votes: yes\n  when: y fires\n"
        "rule y for r\n  votes: none\n  when: z fires and same sentence\n"
        'rule z for r\n  votes: yes\n  when: sentence has "causes"\n'
    )
    _, named = votes_of(plan_of(tmp_path, rules), corpus(TEXT), "r")
    assert named["x"] == {0: "yes"}
    assert named["y"] == {0: "none"}


def test_a_rule_fires_on_pairs_of_mentions(tmp_path: Path) -> None:
    # y fires for the first mention of X:1, x asks about the second: no pair of mentions does both.
    rules = (
        f'{PAIR}rule y for r\n  votes: yes\n  when: sentence has "causes" {{b}}\n'
        'rule x for r\n  votes: yes\n  when: y fires and sentence has "in" {b}\n'
    )
    _, named = votes_of(plan_of(tmp_path, rules), corpus(TEXT), "r")
    assert named == {"y": {0: "yes"}, "x": {}}


def test_unless_blocks_for_any_mention_pair(tmp_path: Path) -> None:
    rules = (
        f'{PAIR}rule x for r\n  votes: yes\n  when: same sentence\n  unless: sentence has "causes"\n'
        '  unless: sentence has "zebra"\n'
    )
    _, named = votes_of(plan_of(tmp_path, rules), corpus(TEXT), "r")
    assert named["x"] == {1: "yes"}


def test_cases_and_else_of_a_relation(tmp_path: Path) -> None:
    three = PAIR.replace("yes, none", "yes, maybe, none")
    rules = (
        f'{three}rule x for r\n  case: yes when sentence has "causes"\n'
        "  case: maybe when distance <= 1 words\n  else: none\n"
        "rule y for r\n  votes: not none\n  when: adjacent\n  else: one of (maybe, none)\n"
    )
    over = corpus(TEXT, "{A=X:3: a} b c {B=Y:2: d}")
    _, named = votes_of(plan_of(tmp_path, rules), over, "r")
    assert named["x"] == {0: "yes", 1: "maybe", 2: "none"}
    assert named["y"] == dict.fromkeys(range(3), "maybe|none")


def test_unknown_gives_no_vote_at_all(tmp_path: Path) -> None:
    declared = 'ontology o\n  from: catalog "o"\nkb k\n  from: catalog "k"\n  complete: yes\n'
    rules = (
        f"{PAIR}{declared}rule x for r\n  votes: yes\n  when: a in o\n  else: none\n"
        "rule y for r\n  votes: none\n  when: not pair in k\n"
    )
    knowledge = Knowledge({"o": ontology({"X:1": ["one"]})}, {"k": pairs(("X:1", "Y:1"))})
    _, named = votes_of(plan_of(tmp_path, rules), corpus(TEXT), "r", knowledge)
    assert named == {"x": {0: "yes", 1: "none"}, "y": {1: "none"}}


def test_the_candidates_of_a_relation(tmp_path: Path) -> None:
    relation = PAIR + "  when: near\ncondition near for r\n  is: sentence has p\n"
    rules = f'{relation}pattern p\n  is: {{a}} "causes"\nrule x for r\n  votes: yes\n  when: a before b\n'
    votes, named = votes_of(plan_of(tmp_path, rules), corpus(TEXT), "r")
    assert votes.subjects == ("X:1",)
    assert votes.matrix.n_candidates == 1
    assert named["x"] == {0: "yes"}


def test_documents_with_one_or_many_labels(tmp_path: Path) -> None:
    rules = (
        "document t\n  labels: x, y\n  pick: {}\n"
        'rule k for t\n  case: x when document has "a"\n  case: y when document has "b"\n'
    )
    over = corpus("a b", "b", "c")
    assert votes_of(plan_of(tmp_path, rules.format("one")), over, "t")[1]["k"] == {0: "x", 1: "y"}
    many, named = votes_of(plan_of(tmp_path, rules.format("many")), over, "t")
    assert named["k"] == {0: "x|y", 1: "y"}
    assert not many.matrix.task.exclusive
    assert many.evidence.tolist() == [[0, 0], [0, 0]]


def test_counts_of_votes_are_exact_votes_by_candidate(tmp_path: Path) -> None:
    rules = (
        f"{PAIR.replace('yes,', 'yes, maybe,')}rule x for r\n  votes: yes\n  when: same sentence\n"
        "rule y for r\n  votes: yes\n  when: distance <= 1 words\n"
        "rule z for r\n  votes: one of (yes, none)\n  when: a before b\n"
        "rule w for r\n  status: draft\n  votes: maybe\n  when: a before b\n"
    )
    over = corpus("nothing", TEXT)
    votes, _ = votes_of(plan_of(tmp_path, rules), over, "r")
    counts = counts_of_votes(votes, 2)
    assert {key: found.tolist() for key, found in counts.items()} == {
        ("r", "yes"): [0, 2],
        ("r", "maybe"): [0, 0],
        ("r", "none"): [0, 0],
    }


def test_tasks_use_the_votes_of_earlier_tasks(tmp_path: Path) -> None:
    rules = (
        f"{TOPIC}rule k for t\n  votes: yes\n  when: any r voted yes\n  else: other\n"
        f"{PAIR}rule x for r\n  votes: yes\n  when: same sentence\n"
    )
    plan = plan_of(tmp_path, rules)
    assert [task.task.name for task in plan.tasks] == ["r", "t"]
    scene = world(plan, corpus("nothing", TEXT)).scene
    voted = counts_of_votes(apply_task(plan.tasks[0], scene, {}), 2)
    topics = apply_task(plan.tasks[1], scene, voted)
    assert topics.matrix.mask.tolist() == [2, 1]


def test_no_candidates(tmp_path: Path) -> None:
    rules = (
        f"{PAIR}rule x for r\n  votes: yes\n  when: shared_sentences = 0 and not adjacent\n"
        "  unless: sentence has {a} ..3 {b} both ways or same text or another A closer to b\n"
        "  else: none\n"
        "rule y for r\n  votes: yes\n  when: a is most_mentioned or a is plural\n"
        "    or distance < 3 words or document has at least 2 different {a} | {b}\n"
    )
    votes, named = votes_of(plan_of(tmp_path, rules), corpus("{A=X:1: one} alone"), "r")
    assert votes.matrix.n_candidates == 0
    assert named == {"x": {}, "y": {}}
    assert votes.evidence.shape == (0, 2)


def test_progress_sees_every_rule(tmp_path: Path) -> None:
    seen: list[tuple[str, int | None]] = []

    def progress(items, *, name, total=None):  # type: ignore[no-untyped-def]
        seen.append((name, total))
        return iter(items)

    plan = plan_of(tmp_path, f"{PAIR}rule x for r\n  votes: yes\n  when: adjacent\n")
    apply_task(plan.tasks[0], world(plan, corpus(TEXT)).scene, {}, progress)
    assert seen == [("rules of r", 1)]


def test_pairs_of_mentions_get_votes_by_their_keys(tmp_path: Path) -> None:
    task = PAIR.replace("  level: concept\n", "").replace("yes, none", "yes, no_way, none")
    rules = (
        f"{task}\nrule near for r\n  votes: yes\n  when: adjacent\n"
        'rule told for r\n  case: no_way when between has "not"\n  case: none when between has "x"\n'
    )
    text = "{A=X:1: one} {B: two} not {A=X:1: one}"
    found, votes = votes_of(plan_of(tmp_path, rules), corpus(text), "r")
    assert found.subjects == ("@0-3:A", "@12-15:A")
    assert found.objects == ("@4-7:B", "@4-7:B")
    assert votes == {"near": {0: "yes"}, "told": {1: "no_way"}}
    assert found.documents.tolist() == [0, 0]


def test_sentences_as_candidates(tmp_path: Path) -> None:
    rules = (
        f'{TOPIC}  unit: sentence\nrule k for t\n  votes: yes\n  when: sentence has "a"\n'
        "rule l for t\n  votes: other\n  when: section is title\n  else: yes\n"
        'rule m for t\n  votes: yes\n  when: document has at least 2 "a" and k fires\n'
    )
    over = corpus("A b. C a || d. A", "c")
    votes, named = votes_of(plan_of(tmp_path, rules), over, "t")
    assert votes.documents.tolist() == [0, 0, 0, 0, 1]
    assert list(named["k"]) == list(named["m"]) == [0, 1, 3]
    assert named["l"] == {0: "other", 1: "other", 2: "yes", 3: "yes", 4: "other"}
    assert votes.evidence[votes.matrix.lf == 0].tolist() == [[0, 3], [3, 5], [7, 8]]


def test_several_labels_of_a_pair(tmp_path: Path) -> None:
    rules = (
        f"{PAIR.replace('yes,', 'yes, maybe,')}  pick: many\nrule k for r\n"
        '  case: yes when adjacent\n  case: maybe when sentence has "c"\n  else: none\n'
    )
    over = corpus("{A=X:1: a} {B=Y:1: b} c {B=Y:2: d}", "{A=X:1: a} e {B=Y:1: b}")
    _, named = votes_of(plan_of(tmp_path, rules), over, "r")
    assert named["k"] == {0: "yes|maybe", 1: "maybe", 2: "none"}


def test_tuples(tmp_path: Path) -> None:
    rules = (
        PAIR.replace("b: B", "b: B, c: C")
        + 'rule k for r\n  votes: yes\n  when: sentence has {a} .. "of" {b} .. {c}\n'
        + "rule l for r\n  votes: none\n  when: another B closer to c or distance(a, c) > 5 words\n"
        + "rule m for r\n  votes: yes\n  when: shared_sentences = 1 and same sentence\n"
    )
    over = corpus("{A=X:1: a} of {B=Y:1: b} {C=Z:1: c} and {B=Y:2: d}")
    votes, named = votes_of(plan_of(tmp_path, rules), over, "r")
    assert (votes.subjects, votes.objects) == (("X:1", "X:1"), ("Y:1", "Y:2"))
    assert votes.others == (("Z:1", "Z:1"),)
    assert named == {"k": {0: "yes"}, "l": {1: "none"}, "m": {0: "yes", 1: "yes"}}
    assert votes.evidence[0].tolist() == [0, 4]
