"""Ontologies and knowledge bases against the plain reference, on random hierarchies, tables and texts."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.apply.candidates import pair_candidates
from biolabel.apply.columns import lift
from biolabel.apply.conditions import evaluator
from biolabel.apply.knowledge import Knowledge
from biolabel.apply.ontologies import OntologyIndex
from biolabel.apply.scene import Scene
from biolabel.apply.terms import TermFinder
from biolabel.compile.plan import Plan
from biolabel.data.mentions import given_mentions
from biolabel.kb.ontology import Ontology
from biolabel.kb.pairs import Expansion, PairIndex, read_pairs
from biolabel.kb.sources import Source
from biolabel.kb.terms import CasePolicy
from biolabel.lang import tree
from tests.property.reference import knowledge as reference
from tests.unit.apply.world import PAIR, corpus, plan_of

CONCEPTS = [f"X:{i}" for i in range(7)]
OTHERS = ["Y:1", "Y:2", "Z:1"]
IDS = st.sampled_from(CONCEPTS)
ABOVE = st.dictionaries(IDS, st.lists(IDS, max_size=2, unique=True), min_size=1)
NAMED = st.lists(IDS, min_size=1, unique=True)
ROWS = st.lists(
    st.tuples(
        IDS,
        st.sampled_from(OTHERS[:2]),
        st.sampled_from(["m", "t"]),
        st.frozensets(st.sampled_from("1234"), min_size=1),
    ),
    min_size=1,
    max_size=8,
)
TEXT = " ".join(f"{{A={c}: a}}" for c in CONCEPTS) + " " + " ".join(
    f"{{B={c}: b}}" for c in OTHERS
)  # fmt: skip
RULES = f"""{PAIR}
ontology o
  from: catalog "o"
kb k
  from: catalog "k"
rule x for r
  votes: yes
  when: adjacent
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return plan_of(tmp_path_factory.mktemp("rules"), RULES)


OVER = corpus(TEXT)


def answers(
    plan: Plan, known: Knowledge, condition: tree.Condition
) -> dict[tuple[str, str], bool | None]:
    """Return what the engine says of every pair of concepts."""
    scene = Scene(OVER, plan, TermFinder(OVER, known), given_mentions(OVER))
    declaration = plan.tasks[0].declaration
    assert isinstance(declaration, tree.RelationDecl)
    frame = pair_candidates(OVER, scene.mentions, declaration).frame
    column = lift(evaluator(scene, frame, {}, {}).column(condition), frame)
    sides = [frame.concepts[i] for side in frame.sides.values() for i in side.concept]
    pairs = list(zip(sides[: len(frame)], sides[len(frame) :], strict=True))
    return {
        pair: bool(column.true[c]) if column.known[c] else None
        for pair, c in zip(pairs, frame.candidate.tolist(), strict=True)
    }


@settings(max_examples=150, deadline=None)
@given(NAMED, ABOVE, st.lists(IDS, max_size=2, unique=True), st.sampled_from(["a", "b"]))
def test_members(
    plan: Plan, named: list[str], above: dict[str, list[str]], roots: list[str], side: str
) -> None:
    names = {concept: (concept,) for concept in named}
    parents = {concept: tuple(up) for concept, up in above.items() if up}
    there = {*names, *(up for ups in parents.values() for up in ups)}
    roots = [root for root in roots if parents and root in there]
    index = OntologyIndex(Ontology(names, parents=parents), "A", ("exact",))
    condition = tree.Member(tree.Name(side), tree.Name("o"), tuple(roots))
    for (a, b), found in answers(plan, Knowledge({"o": index}, {}), condition).items():
        concept = a if side == "a" else b
        assert found is reference.member(concept, names, above, roots), concept


@settings(max_examples=150, deadline=None)
@given(ROWS, st.sampled_from([None, "m"]), st.booleans(), st.booleans())
def test_pairs(
    plan: Plan, rows: list[reference.Row], subset: str | None, both_ways: bool, complete: bool
) -> None:
    parts: dict[str, dict[tuple[str, str], int]] = {"": {}, "m": {}, "t": {}}
    for subject, object_, part, _ in rows:
        parts[""][subject, object_] = parts[part][subject, object_] = 1
    known = Knowledge({}, {"k": PairIndex(parts, complete=complete)})
    condition = tree.InKb(tree.Name("k"), subset=subset, both_ways=both_ways)
    for pair, found in answers(plan, known, condition).items():
        expected = reference.in_kb(
            pair, rows, subset=subset or "", both_ways=both_ways, complete=complete
        )
        assert found is expected, pair


@settings(max_examples=100, deadline=None)
@given(
    ROWS,
    st.frozensets(st.sampled_from("1234")),
    ABOVE,
    st.sampled_from(["ancestors", "descendants"]),
    st.none() | st.integers(1, 2),
)
def test_evidence_expands_and_is_guarded(
    rows: list[reference.Row],
    guarded: frozenset[str],
    above: dict[str, list[str]],
    direction: str,
    depth: int | None,
) -> None:
    lines = [f"{s}\t{o}\t{'|'.join(sorted(documents))}" for s, o, _, documents in rows]
    up = direction == "ancestors"
    expand = Expansion(
        "subject",
        "ancestors" if up else "descendants",
        depth,
        {concept: frozenset(ups) for concept, ups in above.items()},
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "k.tsv"
        # One row of two documents, so that the column is taken for documents.
        file.write_text("\n".join(["subject\tobject\tevidence", *lines, "\tY:1\t1|2"]) + "\n")
        found = read_pairs(Source("tsv", (str(file),)), guarded, expand=[expand])
    reach = above if up else upside_down(above)
    for subject in CONCEPTS:
        for object_ in OTHERS:
            expected = reference.evidence((subject, object_), rows, guarded, reach, depth)
            assert found.counts[""].get((subject, object_)) == expected
    stated = sum(len(documents & guarded) for *_, documents in rows)
    assert found.withheld == stated


def upside_down(above: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {c: [below for below, ups in above.items() if c in ups] for c in CONCEPTS}


WORDS = [
    "renal",
    "anaemia",
    "pain",
    "nephrosis",
    "ALL",
    "pH",
    "naloxone",
    "naloxane",
    "of",
    "alpha",
]
SLIPS = [
    "\N{GREEK SMALL LETTER ALPHA}",
    "anemia",
    "renall",
    "nefrosis",
    "nephrosys",
    "nalozone",
    "naloxne",
    "all",
    "Renal",
    "ph",
    ",",
    "pains",
]
NAMES = st.dictionaries(
    IDS,
    st.lists(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
        | st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)).map(", ".join),
        min_size=1,
        max_size=2,
        unique=True,
    ),
    min_size=1,
    max_size=4,
)
CASES: st.SearchStrategy[CasePolicy] = st.sampled_from(["fold", "exact", "smart"])


@settings(max_examples=300, deadline=None)
@given(
    NAMES,
    st.lists(st.sampled_from([*WORDS, *SLIPS]), min_size=1, max_size=8),
    CASES,
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, 0.75, 0.85, 0.93]),
)
def test_names_in_texts(
    names: dict[str, list[str]],
    words: list[str],
    case: CasePolicy,
    reorder: bool,
    spelling: bool,
    cut: float | None,
) -> None:
    variants = [way for way, on in (("reorder", reorder), ("spelling", spelling)) if on]
    ways = ("exact", *variants, *([f"fuzzy {cut}"] if cut else []))
    held = Ontology({concept: tuple(texts) for concept, texts in names.items()})
    index = OntologyIndex(held, "A", ways, case)
    finder = TermFinder(corpus(" ".join(words)), Knowledge({"o": index}, {}))
    hits, terms = finder.hits("o"), finder.terms("o", ways)
    found = {
        (first, end, concept)
        for first, end, term in zip(hits.first.tolist(), hits.end.tolist(), hits.term, strict=True)
        for concept in terms.concepts[term]
    }
    assert found == reference.names_in(
        words, names, case=case, reorder=reorder, spelling=spelling, cut=cut
    )
