"""`biolabel.Pipeline`: the commands as methods of one object, with the same stages and caches behind them."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from biolabel.api.html import frame, note, table
from biolabel.api.outcomes import Assertions, Predictions, Scores, Trained
from biolabel.api.results import (
    Analysis,
    Explained,
    Findings,
    LabelModel,
    Reasons,
    Soft,
    Votes,
)
from biolabel.data.labels import Task
from biolabel.data.progress import Progress, silent
from biolabel.errors import RunError
from biolabel.interop.places import said_in
from biolabel.lang.nearest import did_you_mean
from biolabel.workflow.bench import Bench
from biolabel.workflow.job import Which, open_job
from biolabel.workflow.rules import read_rules

if TYPE_CHECKING:
    from biolabel.workflow.export import Exported
    from biolabel.workflow.run import Finished

System = Literal["majority", "label_model", "end_model", "fused"]


class Pipeline:
    """One task over its documents; every method does what the command of its name does.

    A stage is made when a method first needs it, and kept in the workspace: the second call, the next
    session and the command line find it there. `reread` takes up rules that were edited meanwhile.
    """

    def __init__(
        self,
        task: str | Path,
        *,
        corpus: str | Path | None = None,
        dev: str | Path | None = None,
        workspace: str | Path | None = None,
        seed: int = 0,
        gold_rows: str | Path | None = None,
        allow_python: bool = False,
        workers: int = 0,
        progress: Progress = silent,
    ) -> None:
        """Open a task's folder, such as `tasks/demo`; the other arguments are the options of the commands.

        corpus, dev: documents instead of the task's own; workspace: where results go, `workspace/TASK`
        where None; gold_rows: what curators decided; workers: processes that work side by side, 0 for
        one a core.

        Raises:
            RunError: BL902 no such task, BL903 a task.toml that is not as it should be, BL907 no documents.
        """
        files, gold, place, rows = (
            None if each is None else Path(each) for each in (corpus, dev, workspace, gold_rows)
        )
        self._bench = Bench(
            open_job(Path(task), files, gold, place, seed, progress, allow_python, workers, rows)
        )

    def __repr__(self) -> str:
        """Return the task, its documents and its workspace."""
        job = self._bench.job
        documents = ", ".join(f"{which} {path}" for which, path in job.files.items())
        return f"Pipeline({job.task.task.name}: {documents}; workspace {job.workspace})"

    def _repr_html_(self) -> str:
        job, plan = self._bench.job, self._bench.rules.plan
        places = [*job.files.items(), ("workspace", job.workspace)]
        parts = [note(f"{what}: {path}") for what, path in places]
        if plan is None:
            parts.append(note("the rules have errors: check() shows them"))
        else:
            rows = [
                (e.task.name, e.task.kind, ", ".join(e.task.labels), len(e.rules))
                for e in plan.tasks
            ]
            parts.append(table(("task", "about", "labels", "rules"), rows))
        return frame(f"{job.task.task.name}: {job.task.task.title}", *parts)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks of the rules, with their labels.

        Raises:
            RuleError: when the rules have errors.
        """
        return tuple(plan.task for plan in self._bench.plan.tasks)

    def reread(self) -> "Pipeline":
        """Return a pipeline with the rules as they are on disk now; what did not change stays open."""
        other = object.__new__(Pipeline)
        other._bench = self._bench.anew()
        return other

    def check(self) -> Findings:
        """Check the rules: every mistake of every file, with its place; nothing is raised for them.

        Raises:
            RunError: BL904 without rule files; BL909 when task.toml and the rules disagree about gold.
        """
        return Findings(read_rules(self._bench.job.task))

    def run(self) -> "Finished":
        """Run all stages that are not done yet, and write predictions, assertions, report and manifest.

        Raises:
            RuleError: when the rules have errors; else as the stages do.
        """
        from biolabel.workflow.run import run

        return run(self._bench)

    def votes(self, task: str, on: Which = "corpus") -> Votes:
        """Apply the rules, and return the votes of one task over the corpus or dev.

        Raises:
            RuleError: when the rules have errors; RunError: BL907 without dev, BL922 for an unknown task.
        """
        from biolabel.workflow.exchange import open_task

        found = open_task(self._bench, task, on)
        return Votes(on, found.votes, found.corpus, found.mentions, found.arguments)

    def analysis(self, task: str, on: Which = "corpus") -> Analysis:
        """Return what each rule of a task covers, repeats and contradicts, and its precision where gold is.

        Raises:
            BiolabelError: as `votes`.
        """
        from biolabel.workflow.analysis import whole_analyses

        self._check_names(task, on)
        found = {each.matrix.task: each for each in whole_analyses(self._bench, on)}
        return Analysis(found[task])

    def fit(self) -> LabelModel:
        """Fit the label model on the votes over the corpus.

        Raises:
            RuleError: when the rules have errors.
        """
        from biolabel.workflow.fit import fit, open_fitted

        return LabelModel(open_fitted(fit(self._bench)))

    def soft_labels(self, task: str, on: Which = "corpus") -> Soft:
        """Return the soft labels that the label model gives to one task's candidates.

        Raises:
            BiolabelError: as `votes`.
        """
        from biolabel.workflow.apply import apply, open_applied
        from biolabel.workflow.fit import fit, open_fitted, soft_labels

        votes = self.votes(task, on)
        found = open_applied(apply(self._bench, on))
        params = open_fitted(fit(self._bench)).model
        return Soft(soft_labels(self._bench, params, found.votes, on, found.mentions)[task], votes)

    def why(
        self,
        name: str,
        text: str = "",
        *,
        doc: str = "",
        pair: tuple[str, ...] = (),
        span: str = "",
    ) -> Explained:
        """Return which part of a rule, condition or pattern holds, on a marked text or on a document.

        text: with marks, such as `"{chemical: Heparin} caused {disease: pain}"`; doc: instead of it the
        id of a document, with `pair`, concept ids or texts of the arguments, or `span`, the text that an
        entity rule should find. For the soft labels of a task see `reasons`.

        Raises:
            RuleError: when the rules have errors; RunError: BL920 to BL925 as `biolabel why`.
        """
        from biolabel.workflow.why import why_document, why_text

        allowed = self._bench.job.allow_python
        if doc:
            return Explained(why_document(self._bench, name, doc, pair, span))
        return Explained(why_text(self._bench.rules, name, text, allow_python=allowed))

    def reasons(self, task: str, doc: str, *wanted: str) -> Reasons:
        """Return why the candidates of a task in a document have their soft labels: what each rule adds.

        wanted: concept ids or texts that the candidates must have among their arguments, none for all.

        Raises:
            RuleError: when the rules have errors; RunError: BL922 no such task, BL923 no such document,
                or no such candidate in it.
        """
        from biolabel.workflow.apply import apply, open_votes
        from biolabel.workflow.reasons import document_reasons, place_of

        labeled = document_reasons(self._bench, task, doc, wanted)
        on, at = place_of(self._bench, doc)
        corpus = self._bench.corpus(on)
        said = said_in(open_votes(apply(self._bench, on))[task], corpus, at)
        return Reasons(task, doc, corpus.texts[at], labeled, said)

    def train(self) -> Trained:
        """Train the end model on the soft labels; a training that was stopped goes on where it was.

        Raises:
            RuleError: when the rules have errors; ModelError: as the training does.
        """
        from biolabel.workflow.train import open_trained, train

        note = train(self._bench)
        return Trained(open_trained(note), note.folder / "model")

    def predict(self, on: Which = "corpus", system: System = "fused") -> Predictions:
        """Return what a system says of the documents, with mentions of its own.

        Raises:
            RuleError: when the rules have errors; RunError: BL907 without dev, BL923 for an unknown system.
        """
        from biolabel.text.formats import pubtator
        from biolabel.text.rejects import Rejects
        from biolabel.workflow.evaluate import SYSTEMS
        from biolabel.workflow.predict import predict

        self._check_part(on)
        if system not in SYSTEMS:
            raise RunError(
                "BL923", f"there is no system {system}", hint=did_you_mean(system, SYSTEMS)
            )
        folder = predict(self._bench, on).folder
        documents = pubtator.read(folder / f"{system}.own.pubtator", Rejects())
        return Predictions(system, tuple(documents), tuple(sorted(folder.glob("*.pubtator"))))

    def scores(self) -> Scores:
        """Score every system on dev; empty where dev has no gold.

        Raises:
            RuleError: when the rules have errors; RunError: BL907 without dev.
        """
        from biolabel.workflow.evaluate import evaluate, open_scores

        self._check_part("dev")
        return Scores(tuple(open_scores(evaluate(self._bench, "dev"))))

    def assertions(self) -> Assertions:
        """Gather the predictions for the corpus into assertions with their evidence.

        Raises:
            RuleError: when the rules have errors.
        """
        from biolabel.workflow.assertions import assertions, open_assertions

        note = assertions(self._bench, "corpus")
        names = (task.name for task in self.tasks if task.kind == "relation")
        return Assertions({name: open_assertions(note, name) for name in names})

    def export(
        self,
        to: str,
        out: str | Path,
        *,
        accepted: bool | None = None,
        min_probability: float = 0.0,
        name: str = "reviewed",
        license: str = "",
    ) -> "Exported":
        """Write the assertions of the last finished run, with what curators decided, for others.

        to: kgx, tsv, jsonl, bioc-json, bioc-xml, pubtator, brat, nanopub, kb or gold; the rest are the
        options of `biolabel export`.

        Raises:
            RunError: BL930 when no run has finished yet (`run`); BL985, BL986 and else as the command.
        """
        from biolabel.workflow.export import export, order_of
        from biolabel.workflow.results import open_results

        order = order_of(
            to,
            Path(out),
            accepted=accepted,
            min_probability=min_probability,
            name=name,
            license=license,
        )
        job = self._bench.job
        return export(open_results(job.workspace, job.task.folder), order)

    def _check_names(self, task: str, on: Which) -> None:
        names = [each.name for each in self.tasks]
        if task not in names:
            raise RunError("BL922", f"there is no task {task}", hint=did_you_mean(task, names))
        self._check_part(on)

    def _check_part(self, on: Which) -> None:
        parts = self._bench.job.parts()
        if on not in parts:
            there = f"there is: {', '.join(parts)}"
            raise RunError(
                "BL907",
                f"the pipeline has no documents called {on}",
                hint=f"{there}; name {on}=FILE",
            )
