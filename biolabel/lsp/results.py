"""What earlier runs found, from the stages that a workspace keeps: votes, texts, figures of rules.

Nothing is computed here but counts, so that an editor never waits and neither spaCy nor torch is
needed. Whoever wants newer results runs `biolabel apply` or `biolabel analyze`.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from biolabel.apply.vocabulary import Vocabulary, phrase_rows, phrase_words
from biolabel.data.corpus import Corpus, corpus_from
from biolabel.data.votes import TaskVotes
from biolabel.errors import BiolabelError
from biolabel.text.store_files import read_tables
from biolabel.text.store_tables import joined_tables
from biolabel.workflow.applied import Applied, read_applied

_MISMATCH = (OSError, LookupError, ValueError, TypeError, pa.ArrowException, BiolabelError)
"""What reading a stage raises that is damaged, or was kept by another version of biolabel."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence in which a rule voted: its document, text, and the part that was evidence."""

    document: str
    text: str
    start: int
    end: int
    labels: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Results:
    """The latest applied rules over a task's corpus.

    folder: that of the apply stage; rules: the digest of the rule files that were applied; dev: the
    figures of rules on dev, by their names, from the analyze stage.
    """

    folder: Path
    corpus_folder: Path
    rules: str
    dev: Mapping[str, Mapping[str, Any]]

    @cached_property
    def _applied(self) -> Applied:
        return read_applied(self.folder)

    @property
    def votes(self) -> Mapping[str, TaskVotes]:
        """The votes of each task."""
        return self._applied.votes

    @cached_property
    def corpus(self) -> Corpus:
        """The texts that the rules were applied to."""
        index, tables = read_tables(self.corpus_folder)
        return corpus_from(joined_tables(tables), index.content_hash)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The lower-cased words of the corpus."""
        return Vocabulary(self.corpus.lowers, self.corpus.row_lower)

    @cached_property
    def _counts(self) -> list[tuple[str, int]]:
        numbers = np.bincount(self.corpus.row_lower, minlength=len(self.corpus.lowers))
        pairs = zip(self.corpus.lowers, numbers.tolist(), strict=True)
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    @cached_property
    def _terms(self) -> list[tuple[tuple[str, str], int]]:
        mentions = self._applied.mentions
        found: Counter[tuple[str, str]] = Counter()
        places = zip(
            mentions.doc.tolist(), mentions.start.tolist(), mentions.end.tolist(), strict=True
        )
        for (doc, start, end), concepts in zip(places, mentions.concepts, strict=True):
            found[self.corpus.texts[doc][start:end].lower(), " ".join(concepts)] += 1
        return found.most_common()

    def are_of(self, texts: Mapping[str, str]) -> bool:
        """Return whether these rule files, by their paths, are those that were applied."""
        digest = hashlib.sha256()
        for path in sorted(texts):
            digest.update(texts[path].encode())
        return digest.hexdigest()[:16] == self.rules

    def words_from(self, start: str, most: int) -> list[tuple[str, int]]:
        """Return the most frequent words that start so, with their numbers."""
        found = (
            pair for pair in self._counts if pair[0].startswith(start) and pair[0][0].isalnum()
        )
        return [pair for pair, _ in zip(found, range(most), strict=False)]

    def terms_from(self, start: str, most: int) -> list[tuple[str, str, int]]:
        """Return the most frequent terms of mentions that start so, with concepts and numbers."""
        found = ((*term, n) for term, n in self._terms if term[0].startswith(start))
        return [term for term, _ in zip(found, range(most), strict=False)]

    def expansions(self, phrase: str) -> list[tuple[str, list[tuple[str, int]]]]:
        """Return, for each word of a phrase, what it means in the corpus, most frequent first."""
        counts = dict(self._counts)
        return [
            (word, sorted(
                ((self.corpus.lowers[i], counts[self.corpus.lowers[i]])
                 for i in self.vocabulary.like(word).tolist()),
                key=lambda pair: -pair[1],
            ))
            for word in phrase_words(phrase.lower())
        ]  # fmt: skip

    def frequency(self, phrase: str) -> int:
        """Return how often a phrase stands in the corpus."""
        words = phrase_words(phrase.lower())
        return len(phrase_rows(self.corpus, self.vocabulary, words)) if words else 0

    def task_of(self, rule: str) -> str | None:
        """Return the task of a rule that was applied."""
        for name, found in self.votes.items():
            if any(lf.name == rule for lf in found.matrix.lfs):
                return name
        return None

    def votes_by_label(self, rule: str) -> tuple[dict[str, int], int]:
        """Return how often a rule voted for each set of labels, and the number of candidates."""
        matrix = self.votes[self.task_of(rule) or ""].matrix
        lf = [function.name for function in matrix.lfs].index(rule)
        masks = Counter(matrix.mask[matrix.lf == lf].tolist())
        labels = matrix.task.labels
        named = {_set(labels, mask): number for mask, number in masks.most_common()}
        return named, matrix.n_candidates

    def hits(self, rule: str, most: int) -> list[Hit]:
        """Return sentences in which a rule voted, spread over its votes."""
        found = self.votes[self.task_of(rule) or ""]
        matrix = found.matrix
        lf = [function.name for function in matrix.lfs].index(rule)
        rows = np.flatnonzero((matrix.lf == lf) & (found.evidence[:, 1] > found.evidence[:, 0]))
        chosen = rows[np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(np.int64)]
        return [self._hit(matrix.mask[row], matrix.task.labels, *found.evidence[row].tolist())
                for row in chosen]  # fmt: skip

    def _hit(self, mask: int, labels: Sequence[str], first: int, end: int) -> Hit:
        corpus = self.corpus
        sentence = int(corpus.row_sentence[first])
        offset = int(corpus.sentence_start[sentence])
        text = corpus.sentence_text(sentence)
        start, stop = int(corpus.row_start[first]) - offset, int(corpus.row_end[end - 1]) - offset
        document = corpus.ids[int(corpus.row_doc[first])]
        named = tuple(label for i, label in enumerate(labels) if mask >> i & 1)
        return Hit(document, text, start, min(stop, len(text)), named)


def _set(labels: Sequence[str], mask: int) -> str:
    named = [label for i, label in enumerate(labels) if mask >> i & 1]
    missing = [label for label in labels if label not in named]
    return f"not {missing[0]}" if len(missing) == 1 and len(named) > 1 else " or ".join(named)


def latest_results(workspace: Path) -> Results | None:
    """Return the latest results over the corpus of a workspace, None if there are none to read."""
    applied = _stages(workspace, "apply")
    own = [folder for folder, inputs in applied if not inputs.get("fitted")]
    if not own:
        return None
    corpus = _inputs(own[-1]).get("corpus", "")
    folder, inputs = next(found for found in reversed(applied) if found[1].get("corpus") == corpus)
    dev = [other.name for other, found in applied if found.get("corpus") != corpus]
    results = Results(
        folder,
        workspace / "stages" / "ingest" / str(corpus) / "corpus",
        str(inputs.get("rules", "")),
        _figures(workspace, dev),
    )
    try:
        # Whatever cannot be read now would fail in the middle of an answer.
        if results.votes and results.corpus.ids:
            return results
    except _MISMATCH:
        return None
    return None


def _stages(workspace: Path, stage: str) -> list[tuple[Path, Mapping[str, Any]]]:
    """Return the folders of a stage with their inputs, the oldest first; damaged notes are none."""
    notes = sorted(
        (workspace / "stages" / stage).glob("*/stage.json"), key=lambda note: note.stat().st_mtime
    )
    found = ((note.parent, _inputs(note.parent)) for note in notes)
    return [(folder, inputs) for folder, inputs in found if inputs]


def _inputs(folder: Path) -> Mapping[str, Any]:
    try:
        found = json.loads((folder / "stage.json").read_text(encoding="utf-8"))["inputs"]
    except _MISMATCH:
        return {}
    return found if isinstance(found, dict) else {}


def _figures(workspace: Path, votes: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
    """Return the figures of all rules from the latest analyze stage of one of the given votes."""
    wanted = set(votes)
    found: dict[str, Mapping[str, Any]] = {}
    for folder, inputs in _stages(workspace, "analyze"):
        if inputs.get("votes") in wanted:
            for file in folder.glob("*.json"):
                content = json.loads(file.read_text(encoding="utf-8"))
                found.update({rule["name"]: rule for rule in content.get("rules", ())})
    return found
