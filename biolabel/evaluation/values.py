"""The analysis of rules as plain values, for programs: docs/analysis.md says what each name means."""

from typing import TYPE_CHECKING

from biolabel.evaluation.company import Cluster, Pair
from biolabel.evaluation.pieces import example_text
from biolabel.evaluation.rules import MatrixAnalysis, Measure, RuleAnalysis

if TYPE_CHECKING:
    # It brings the engine along, which an analysis of kept votes does not need.
    from biolabel.evaluation.uncovered import UncoveredSlice

Values = dict[str, object]


def analysis_values(found: MatrixAnalysis) -> Values:
    """Return the analysis of a task, rules in the order of their label matrix."""
    gold = found.gold
    return {
        "task": found.task,
        "candidates": found.candidates,
        "votes": found.votes,
        "coverage": found.coverage,
        "overlap": found.overlap,
        "conflict": found.conflict,
        "uncovered": found.uncovered,
        "voters": list(found.voters),
        "gold": gold
        and {
            "judged": gold.judged,
            "positive": gold.positive,
            "uncovered": gold.uncovered,
            "opposed": gold.opposed,
        },
        "rules": [rule_values(rule) for rule in found.rules],
        "pairs": [pair_values(pair) for pair in found.pairs],
    }


def rule_values(rule: RuleAnalysis) -> Values:
    """Return the analysis of one labeling function."""
    twin = rule.twin
    return {
        "name": rule.name,
        "draft": rule.draft,
        "labels": list(rule.labels),
        "votes": rule.votes,
        "coverage": rule.coverage,
        "overlap": rule.overlap,
        "conflict": rule.conflict,
        "alone": rule.alone,
        "repeated": rule.repeated,
        "redundancy": rule.redundancy,
        "twin": twin and {"name": twin.name, "shared": twin.shared, "share": twin.share},
        "gold": measure_values(rule.measure),
        "ballots": [
            {
                "labels": list(ballot.labels),
                "votes": ballot.votes,
                "gold": measure_values(ballot.measure),
            }
            for ballot in rule.ballots
        ],
    }


def measure_values(measure: Measure | None) -> Values | None:
    """Return what gold says of some votes, None where it says nothing."""
    if measure is None:
        return None
    return {
        "judged": measure.judged,
        "right": measure.right,
        "precision": measure.precision,
        "interval": [measure.interval.low, measure.interval.high],
        "base": measure.base,
        "verdict": measure.verdict,
    }


def pair_values(pair: Pair) -> Values:
    """Return what two labeling functions have in common."""
    return {
        "first": pair.first,
        "second": pair.second,
        "together": pair.together,
        "same": pair.same,
        "conflicts": pair.conflicts,
        "agreement": pair.agreement,
        "jaccard": pair.jaccard,
    }


def cluster_values(cluster: Cluster) -> Values:
    """Return a group of labeling functions that say the same."""
    return {"names": list(cluster.names), "jaccard": cluster.jaccard}


def slice_values(found: "UncoveredSlice") -> Values:
    """Return the uncovered slice; texts are marked as examples are."""
    return {
        "facets": [
            {
                "name": facet.name,
                "values": [
                    {
                        "value": share.value,
                        "candidates": share.candidates,
                        "uncovered": share.uncovered,
                        "positive": share.positive,
                        "missed": share.missed,
                    }
                    for share in facet.shares
                ],
            }
            for facet in found.facets
        ],
        "samples": [
            {
                "document": sample.document,
                "gold": None if sample.gold is None else list(sample.gold),
                "facets": dict(sample.facets),
                "text": example_text(sample.context),
            }
            for sample in found.samples
        ],
    }
