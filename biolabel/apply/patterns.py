"""Patterns to matches: every match is found, there is no greedy or lazy."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import re2
from numpy.typing import NDArray

from biolabel.apply.knowledge import list_words
from biolabel.apply.matches import Matches, follow, kept, matches, union
from biolabel.apply.scene import Frame, Scene
from biolabel.apply.vocabulary import (
    has_flag,
    phrase_words,
    rows_in_sentences,
    shape_of,
    word_mask,
)
from biolabel.compile.walk import nodes
from biolabel.data.corpus import Corpus
from biolabel.lang import tree

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
                return regex_matches(self.scene.corpus, pattern)
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
        words = phrase_words(text)
        corpus = self.scene.corpus
        entries, column = (
            (corpus.lowers, corpus.row_lower) if fold else (corpus.forms, corpus.row_form)
        )
        postings = self.scene.lowers if fold else self.scene.forms
        masks = [word_mask(entries, word, fold=fold) for word in words]
        rows = rows_in_sentences(corpus, postings.rows(masks[0]), len(words))
        for place, mask in enumerate(masks[1:], 1):
            rows = rows[mask[column[rows + place]]]
        return matches(rows, rows + len(words))

    def _token(self, test: tree.TokenTest | None) -> Matches:
        corpus = self.scene.corpus
        if test is None:
            rows = np.flatnonzero(corpus.row_is_word).astype(np.int32)
        else:
            rows = self.scene.forms.rows(self._word_test(test))
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
                entries = self._single_words(name.text)
                return np.logical_or.reduce(
                    [word_mask([f.lower() for f in forms], entry, fold=True) for entry in entries]
                    or [np.zeros(len(forms), dtype=bool)]
                )
            case tree.TokenFlag(flag):
                return each([has_flag(form, flag) for form in forms])
            case tree.TokenNot(inner):
                return ~self._word_test(inner)
            case tree.TokenAll(tests):
                return np.logical_and.reduce([self._word_test(part) for part in tests])
            case tree.TokenAny(tests):
                return np.logical_or.reduce([self._word_test(part) for part in tests])

    def _single_words(self, name: str) -> list[str]:
        plan = self.scene.plan
        if name in plan.lists:
            found = list_words(plan.lists[name], plan.lists)
            return [entry for entry in found if len(phrase_words(entry)) == 1]
        terms = self.scene.finder.terms(name, ("exact",))
        return [key for key in terms.keys if " " not in key]

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
        entries = [w for w in list_words(declaration, self.scene.plan.lists) if phrase_words(w)]
        exact = declaration.case == "exact"
        return union(
            [
                self._phrase(
                    e, fold=not exact and not (declaration.case == "smart" and _acronym(e))
                )
                for e in entries
            ]
            or [matches(_NONE, _NONE)]
        )


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
    stride = np.int64(len(frame.concepts) + 1)
    keys = known[:, 0] * stride + known[:, 1]
    wanted = frame.doc * stride + side.concept
    low, high = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, side="right")
    sizes = np.where(side.concept >= 0, high - low, 0)
    owner = np.repeat(np.arange(len(frame), dtype=np.int32), sizes)
    at = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + low[owner]
    mention = known[at, 2]
    return owner, table.first_row[mention], table.end_row[mention]


def regex_matches(corpus: Corpus, regex: tree.Regex) -> Matches:
    """Return the rows that a regular expression touches, looked for within each sentence.

    google-re2 runs it in linear time; what re2 refuses (look-around) runs on `re` (BL305 warns).
    """
    flags = "".join(flag for flag in regex.flags if flag in "is")
    source = f"(?{flags}){regex.pattern}" if flags else regex.pattern
    try:
        compiled: re.Pattern[str] = re2.compile(source)
    except re2.error:
        compiled = re.compile(source)
    found: list[tuple[int, int]] = []
    for doc, (first, end) in enumerate(
        zip(corpus.doc_sentences[:-1].tolist(), corpus.doc_sentences[1:].tolist(), strict=True)
    ):
        text = corpus.texts[doc]
        if compiled.search(text) is None:
            continue
        for sentence in range(first, end):
            begin = int(corpus.sentence_start[sentence])
            part = text[begin : int(corpus.sentence_end[sentence])]
            rows = slice(corpus.sentence_first_row[sentence], corpus.sentence_end_row[sentence])
            for hit in compiled.finditer(part):
                low = np.searchsorted(corpus.row_end[rows], begin + hit.start(), side="right")
                high = np.searchsorted(corpus.row_start[rows], begin + hit.end())
                if low < high:
                    found.append((int(rows.start + low), int(rows.start + high)))
    table = np.array(found, dtype=np.int32).reshape(-1, 2)
    return matches(table[:, 0], table[:, 1])


def _bounds(item: tree.Pattern) -> tuple[tree.Pattern, int, int]:
    if isinstance(item, tree.Repeat):
        high = UNROLLED if item.high is None else min(item.high, UNROLLED)
        return item.pattern, min(item.low, high), high
    return item, 1, 1


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


def _acronym(entry: str) -> bool:
    """Whether `case: smart` reads an entry exactly: mixed or all capitals, at most 5 letters."""
    return len(entry) <= 5 and entry != entry.lower() and entry[1:] != entry[1:].lower()
