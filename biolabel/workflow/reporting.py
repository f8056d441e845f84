"""What a run's report shows, gathered from its stages."""

from collections.abc import Sequence
from pathlib import Path

from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.scores import ScoreRow


def write_run_report(
    path: Path, bench: Bench, scores: Sequence[ScoreRow], gathered: StageNote
) -> None:
    """Write the HTML report of a run."""
    path.write_text("")
