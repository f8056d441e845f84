"""Patterns to matches: every match is found, there is no greedy or lazy."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.matches import Matches, follow, kept, matches, union
from biolabel.apply.regexes import regex_matches
from biolabel.apply.scene import Frame, Scene
from biolabel.apply.vocabulary import has_flag, is_word, phrase_rows, phrase_words, shape_of
from biolabel.compile.gaps import can_be_empty
from biolabel.lang import tree
from biolabel.lang.walk import nodes

Bools = NDArray[np.bool_]
OpenGap = tuple[int, int | None] | None
States = dict[OpenGap, Matches]
UNROLLED = 8
"""How often `*` and `+` repeat at most (LANGUAGE.md 2.6)."""


@dataclass(frozen=True, eq=False)
class Matcher:
    """Finds patterns in a scene, for the candidates of a frame where the pattern names an argument.

    `whole_concept` makes `{argument}` mean every mention of its concept in the document
    (LANGUAGE.md 8); `via` overrides how ontologies look names up.
    """

    scene: Scene
    frame: Frame
    whole_concept: bool = False
    via: tuple[str, ...] = ()
    own: dict[tree.Pattern, Matches] = field(default_factory=dict)

    def find(self, pattern: tree.Pattern) -> Matches:
        """Return all matches of a pattern; equal patterns are looked for once."""
        bound = any(isinstance(node, tree.Arg) for node in nodes(pattern))
        memo = self.own if bound or self.via else self.scene.memo
        if pattern not in memo:
            memo[pattern] = self._find(pattern)
        return memo[pattern]

    def _find(self, pattern: tree.Pattern) -> Matches:
        match pattern:
            case tree.Phrase(text):
                return self._phrase(text, fold=True)
            case tree.Exact(text):
                return self._phrase(text, fold=False)
            case tree.Token(test):
                return self._token(test)
            case tree.Regex():
                return regex_matches(self.scene.sentence_texts, pattern)
            case tree.Arg(name):
                return self._argument(name)
            case tree.Ref(name):
                return self._reference(name.text)
            case tree.Keep(inner):
                return kept(self.find(inner))
            case tree.Alt(options):
                return union([self.find(option) for option in options])
            case tree.Seq(items):
                return self._sequence(items)
            case tree.Repeat() | tree.Gap():
                return self._sequence((pattern,))
            case tree.Macro():
                raise TypeError("macros are written out before patterns are matched")

    def _sequence(self, items: tuple[tree.Pattern, ...]) -> Matches:
        """Join items from the left; a state is what matched so far and the gap that is open behind it."""
        states: States = {}
        empty = True
        for item in items:
            inner, low, high = _bounds(item)
            if isinstance(inner, tree.Gap):
                states = _merged([(_longer(gap, inner), m) for gap, m in states.items()])
                continue
            table = self.find(inner)
            done = dict(states) if low == 0 else {}
            reached, starts = states, empty
            for number in range(1, high + 1):
                steps: list[tuple[OpenGap, Matches]] = [
                    (None, follow(self.scene.corpus, m, table, g)) for g, m in reached.items()
                ]
                if starts:
                    steps.append((None, table))
                reached, starts = _merged(steps), False
                if number >= low:
                    done = _merged([*done.items(), *reached.items()])
            states, empty = done, empty and low == 0
        return union(list(states.values())) if states else matches(_NONE, _NONE)

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
            passing = np.flatnonzero(self._word_test(test)).astype(np.int32)
            rows = self.scene.forms.rows(passing)
        return matches(rows, rows + 1)

    def _word_test(self, test: tree.TokenTest) -> Bools:
        forms = self.scene.corpus.forms

        def each(passes: list[bool]) -> Bools:
            return np.array(passes, dtype=bool)

        match test:
            case tree.TokenIs(attribute, values):
                texts = [_attribute(form, attribute) for form in forms]
                return np.logical_or.reduce([each(_equal(texts, v, attribute)) for v in values])
            case tree.TokenIn(_, name):
                return self._single_words(name.text)
            case tree.TokenFlag(flag):
                return each([has_flag(form, flag) for form in forms])
            case tree.TokenNot(inner):
                # Hard signs fail every test of words, so they must not pass its negation.
                return each([is_word(form) for form in forms]) & ~self._word_test(inner)
            case tree.TokenAll(tests):
                return np.logical_and.reduce([self._word_test(part) for part in tests])
            case tree.TokenAny(tests):
                return np.logical_or.reduce([self._word_test(part) for part in tests])

    def _single_words(self, name: str) -> Bools:
        """Return bool[forms]: which words are an entry of a list or a name of an ontology."""
        plan, forms, lowers = self.scene.plan, self.scene.forms, self.scene.lowers
        exact = np.zeros(len(forms.entries), dtype=bool)
        folded = np.zeros(len(lowers.entries), dtype=bool)
        if name in plan.lists:
            for entry, fold in _entries(plan.lists[name]):
                words = phrase_words(entry.lower() if fold else entry)
                if len(words) == 1 and fold:
                    folded[lowers.like(words[0])] = True
                elif len(words) == 1:
                    exact[forms.like(words[0])] = True
        else:
            folded[lowers.numbers(self.scene.finder.terms(name, ("exact",)).keys)] = True
        return exact | folded[self.scene.lower_of_form]

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
        found = [self._phrase(entry, fold=fold) for entry, fold in _entries(declaration)]
        return union(found or [matches(_NONE, _NONE)])


_NONE = np.empty(0, dtype=np.int32)


def concept_mentions(
    scene: Scene, frame: Frame, name: str
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return owner, first row and end row of every mention of each candidate's concept in its document."""
    table, side = scene.mentions, frame.sides[name]
    ids = {concept: i for i, concept in enumerate(frame.concepts)}
    pairs = [
        (doc, ids[c], m)
        for m, (doc, found) in enumerate(zip(table.doc.tolist(), table.concepts, strict=True))
        for c in found
        if c in ids
    ]
    known = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 3)
    stride = len(frame.concepts) + 1
    keys = known[:, 0] * stride + known[:, 1]
    wanted = frame.doc.astype(np.int64) * stride + side.concept
    low, high = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, side="right")
    sizes = np.where(side.concept >= 0, high - low, 0)
    owner = np.repeat(np.arange(len(frame), dtype=np.int32), sizes)
    at = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + low[owner]
    mention = known[at, 2]
    return owner, table.first_row[mention], table.end_row[mention]


def _bounds(item: tree.Pattern) -> tuple[tree.Pattern, int, int]:
    """Return a part and how often it stands there; 0 also if it can be empty, as no match says so."""
    low, high = 1, 1
    inner = item
    if isinstance(item, tree.Repeat):
        inner, low = item.pattern, item.low
        high = UNROLLED if item.high is None else item.high
    return inner, 0 if can_be_empty(item) else low, high


def _longer(gap: tuple[int, int | None] | None, more: tree.Gap) -> tuple[int, int | None]:
    low, high = gap or (0, 0)
    return low + more.low, None if high is None or more.high is None else high + more.high


def _merged(states: Sequence[tuple[OpenGap, Matches]]) -> States:
    merged: States = {}
    for gap, table in states:
        merged[gap] = union([merged[gap], table]) if gap in merged else table
    return merged


def _attribute(form: str, attribute: str) -> str:
    if attribute == "shape":
        return shape_of(form)
    return form.lower() if attribute == "lower" else form


def _equal(texts: list[str], value: str | tree.Regex, attribute: str) -> list[bool]:
    if isinstance(value, tree.Regex):
        found = re.compile(value.pattern, re.IGNORECASE if "i" in value.flags else 0)
        return [found.search(text) is not None for text in texts]
    wanted = value if attribute == "shape" else value.lower()
    return [(text if attribute == "shape" else text.lower()) == wanted for text in texts]


def _entries(declaration: tree.ListDecl) -> Iterator[tuple[str, bool]]:
    """Yield the entries of a list and whether their case is folded."""
    for entry in declaration.words:
        smart = declaration.case == "smart" and _acronym(entry)
        yield entry, not (declaration.case == "exact" or smart)


def _acronym(entry: str) -> bool:
    """Whether `case: smart` reads an entry exactly: mixed or all capitals, at most 5 letters."""
    return len(entry) <= 5 and entry != entry.lower() and entry[1:] != entry[1:].lower()
