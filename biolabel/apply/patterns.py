"""Patterns to matches: every match is found, there is no greedy or lazy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.attributes import unsure, word_test
from biolabel.apply.matches import Matches, Placed, kept, matches, placed, sharing, union
from biolabel.apply.regexes import regex_matches, sign_matches
from biolabel.apply.runaways import runaway_error
from biolabel.apply.scene import Frame, Scene
from biolabel.apply.searching import Runaway
from biolabel.apply.sequences import Joined, ended, past, repeated
from biolabel.apply.vocabulary import list_entries, phrase_rows, phrase_words
from biolabel.compile.gaps import can_be_empty
from biolabel.lang import tree
from biolabel.lang.walk import nodes

Bools = NDArray[np.bool_]
UNROLLED = 8
"""How often `*` and `+` repeat at most (LANGUAGE.md 2.6)."""


@dataclass(frozen=True, eq=False)
class Matcher:
    """Finds patterns in a scene, for the candidates of a frame where the pattern names an argument.

    `whole_concept` makes `{argument}` mean every mention of its concept in the document
    (LANGUAGE.md 8); `via` overrides how ontologies look names up; `generous` lets words pass the
    tests of which nobody knows whether they do.
    """

    scene: Scene
    frame: Frame
    whole_concept: bool = False
    via: tuple[str, ...] = ()
    generous: bool = False
    own: dict[tree.Pattern, Matches] = field(default_factory=dict)

    def find(self, pattern: tree.Pattern) -> Matches:
        """Return all matches of a pattern; equal patterns are looked for once.

        Words of which an attribute is unknown pass no test of it.

        Raises:
            RuleError: BL315, a regular expression that takes too long on a text.
        """
        bound = any(isinstance(node, tree.Arg) for node in nodes(pattern))
        memo = self.own if bound or self.via or self.generous else self.scene.memo
        if pattern not in memo:
            try:
                memo[pattern] = self._find(pattern)
            except Runaway as runaway:
                raise runaway_error(runaway, self.scene.plan, self.scene.corpus) from runaway
        return memo[pattern]

    def possible(self, pattern: tree.Pattern) -> Matches:
        """Return all matches that a pattern has or could have if all attributes were known."""
        return self._twin.find(pattern) if unsure(self.scene, pattern) else self.find(pattern)

    @cached_property
    def _twin(self) -> "Matcher":
        return replace(self, generous=True, own={})

    def _find(self, pattern: tree.Pattern) -> Matches:
        match pattern:
            case tree.Phrase(text):
                return self._phrase(text, fold=True)
            case tree.Exact(text):
                return self._phrase(text, fold=False)
            case tree.Token(test):
                return self._token(test)
            case tree.Regex():
                found = sign_matches(self.scene.forms, pattern)
                if found is None:
                    found = regex_matches(self.scene.sentence_texts, pattern)
                return found
            case tree.Arg(name):
                return self._argument(name)
            case tree.Ref(name):
                return self._reference(name.text)
            case tree.Keep(inner):
                return kept(self.find(inner))
            case tree.Alt(options):
                return self._alternatives(options)
            case tree.Seq(items):
                return self._sequence(items)
            case tree.Repeat() | tree.Gap():
                return self._sequence((pattern,))
            case tree.Macro():
                raise TypeError("macros are written out before patterns are matched")

    def _sequence(self, items: tuple[tree.Pattern, ...]) -> Matches:
        corpus, joined = self.scene.corpus, Joined()
        tables = iter(self.tables(items))
        for item in items:
            if isinstance(item, tree.Gap):
                joined = past(joined, item)
            else:
                _, low, high = bounds(item)
                joined = repeated(corpus, joined, next(tables), low, high)
        return ended(corpus, joined)

    def tables(
        self, items: Iterable[tree.Pattern], mentions: Mapping[str, Placed] = MappingProxyType({})
    ) -> list[Matches]:
        """Return the matches of each part of a sequence but its gaps, where all can stand together.

        mentions: for arguments where they may stand, if it is not where this matcher finds them.
        """
        corpus = self.scene.corpus
        parts = []
        for item in items:
            if not isinstance(item, tree.Gap):
                inner, low, _ = bounds(item)
                given = mentions.get(inner.name) if isinstance(inner, tree.Arg) else None
                parts.append((given or placed(corpus, self.find(inner)), low > 0))
        return sharing(corpus, parts)

    def _alternatives(self, options: tuple[tree.Pattern, ...]) -> Matches:
        phrases = [o for o in options if isinstance(o, tree.Phrase | tree.Exact)]
        others = [self.find(o) for o in options if not isinstance(o, tree.Phrase | tree.Exact)]
        entries = [(o.text, isinstance(o, tree.Phrase)) for o in phrases]
        return union([self._phrases(entries), *others]) if entries else union(others)

    def _phrases(self, entries: Iterable[tuple[str, bool]]) -> Matches:
        """Return where any of some phrases stands, whose case is folded or not: single words at once."""
        found: list[Matches] = []
        words: dict[bool, list[NDArray[np.int32]]] = {True: [], False: []}
        for text, fold in entries:
            parts = phrase_words(text.lower() if fold else text)
            if len(parts) == 1:
                words[fold].append((self.scene.lowers if fold else self.scene.forms).like(parts[0]))
            else:
                found.append(self._phrase(text, fold=fold))
        for fold, meant in words.items():
            if meant:
                vocabulary = self.scene.lowers if fold else self.scene.forms
                rows = vocabulary.rows(np.unique(np.concatenate(meant)))
                found.append(matches(rows, rows + 1))
        return union(found or [matches(_NONE, _NONE)])

    def _phrase(self, text: str, *, fold: bool) -> Matches:
        words = phrase_words(text.lower() if fold else text)
        vocabulary = self.scene.lowers if fold else self.scene.forms
        rows = phrase_rows(self.scene.corpus, vocabulary, words)
        return matches(rows, rows + len(words))

    def _token(self, test: tree.TokenTest | None) -> Matches:
        corpus = self.scene.corpus
        if test is None:
            rows = np.flatnonzero(corpus.row_is_word).astype(np.int32)
        else:
            passes = word_test(self.scene, test)
            rows = np.flatnonzero(~passes.false if self.generous else passes.true).astype(np.int32)
        return matches(rows, rows + 1)

    def _argument(self, name: str) -> Matches:
        side = self.frame.sides[name]
        everyone = np.arange(len(self.frame), dtype=np.int32)
        if not self.whole_concept:
            return matches(side.first, side.end, everyone)
        owner, first, end = concept_mentions(self.scene, self.frame, name)
        return matches(first, end, owner)

    def _reference(self, name: str) -> Matches:
        plan = self.scene.plan
        if name in plan.lists:
            return self._list(plan.lists[name])
        if name in plan.ontologies:
            hits = self.scene.finder.hits(name, self.via)
            return matches(hits.first, hits.end)
        mentions = self.scene.mentions
        chosen = mentions.of_type(name)
        return matches(mentions.first_row[chosen], mentions.end_row[chosen])

    def _list(self, declaration: tree.ListDecl) -> Matches:
        return self._phrases(list_entries(declaration))


_NONE = np.empty(0, dtype=np.int32)


def concept_mentions(
    scene: Scene, frame: Frame, name: str
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return owner, first row and end row of every mention of each candidate's concept in its document."""
    table, side = scene.mentions, frame.sides[name]
    names = table.meanings.names
    concept = side.concept
    if frame.concepts is not names:
        ids = {name: number for number, name in enumerate(names)}
        concept = np.array([*(ids.get(name, -1) for name in frame.concepts), -1])[concept]
    keys, mentions = table.by_concept
    wanted = frame.doc.astype(np.int64) * (len(names) + 1) + concept
    low, high = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, side="right")
    sizes = np.where(concept >= 0, high - low, 0)
    owner = np.repeat(np.arange(len(frame), dtype=np.int32), sizes)
    at = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + low[owner]
    mention = mentions.take(at)
    return owner, table.first_row.take(mention), table.end_row.take(mention)


def bounds(item: tree.Pattern) -> tuple[tree.Pattern, int, int]:
    """Return a part and how often it stands there; 0 also if it can be empty, as no match says so."""
    low, high = 1, 1
    inner = item
    if isinstance(item, tree.Repeat):
        inner, low = item.pattern, item.low
        high = UNROLLED if item.high is None else item.high
    return inner, 0 if can_be_empty(item) else low, high
