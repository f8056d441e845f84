"""Sampled candidates and changed votes, as text with highlights for people and values for programs."""

from collections.abc import Iterable, Iterator, Sequence

from rich.table import Table
from rich.text import Text

from biolabel.evaluation.diff import Change, RuleDiff
from biolabel.evaluation.pieces import Piece, example_text
from biolabel.evaluation.sampling import Sample
from biolabel.workflow.sample import Suggested

_HEADS = {
    "hit": "votes on",
    "miss": "does not vote on, as others do",
    "borderline": "almost votes on",
}


def sampled_lines(found: Suggested) -> Iterator[Text]:
    """Yield the lines of samples: each kind with its number, then the suggested examples."""
    sampled = found.sampled
    line = f"rule {sampled.rule}: {sampled.hits:,} votes"
    interval = sampled.interval
    if interval is not None:
        share = sampled.right / sampled.judged
        line += f"; precision {share:.3f} ({interval.low:.3f} to {interval.high:.3f})"
        line += f" on {sampled.judged:,} with gold"
    yield Text(line, "bold")
    numbers = {"hit": sampled.hits, "miss": sampled.misses, "borderline": sampled.borderline}
    for kind, number in numbers.items():
        chosen = [sample for sample in sampled.samples if sample.kind == kind]
        yield Text(f"\n{_HEADS[kind]} {number:,}, {len(chosen)} shown", "bold")
        for sample in chosen:
            yield from _sample_lines(sample)
    if found.examples:
        yield Text("\nexamples to paste", "bold")
    for field, text in found.examples:
        yield Text(f'  {field}: "{text}"')


def _sample_lines(sample: Sample) -> Iterator[Text]:
    yield Text.assemble(
        f"  {sample.document} {_gold(sample.right):<6} ", context_text(sample.context)
    )
    if sample.lacking:
        yield Text(f"    but for: {sample.lacking}", "dim")
    if sample.others:
        yield Text(f"    the same vote: {', '.join(sample.others)}", "dim")


def _gold(right: bool | None) -> str:
    return {True: "right", False: "wrong", None: ""}[right]


def context_text(context: Iterable[Piece]) -> Text:
    """Return text with its highlights in bold, and in the notation of examples."""
    text = Text()
    for piece in context:
        shown = example_text([Piece(piece.text, piece.name)]) if piece.name else piece.text
        text.append(" ".join(shown.split("\n")), "bold cyan" if piece.name else "")
    return text


def sampled_json(found: Suggested) -> dict[str, object]:
    """Return samples as plain values."""
    sampled, interval = found.sampled, found.sampled.interval
    return {
        "rule": sampled.rule,
        "task": sampled.task,
        "votes": sampled.hits,
        "misses": sampled.misses,
        "borderline": sampled.borderline,
        "judged": sampled.judged,
        "right": sampled.right,
        "interval": None if interval is None else [interval.low, interval.high],
        "samples": [
            {
                "kind": sample.kind,
                "document": sample.document,
                "text": example_text(sample.context),
                "right": sample.right,
                "others": list(sample.others),
                "lacking": sample.lacking,
            }
            for sample in sampled.samples
        ],
        "examples": [{"field": field, "text": text} for field, text in found.examples],
    }


def diff_lines(found: Sequence[RuleDiff]) -> Iterator[Table | Text]:
    """Yield a table of the rules that changed, and samples of the votes that differ."""
    if not found:
        yield Text("no vote differs")
        return
    table = Table(title="votes gained and lost", title_justify="left")
    for name in ("task", "rule"):
        table.add_column(name)
    for name in ("before", "after", "gained", "right", "lost", "right"):
        table.add_column(name, justify="right")
    for rule in found:
        table.add_row(
            rule.task, rule.rule, _count(rule.before), _count(rule.after),
            f"{rule.gained.votes:,}", _share(rule.gained), f"{rule.lost.votes:,}", _share(rule.lost),
        )  # fmt: skip
    yield table
    for rule in found:
        for head, change in (("gained", rule.gained), ("lost", rule.lost)):
            if change.samples:
                yield Text(f"\n{rule.rule}: {head} {change.votes:,}", "bold")
            for sample in change.samples:
                start = f"  {sample.document} {_gold(sample.right):<6} {'|'.join(sample.labels)}: "
                yield Text.assemble(start, context_text(sample.context))


def _count(votes: int | None) -> str:
    return "-" if votes is None else f"{votes:,}"


def _share(change: Change) -> str:
    return f"{change.right / change.judged:.3f} of {change.judged:,}" if change.judged else ""


def diff_json(found: Sequence[RuleDiff]) -> list[dict[str, object]]:
    """Return the rules that changed as plain values."""
    return [
        {
            "task": rule.task,
            "rule": rule.rule,
            "before": rule.before,
            "after": rule.after,
            "gained": _change_json(rule.gained),
            "lost": _change_json(rule.lost),
        }
        for rule in found
    ]


def _change_json(change: Change) -> dict[str, object]:
    return {
        "votes": change.votes,
        "judged": change.judged,
        "right": change.right,
        "samples": [
            {
                "document": sample.document,
                "labels": list(sample.labels),
                "right": sample.right,
                "text": example_text(sample.context),
            }
            for sample in change.samples
        ],
    }
