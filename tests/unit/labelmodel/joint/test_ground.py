"""Bound arguments, tasks that pick many labels, and more terms than atoms can list: by enumeration."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from biolabel.data.labels import Arguments, Constraint, Task, TaskGraph, Term
from biolabel.errors import ModelError
from biolabel.labelmodel.joint import joint
from biolabel.labelmodel.joint.beliefs import propagate
from biolabel.labelmodel.joint.bindings import rows_of
from biolabel.labelmodel.joint.cliques import MAX_CELLS, cliques, likeliest, marginals
from biolabel.labelmodel.joint.feasible import linked
from biolabel.labelmodel.joint.ground import MAX_TERMS, Ground, ground
from biolabel.labelmodel.joint.joint import decode, infer
from biolabel.labelmodel.joint.network import Stack, stacks
from biolabel.labelmodel.joint.programs import best
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.votes import Floats

CID = Task("cid", "relation", ("none", "causes"))
CURES = Task("cures", "relation", ("none", "cures"))
WORDS = Task("words", "entity", ("none", "Chemical", "Disease"))
MANY = Task("marks", "document", ("growth", "death", "none"), exclusive=False)
TASKS = (CID, CURES, WORDS, MANY)

Soft = dict[str, Floats]
Cover = dict[str, Flags]
Labeling = dict[tuple[str, int], tuple[bool, ...]]


def documents(generator: np.random.Generator, n: int = 3) -> tuple[Soft, Cover, TaskGraph]:
    """Two chemicals (0, 1) and one or two diseases (2, 3) a document, named in words and pairs."""
    rows: dict[str, list[tuple[int, list[tuple[int, ...]]]]] = {task.name: [] for task in TASKS}
    for document in range(n):
        diseases = (2, 3)[: generator.integers(1, 3)]
        for disease in diseases:
            rows["cid"].append((document, [(0, disease)]))
            rows["cures"].append((document, [(0, disease)]))
        rows["cid"].append((document, [(1, 2)]))
        rows["words"] += [(document, [(name,)]) for name in (0, 0, 2)]
        rows["marks"].append((document, []))
    soft: Soft = {}
    for task in TASKS:
        k, size = len(task.labels), len(rows[task.name])
        soft[task.name] = generator.dirichlet(np.full(k, 0.7), size=size)
        if not task.exclusive:
            soft[task.name] = generator.uniform(0.05, 0.95, (size, k))
    cover = {name: generator.random(len(own)) < 0.9 for name, own in soft.items()}
    arguments = {}
    for name in ("cid", "cures", "words"):
        held = [(row, named) for row, (_, named) in enumerate(rows[name])]
        arguments[name] = Arguments(
            np.array([row for row, named in held for _ in named]),
            np.array([own for _, named in held for own in named]),
        )
    places = {n: np.array([d for d, _ in own], dtype=np.int32) for n, own in rows.items()}
    return soft, cover, TaskGraph(TASKS, (), n, places, arguments)


CAUSES = Term("cid", 0b10, arguments=("c", "d"))
CHEMICAL = Term("words", 0b010, arguments=("c",))
DISEASE = Term("words", 0b100, arguments=("d",))
CONSTRAINTS = {
    "types": (Constraint("types", ((CAUSES,),), ((CHEMICAL, DISEASE),)),),
    "types, softly": (Constraint("types", ((CAUSES,),), ((CHEMICAL,),), 0.8),),
    "either": (
        Constraint("either", ((CAUSES, Term("cures", 0b10, arguments=("c", "d"))),)),
        Constraint("any", ((Term("cures", 0b10),),), ((Term("marks", 0b010),),), 0.9),
    ),
    "many": (
        Constraint("growth", ((Term("marks", 0b001),),), ((Term("cid", 0b10),),), 0.7),
        Constraint("none", ((Term("marks", 0b100), Term("marks", 0b011 ^ 0b001)),)),
        Constraint("not", ((Term("marks", 0b101),),), ((Term("cid", 0b01, "every"),),), 0.6),
    ),
    "every word": (
        Constraint("every", ((CAUSES,),), ((Term("words", 0b011, "every", ("c",)),),)),
        Constraint("one", ((Term("words", 0b100),),), ((Term("cures", 0b01, "every"),),), 0.75),
    ),
    "a free argument": (
        Constraint("free", ((Term("words", 0b010, arguments=("c",)),),), ((CAUSES,),), 0.9),
    ),
}


def truth(
    term: Term, binding: Mapping[str, int], chosen: Labeling, graph: TaskGraph, document: int
) -> bool | None:
    task = next(t for t in graph.tasks if t.name == term.task)
    rows = [r for n, r in chosen if n == term.task and graph.documents[n][r] == document]
    if term.arguments:
        held = graph.arguments[term.task]
        fitting = {
            int(row)
            for row, names in zip(held.row, held.names.tolist(), strict=True)
            if all(
                binding.get(v, name) == name for v, name in zip(term.arguments, names, strict=True)
            )
        }
        rows = [row for row in rows if row in fitting]
        if not rows:
            return None
    said = []
    for row in rows:
        labels = chosen[term.task, row]
        if task.exclusive:
            said.append(any(term.mask >> y & 1 and on for y, on in enumerate(labels)))
        elif term.mask.bit_count() == 1:
            said.append(labels[term.mask.bit_length() - 1])
        else:
            left_out = ((1 << len(labels)) - 1) & ~term.mask
            said.append(not labels[left_out.bit_length() - 1])
    return any(said) if term.quantifier == "any" else all(said)


def bound(constraint: Constraint, graph: TaskGraph, rows: list[tuple[str, int]], document: int
          ) -> Iterator[dict[str, int]]:  # fmt: skip
    terms = {t for c in constraint.condition for t in c if t.arguments}
    names = sorted({name for term in terms for name in term.arguments})
    known = {
        (task, tuple(own))
        for task in graph.arguments
        for row, own in zip(graph.arguments[task].row, graph.arguments[task].names.tolist(),
                            strict=True)
        if (task, row) in rows and graph.documents[task][row] == document
    }  # fmt: skip
    for values in product(range(4), repeat=len(names)):
        binding = dict(zip(names, values, strict=True))
        if all((t.task, tuple(binding[v] for v in t.arguments)) in known for t in terms):
            yield binding


def weights(soft: Soft, cover: Cover, graph: TaskGraph, document: int
            ) -> Iterator[tuple[Labeling, float]]:  # fmt: skip
    """Yield every labeling of a document's rows of linked tasks that take part, with its weight."""
    kinds = {task.name: task for task in graph.tasks}
    rows = [
        (name, row)
        for links in linked(graph)
        for name in links.tasks
        for row in np.flatnonzero(graph.documents[name] == document).tolist()
        if cover[name][row] or kinds[name].kind == "document"
    ]
    choices = []
    for name, row in rows:
        k = len(kinds[name].labels)
        if kinds[name].exclusive:
            one_hot = [tuple(y == at for at in range(k)) for y in range(k)]
            choices.append([(labels, soft[name][row][labels.index(True)]) for labels in one_hot])
        else:
            p = soft[name][row]
            choices.append(
                [(on, np.prod(np.where(on, p, 1 - p))) for on in product((False, True), repeat=k)]
            )
    for picked in product(*choices):
        chosen = {at: labels for at, (labels, _) in zip(rows, picked, strict=True)}
        weight = float(np.prod([share for _, share in picked]))
        for item in graph.constraints:
            for binding in bound(item, graph, rows, document):
                parts = [
                    [[truth(t, binding, chosen, graph, document) for t in c] for c in part]
                    for part in (item.condition, item.consequence)
                ]
                if any(value is None for part in parts for c in part for value in c):
                    continue
                fires, follows = (any(all(c) for c in part) for part in parts)
                weight *= item.strength if follows or not fires else 1 - item.strength
        yield chosen, weight


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", CONSTRAINTS)
def test_inference_and_decoding_are_enumeration(name: str, seed: int) -> None:
    soft, cover, free = documents(np.random.default_rng(seed))
    graph = TaskGraph(TASKS, CONSTRAINTS[name], 3, free.documents, free.arguments)
    found, decoded = infer(soft, cover, graph), decode(soft, cover, graph)
    for document in range(3):
        total: dict[tuple[str, int], Floats] = {}
        likeliest_one, most, mass, same = {}, -1.0, 0.0, 0.0
        for chosen, weight in weights(soft, cover, graph, document):
            mass += weight
            for at, labels in chosen.items():
                total[at] = total.get(at, np.zeros(len(labels))) + weight * np.array(labels)
            if weight > most:
                likeliest_one, most = chosen, weight
            if all(tuple(decoded[n][r].tolist()) == labels for (n, r), labels in chosen.items()):
                same = weight
        for (task, row), values in total.items():
            np.testing.assert_allclose(found[task][row], values / mass, atol=1e-6)
        assert likeliest_one
        assert same == pytest.approx(most, rel=1e-6)


def network(seed: int) -> tuple[Ground, list[Stack]]:
    soft, cover, free = documents(np.random.default_rng(seed), 6)
    every = tuple(c for name in ("types, softly", "either") for c in CONSTRAINTS[name])
    graph = TaskGraph(TASKS, every, 6, free.documents, free.arguments)
    (links,) = linked(graph)
    rows = {t.name: rows_of(t, soft[t.name], cover[t.name], graph) for t in TASKS}
    found = ground(links.constraints, rows, 6)
    return found, list(stacks(found.network))


@pytest.mark.parametrize("seed", range(5))
def test_messages_are_near_the_junction_tree(seed: int) -> None:
    for stack in network(seed)[1]:
        beliefs = propagate(stack)
        assert beliefs.converged
        for exact, near in zip(marginals(stack, cliques(stack)), beliefs.marginals, strict=True):
            share = [np.exp(log - log.max(axis=1, keepdims=True)) for log in (exact, near)]
            one, other = (each / each.sum(axis=1, keepdims=True) for each in share)
            np.testing.assert_allclose(other, one, atol=0.05)
            np.testing.assert_array_equal(one == 0, other == 0)


@pytest.mark.parametrize("seed", range(5))
def test_an_integer_program_decodes_what_the_junction_tree_does(seed: int) -> None:
    for stack in network(seed)[1]:
        one, other = likeliest(stack, cliques(stack)), best(stack)
        np.testing.assert_allclose(other[1], one[1], atol=1e-6)
        np.testing.assert_array_equal(other[0], one[0])


def test_more_terms_than_atoms_can_list() -> None:
    fine = Task("fine", "document", tuple("abcdefghij"))
    coarse = Task("coarse", "document", ("low", "high"))
    implied = tuple(
        Constraint(f"c{y}", ((Term("fine", 1 << y),),), ((Term("coarse", 1 if y < 5 else 2),),))
        for y in range(10)
    )
    generator = np.random.default_rng(0)
    soft = {"fine": generator.dirichlet(np.ones(10), 40), "coarse": generator.dirichlet([1, 1], 40)}
    cover = {name: np.ones(40, dtype=np.bool_) for name in soft}
    places = {name: np.arange(40, dtype=np.int32) for name in soft}
    graph = TaskGraph((fine, coarse), implied, 40, places)
    found = infer(soft, cover, graph)
    expected = soft["fine"] * np.repeat(soft["coarse"], 5, axis=1)
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found["fine"], expected, atol=1e-6)
    np.testing.assert_allclose(found["coarse"][:, 0], expected[:, :5].sum(axis=1), atol=1e-6)
    decoded = decode(soft, cover, graph)
    np.testing.assert_array_equal(decoded["fine"].argmax(1) < 5, decoded["coarse"][:, 0])
    np.testing.assert_array_equal(decoded["fine"].argmax(1), expected.argmax(1))


def test_order_of_rows_does_not_matter() -> None:
    soft, cover, free = documents(np.random.default_rng(3))
    graph = TaskGraph(TASKS, CONSTRAINTS["types"], 3, free.documents, free.arguments)
    found = infer(soft, cover, graph)
    order = np.random.default_rng(4).permutation(len(soft["cid"]))
    moved_soft = soft | {"cid": soft["cid"][order]}
    places = dict(free.documents) | {"cid": free.documents["cid"][order]}
    held = free.arguments["cid"]
    names = dict(free.arguments) | {"cid": Arguments(held.row, held.names[order])}
    moved = TaskGraph(TASKS, CONSTRAINTS["types"], 3, places, names)
    again = infer(moved_soft, cover | {"cid": cover["cid"][order]}, moved)
    np.testing.assert_allclose(again["cid"], found["cid"][order], atol=1e-9)
    np.testing.assert_allclose(again["words"], found["words"], atol=1e-9)


def test_what_cannot_be_used_is_named() -> None:
    _, _, free = documents(np.random.default_rng(0))
    wide = Task("wide", "document", tuple("abcdefghijklmnopqrst"), exclusive=False)
    one_of = Constraint("one_of", ((Term("wide", 0b11),),))
    with pytest.raises(ModelError, match="`one_of`") as caught:
        linked(TaskGraph((wide,), (one_of,), 0, {}))
    assert caught.value.code == "BL807"
    with pytest.raises(ModelError, match="no known arguments") as caught:
        linked(TaskGraph(TASKS, CONSTRAINTS["either"], 3, free.documents))
    assert caught.value.code == "BL807"
    terms = tuple(Term("wide", 1 << y) for y in range(MAX_TERMS + 1))
    soft = {"wide": np.full((1, 20), 0.5)}
    graph = TaskGraph((wide,), (Constraint("long", (terms,)),), 1, {"wide": np.zeros(1, np.int32)})
    with pytest.raises(ModelError, match="17 different terms") as caught:
        infer(soft, {"wide": np.ones(1, dtype=np.bool_)}, graph)
    assert caught.value.code == "BL807"


@pytest.mark.parametrize("cells", [MAX_CELLS, 0])
def test_rows_that_admit_no_labels_are_an_error_by_trees_and_by_messages(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    soft, cover, graph = documents(np.random.default_rng(5), 1)
    cover = {name: np.ones_like(own) for name, own in cover.items()}
    growth, death = (((Term("marks", 1 << at),),) for at in range(2))
    some = Constraint("some", ((Term("cid", 0b10),),), growth)
    none = Constraint("none", ((Term("cid", 0b01, "every"),),), death)
    never = (Constraint("no growth", growth), Constraint("no death", death))
    monkeypatch.setattr(joint, "MAX_CELLS", cells)
    infer(soft, cover, replace(graph, constraints=(some, none, never[0])))
    with pytest.raises(ModelError, match="admit no labels") as caught:
        infer(soft, cover, replace(graph, constraints=(some, none, *never)))
    assert caught.value.code == "BL808"
