"""What all pages show: a run's results, the laboratory for rules, and the progress of curation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from biolabel.web.service.lab import Lab
from biolabel.workflow.results import Results


@dataclass(frozen=True)
class Site:
    """What pages are about; progress: how many assertions are in each state, empty without any."""

    results: Results
    lab: Lab
    progress: Callable[[], Mapping[str, int]]
