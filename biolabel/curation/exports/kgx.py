"""KGX: assertions as a knowledge graph of the Biolink Model, two tables of nodes and edges.

A third table, which is no KGX, has the evidence of each edge in full. Several values of a cell stand
between `|`, as KGX wants it. Format: biolink/kgx, docs/kgx_format.md; values of `knowledge_level` and
`agent_type`: Biolink Model 4, KnowledgeLevelEnum and AgentTypeEnum.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from biolabel.curation.exports.tables import write_table
from biolabel.curation.exports.vocabulary import Vocabulary, concept_curie
from biolabel.curation.judged import judged_documents
from biolabel.curation.review import Reviewed
from biolabel.curation.table import EVIDENCE_COLUMNS, evidence_cells, write_lines

NODES = ("id", "category", "name", "provided_by")
EDGES = (
    "id",
    "category",
    "subject",
    "predicate",
    "object",
    "knowledge_level",
    "agent_type",
    "primary_knowledge_source",
    "publications",
    "has_evidence",
    "evidence_count",
    "extraction_confidence_score",
    "original_predicate",
)
_MINED = ("not_provided", "text_mining_agent", "ECO:0007669")
"""Level, agent and evidence of what text mining alone says (Biolink's guidance for text mining):
computational evidence used in automatic assertion."""
_CONFIRMED = ("knowledge_assertion", "manual_validation_of_automated_agent", "ECO:0000302")
"""The same once a curator has accepted it: author statement used in manual assertion."""


def write_kgx(
    folder: Path, reviewed: Sequence[Reviewed], types: Mapping[str, str], words: Vocabulary
) -> tuple[Path, ...]:
    """Write `nodes.tsv`, `edges.tsv` and `evidence.tsv`; return their paths.

    types: the mention type of each subject and object. Publications are the documents that state the
    assertion, as the model or, where they decided, the curators say.

    Raises:
        CorpusError: BL604 when a file cannot be written.
    """
    nodes = (NODES, *_nodes(reviewed, types, words))
    edges = (EDGES, *(_edge(each, words) for each in reviewed))
    return (
        write_lines(folder / "nodes.tsv", map("\t".join, nodes)),
        write_lines(folder / "edges.tsv", map("\t".join, edges)),
        write_table(folder / "evidence.tsv", ("edge", *EVIDENCE_COLUMNS), _evidence(reviewed)),
    )


def edge_id(reviewed: Reviewed) -> str:
    """Return what an assertion is called as an edge."""
    return f"BIOLABEL:{reviewed.id}"


def _nodes(
    reviewed: Iterable[Reviewed], types: Mapping[str, str], words: Vocabulary
) -> Iterator[tuple[str, ...]]:
    names: dict[str, str] = {}
    for each in reviewed:
        a = each.assertion
        names.setdefault(a.subject, a.subject_name)
        names.setdefault(a.object, a.object_name)
    for concept, name in sorted(names.items()):
        category = words.category(types.get(concept, ""))
        yield concept_curie(concept), category, " ".join(name.split()), words.source


def _edge(reviewed: Reviewed, words: Vocabulary) -> tuple[str, ...]:
    a = reviewed.assertion
    level, agent, evidence = _CONFIRMED if reviewed.outcome.state == "accepted" else _MINED
    documents = stating(reviewed)
    return (
        edge_id(reviewed),
        "biolink:Association",
        concept_curie(a.subject),
        words.predicate(reviewed.task, a.predicate),
        concept_curie(a.object),
        level,
        agent,
        words.source,
        "|".join(map(words.publication, documents)),
        evidence,
        str(len(documents)),
        f"{a.probability:.6g}",
        f"{reviewed.task}.{a.predicate}",
    )


def stating(reviewed: Reviewed) -> tuple[str, ...]:
    """Return the documents that state an assertion, in the order of its evidence."""
    judged = judged_documents(reviewed)
    rows = reviewed.assertion.evidence
    predicted = {row.document: row.probability is not None for row in reversed(rows)}
    ordered = dict.fromkeys([*(row.document for row in rows), *judged])
    return tuple(doc for doc in ordered if judged.get(doc, predicted.get(doc, False)))


def _evidence(reviewed: Iterable[Reviewed]) -> Iterator[tuple[str, ...]]:
    for each in reviewed:
        for row in each.assertion.evidence:
            yield edge_id(each), *evidence_cells(row)
