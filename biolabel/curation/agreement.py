"""Agreement: how often two curators who decided on the same assertions say the same, beyond chance."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from biolabel.curation.review import STATE_OF, Decision, State, counting


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two curators agree on the assertions that both decided on.

    both: how many these are; observed: the share on which they say the same; kappa: NaN where
    neither ever says anything but one and the same thing.
    """

    one: str
    other: str
    both: int
    observed: float
    kappa: float


def agreements(decisions: Iterable[Decision]) -> tuple[Agreement, ...]:
    """Return the agreement of each two curators with an assertion in common, by name.

    Verdicts are compared as what they make of an assertion: accepted, rejected or unsure. Only those
    count that stand, and that are about assertions, not about rows of evidence; adjudications do not,
    since who makes one has seen the others.
    """
    verdicts: dict[str, dict[str, State]] = {}
    for each in counting(decisions):
        if each.kind == "decision" and each.evidence is None and each.verdict is not None:
            verdicts.setdefault(each.by, {})[each.assertion] = STATE_OF[each.verdict]
    found = []
    for one, other in combinations(sorted(verdicts), 2):
        common = sorted(verdicts[one].keys() & verdicts[other].keys())
        if common:
            pairs = [(verdicts[one][each], verdicts[other][each]) for each in common]
            same = sum(first == second for first, second in pairs) / len(pairs)
            found.append(Agreement(one, other, len(pairs), same, cohens_kappa(pairs)))
    return tuple(found)


def cohens_kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Return Cohen's kappa of two raters from what both said of each item; NaN without variation.

    Source: Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological
    Measurement 20 (1960), 37-46: kappa = (p_o - p_c) / (1 - p_c), where p_o is the share of items on
    which they agree, and p_c the share to be expected from how often each says what.
    """
    n = len(pairs)
    if not n:
        return math.nan
    observed = sum(one == other for one, other in pairs) / n
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(first[label] * second[label] for label in first) / n**2
    return math.nan if chance == 1 else (observed - chance) / (1 - chance)
