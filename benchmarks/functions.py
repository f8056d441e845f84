"""The relation rules of tasks/cdr as Python labeling functions over the candidates of `pairs.py`.

They are written as for Snorkel: each takes a candidate and, by the name of a parameter, tables that it
looks concepts up in, and returns a label. A function has the name of the rule that says the same, so
that votes can be compared, and needs no other description.
"""

# ruff: noqa: D103

from collections.abc import Callable, Iterable, Mapping, Set

import cues
from lookups import Pairs
from pairs import Candidate, Mention, Pair

ABSTAIN, NONE, CAUSES = -1, 0, 1


def compound_name(pair: Pair) -> bool:
    """X-induced Y."""
    return pair.together and pair.forward and cues.COMPOUND.fullmatch(pair.between) is not None


def induced_by(pair: Pair) -> bool:
    """Y induced by X."""
    return (
        pair.together and not pair.forward and cues.INDUCED_BY.fullmatch(pair.between) is not None
    )


def near_cause(pair: Pair) -> bool:
    """X causes Y."""
    return pair.together and pair.forward and cues.NEAR_CAUSE.fullmatch(pair.between) is not None


def stated(x: Candidate) -> bool:
    """Return whether a sentence states the relation in one of the two surest ways."""
    return any(compound_name(pair) or induced_by(pair) for pair in x.together)


def stated_or_near(x: Candidate) -> bool:
    """Return whether a sentence states the relation in one of three ways."""
    return stated(x) or any(near_cause(pair) for pair in x.together)


def in_title(mentions: Iterable[Mention]) -> bool:
    """Return whether one of the mentions stands in the title."""
    return any(mention.sentence.in_title for mention in mentions)


def is_most_mentioned(concept: str, counts: Mapping[str, int]) -> bool:
    """Return whether no concept is named more often."""
    return counts[concept] == max(counts.values())


def ctd_well_known(x: Candidate, ctd: Pairs) -> int:
    return CAUSES if ctd.get((x.chemical, x.disease), 0) >= 10 else ABSTAIN


def ctd_many(x: Candidate, ctd: Pairs) -> int:
    return CAUSES if 3 <= ctd.get((x.chemical, x.disease), 0) < 10 else ABSTAIN


def not_in_ctd(x: Candidate, ctd: Pairs) -> int:
    return NONE if (x.chemical, x.disease) not in ctd else ABSTAIN


def label_lists_it(x: Candidate, side_effects: Pairs, indications: Pairs) -> int:
    pair = x.chemical, x.disease
    return CAUSES if pair in side_effects and pair not in indications else ABSTAIN


def label_and_curators(x: Candidate, side_effects: Pairs, ctd: Pairs) -> int:
    pair = x.chemical, x.disease
    return CAUSES if pair in side_effects and pair in ctd else ABSTAIN


def known_indication(x: Candidate, indications: Pairs) -> int:
    return NONE if (x.chemical, x.disease) in indications else ABSTAIN


def measured_substance(x: Candidate, measured: Set[str]) -> int:
    return NONE if x.chemical in measured and not stated(x) else ABSTAIN


def reason_for_treatment(x: Candidate, treated: Set[str]) -> int:
    return NONE if x.disease in treated and not stated_or_near(x) else ABSTAIN


def unspecific_disease(x: Candidate) -> int:
    return NONE if any(cues.UNSPECIFIC.match(disease.text) for disease in x.diseases) else ABSTAIN


def compound(x: Candidate) -> int:
    return CAUSES if any(compound_name(pair) for pair in x.together) else ABSTAIN


def induced(x: Candidate) -> int:
    if any(induced_by(pair) for pair in x.together):
        return ABSTAIN if any(map(cues.NEGATED.holds, x.diseases)) else CAUSES
    return ABSTAIN


def cause_between(x: Candidate) -> int:
    if any(near_cause(pair) for pair in x.together):
        return ABSTAIN if any(map(cues.NEGATED.holds, x.diseases)) else CAUSES
    return ABSTAIN


def next_to_each_other(x: Candidate) -> int:
    touching = (pair.chemical.end == pair.disease.first for pair in x.together)
    return CAUSES if any(touching) else ABSTAIN


def developed_after(x: Candidate) -> int:
    for pair in x.together:
        if not pair.forward and cues.AFTER_DRUG.fullmatch(pair.between):
            return ABSTAIN if any(map(cues.HISTORICAL.holds, x.diseases)) else CAUSES
    return ABSTAIN


def developed_with(x: Candidate) -> int:
    for pair in x.together:
        disease = pair.disease
        if cues.DEVELOPED.search(disease.before) and cues.EXPOSED.search(disease.sentence.text):
            return ABSTAIN if any(map(cues.NEGATED.holds, x.diseases)) else CAUSES
    return ABSTAIN


def exposed_then_developed(x: Candidate) -> int:
    for pair in x.together:
        if pair.forward and cues.DRUG_DEVELOPED.fullmatch(pair.between):
            return CAUSES
    return ABSTAIN


def side_effect_of(x: Candidate) -> int:
    found = (cues.SIDE_EFFECT.search(pair.chemical.before) for pair in x.together)
    return CAUSES if any(found) else ABSTAIN


def risk_of(x: Candidate) -> int:
    return CAUSES if any(cues.RISK.search(pair.disease.before) for pair in x.together) else ABSTAIN


def more_with_drug(x: Candidate) -> int:
    if not in_title(x.chemicals):
        return ABSTAIN
    if any(cues.MORE.search(cues.window(pair.disease, 8, after=True)) for pair in x.together):
        return ABSTAIN if any(map(cues.NEGATED.holds, x.diseases)) else CAUSES
    return ABSTAIN


def studied_together(x: Candidate, indications: Pairs) -> int:
    if (x.chemical, x.disease) in indications or not in_title(x.chemicals):
        return ABSTAIN
    if cues.TREATS.search(x.doc.title):
        return ABSTAIN
    return CAUSES if any(cues.HYPOTHETICAL.holds(pair.disease) for pair in x.together) else ABSTAIN


def case_of(x: Candidate) -> int:
    for pair in x.together:
        if (
            not pair.forward
            and cues.CASE_DRUG.fullmatch(pair.between)
            and cues.CASE.search(pair.disease.before)
        ):
            return ABSTAIN if any(map(cues.HISTORICAL.holds, x.diseases)) else CAUSES
    return ABSTAIN


def dose_then_finding(x: Candidate) -> int:
    if not in_title(x.diseases):
        return ABSTAIN
    for pair in x.together:
        if pair.forward and cues.DOSE.fullmatch(pair.between):
            return ABSTAIN if any(map(cues.NEGATED.holds, x.diseases)) else CAUSES
    return ABSTAIN


def stopped_or_given_again(x: Candidate, indications: Pairs) -> int:
    if not x.together or (x.chemical, x.disease) in indications or not in_title(x.chemicals):
        return ABSTAIN
    if not cues.STOPPED.search(x.doc.text) or any(map(cues.HISTORICAL.holds, x.diseases)):
        return ABSTAIN
    return CAUSES


def two_strong_signals(x: Candidate, ctd: Pairs, side_effects: Pairs) -> int:
    known = (ctd.get((x.chemical, x.disease), 0) >= 3) + ((x.chemical, x.disease) in side_effects)
    if known == 2:
        return CAUSES
    historical = any(map(cues.HISTORICAL.holds, x.diseases))
    for pair in x.together:
        after = not historical and not pair.forward and cues.AFTER_DRUG.fullmatch(pair.between)
        said = compound_name(pair) + induced_by(pair) + near_cause(pair) + bool(after)
        if known + said >= 2:
            return CAUSES
    return ABSTAIN


def treats(x: Candidate) -> int:
    for pair in x.together:
        if pair.distance <= 12 and cues.TREATS.search(pair.between):
            return ABSTAIN if stated_or_near(x) else NONE
    return ABSTAIN


def treatment_of(x: Candidate) -> int:
    if any(
        cues.TREATMENT_OF.search(cues.window(disease, 5, after=False)) for disease in x.diseases
    ):
        return ABSTAIN if stated(x) else NONE
    return ABSTAIN


def drug_for_disease(x: Candidate) -> int:
    for pair in x.together:
        if pair.forward and cues.DRUG_FOR.fullmatch(pair.between):
            return ABSTAIN if stated_or_near(x) else NONE
    return ABSTAIN


def patients_with(x: Candidate) -> int:
    if any(cues.PATIENTS_WITH.search(disease.before) for disease in x.diseases):
        return ABSTAIN if stated(x) else NONE
    return ABSTAIN


def another_inducer(x: Candidate) -> int:
    if min(pair.distance for pair in x.pairs) < 3:
        return ABSTAIN
    for pair in x.together:
        disease = pair.disease
        if cues.INDUCED_BEFORE.search(disease.before) and any(
            other.end == disease.first - 1 for other in x.doc.chemicals
        ):
            return ABSTAIN if any(map(compound_name, x.together)) else NONE
    return ABSTAIN


def reversal(x: Candidate) -> int:
    for pair in x.together:
        if pair.forward and cues.REVERSAL.fullmatch(pair.between):
            return ABSTAIN if any(map(compound_name, x.together)) else NONE
    return ABSTAIN


def level_of_chemical(x: Candidate) -> int:
    for chemical in x.chemicals:
        if cues.LEVEL_AFTER.match(chemical.after) or cues.LEVEL_BEFORE.search(chemical.before):
            return ABSTAIN if stated(x) else NONE
    return ABSTAIN


def denied(x: Candidate) -> int:
    if in_title(x.diseases) or not any(cues.NEGATED.holds(pair.disease) for pair in x.together):
        return ABSTAIN
    return ABSTAIN if stated_or_near(x) else NONE


def history(x: Candidate) -> int:
    return NONE if any(map(cues.HISTORICAL.holds, x.diseases)) else ABSTAIN


def both_in_title(x: Candidate) -> int:
    if in_title(x.chemicals) and in_title(x.diseases):
        return ABSTAIN if cues.TREATS.search(x.doc.title) else CAUSES
    return ABSTAIN


def title_states_it(x: Candidate) -> int:
    for pair in x.together:
        if pair.disease.sentence.in_title and (
            compound_name(pair) or induced_by(pair) or near_cause(pair)
        ):
            return CAUSES
    return ABSTAIN


def title_finding_then_drug(x: Candidate) -> int:
    for pair in x.together:
        titled = pair.disease.sentence.in_title and not pair.forward
        if titled and cues.TITLE_DRUG.fullmatch(pair.between):
            return CAUSES
    return ABSTAIN


def title_pair_is_known(x: Candidate, ctd: Pairs, side_effects: Pairs) -> int:
    pair = x.chemical, x.disease
    if pair not in ctd and pair not in side_effects:
        return ABSTAIN
    return CAUSES if in_title(x.chemicals) and in_title(x.diseases) else ABSTAIN


def title_chemical_and_outcome(x: Candidate, ctd: Pairs) -> int:
    if not x.together or (x.chemical, x.disease) not in ctd:
        return ABSTAIN
    return CAUSES if in_title(x.chemicals) else ABSTAIN


def title_is_of_treatment(x: Candidate) -> int:
    titles = [disease for disease in x.diseases if disease.sentence.in_title]
    if not any(cues.TREATMENT_BEFORE.search(disease.before) for disease in titles):
        return ABSTAIN
    chemicals = (chemical for chemical in x.chemicals if chemical.sentence.in_title)
    return ABSTAIN if any(cues.INDUCED_AFTER.match(c.after) for c in chemicals) else NONE


def never_together(x: Candidate) -> int:
    return ABSTAIN if x.together else NONE


def often_together(x: Candidate) -> int:
    sentences = {pair.disease.sentence.number for pair in x.together}
    return CAUSES if len(sentences) >= 3 else ABSTAIN


def both_central(x: Candidate) -> int:
    central = is_most_mentioned(x.chemical, x.doc.chemical_counts)
    central = central and is_most_mentioned(x.disease, x.doc.disease_counts)
    return CAUSES if central else ABSTAIN


def first_named_together(x: Candidate, indications: Pairs) -> int:
    if x.chemical != next(iter(x.doc.chemical_counts)):
        return ABSTAIN
    if x.disease != next(iter(x.doc.disease_counts)):
        return ABSTAIN
    return ABSTAIN if (x.chemical, x.disease) in indications else CAUSES


def only_chemical(x: Candidate) -> int:
    return CAUSES if x.together and len(x.doc.chemical_counts) == 1 else ABSTAIN


def chemical_in_passing(x: Candidate) -> int:
    return NONE if len(x.chemicals) == 1 and not in_title(x.chemicals) else ABSTAIN


def disease_in_passing(x: Candidate) -> int:
    return NONE if len(x.diseases) == 1 and not in_title(x.diseases) else ABSTAIN


def chemical_not_in_title(x: Candidate) -> int:
    return NONE if in_title(x.doc.chemicals) and not in_title(x.chemicals) else ABSTAIN


def far_apart(x: Candidate) -> int:
    return NONE if min(pair.distance for pair in x.pairs) > 25 else ABSTAIN


def closer_chemical(x: Candidate) -> int:
    if is_most_mentioned(x.chemical, x.doc.chemical_counts) or in_title(x.chemicals):
        return ABSTAIN
    for pair in x.pairs:
        for other in x.doc.chemicals:
            if other.sentence is pair.disease.sentence and is_closer(other, pair, x):
                return NONE
    return ABSTAIN


def is_closer(other: Mention, pair: Pair, x: Candidate) -> bool:
    """Return whether another chemical stands three times nearer to the disease of a pair."""
    disease = pair.disease
    if x.chemical in other.concepts or x.disease in other.concepts:
        return False
    if not other.concepts and other.text in (pair.chemical.text, disease.text):
        return False
    start = disease.sentence.first
    first, end = max(other.first, disease.first), min(other.end, disease.end)
    between = disease.sentence.tokens[end - start : first - start]
    return sum(token[0].isalnum() for token in between) < pair.distance / 3


FUNCTIONS: tuple[Callable[..., int], ...] = (
    ctd_well_known, ctd_many, not_in_ctd, label_lists_it, label_and_curators, known_indication,
    measured_substance, reason_for_treatment, unspecific_disease, compound, induced, cause_between,
    next_to_each_other, developed_after, developed_with, exposed_then_developed, side_effect_of,
    risk_of, more_with_drug, studied_together, case_of, dose_then_finding, stopped_or_given_again,
    two_strong_signals, treats, treatment_of, drug_for_disease, patients_with, another_inducer,
    reversal, level_of_chemical, denied, history, both_in_title, title_states_it,
    title_finding_then_drug, title_pair_is_known, title_chemical_and_outcome, title_is_of_treatment,
    never_together, often_together, both_central, first_named_together, only_chemical,
    chemical_in_passing, disease_in_passing, chemical_not_in_title, far_apart, closer_chemical,
)  # fmt: skip
