"""Names of sections: a misspelled one would hold nowhere, and nothing would say so."""

from collections.abc import Iterator

from biolabel.errors import Diagnostic
from biolabel.lang import tree
from biolabel.lang.check.findings import World
from biolabel.lang.nearest import suggested
from biolabel.lang.walk import nodes

_WORDS = """
title abstract introduction background objective objectives aim aims purpose importance
rationale hypothesis context question design setting settings participants patients subjects
population interventions intervention exposure measurements measures outcomes main_outcome
main_outcomes main_outcome_measures main_outcomes_and_measures primary_outcome data_sources
data_extraction data_synthesis data_collection study_selection search_strategy
selection_criteria statistical_analysis statistics method methods methodology materials
materials_and_methods patients_and_methods subjects_and_methods methods_and_materials
methods_and_results design_and_methods study_design experimental experimental_design
experimental_procedures animals procedure procedures result results findings observations
results_and_discussion results_and_conclusions discussion discussion_and_conclusions comment
interpretation implications limitations conclusion conclusions conclusions_and_relevance
significance summary relevance case case_report case_reports case_presentation case_description
cases clinical_presentation diagnosis treatment management outcome follow_up body figure table
case_summary evidence recommendations trial_registration funding acknowledgements
acknowledgments references supplementary_material abbreviations appendix review reviews keywords
"""
USUAL = frozenset(_WORDS.split())
"""Kinds that the readers of documents give, and headings of structured abstracts and full texts."""


def check_sections(declaration: tree.Decl, world: World) -> Iterator[Diagnostic]:
    """Yield BL115 for names of sections that are neither declared nor usual."""
    for node in nodes(declaration):
        match node:
            case tree.SectionIs(names=names):
                pass
            case tree.Region(kind="section", name=tree.Name() as name):
                names = (name,)
            case _:
                continue
        for name in names:
            if name.text not in USUAL and name.text not in world.program.sections:
                yield _unknown(name, world)


def _unknown(name: tree.Name, world: World) -> Diagnostic:
    known = (*USUAL, *world.program.sections)
    declare = (
        f"if documents have such a heading, declare it: `section {name.text}` with `headings:`"
    )
    hint, fix = suggested(name.text, known, name.span, declare)
    message = f"`{name.text}` is no usual section, and none that is declared"
    return Diagnostic("BL115", "warning", message, name.span, hint, (), fix)
