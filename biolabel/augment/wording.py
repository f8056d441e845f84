"""Plain words: some are said in other words, some are left out, where no rule looks.

The lists are general English of abstracts. Words that a rule of the task names are no longer in them
(`Wording.of`), and words near a mention stay, because they may be what a relation is read from.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from biolabel.apply.vocabulary import inflections, phrase_words
from biolabel.augment.names import cased
from biolabel.augment.rewrite import Fitting, Replacement, rewrite
from biolabel.augment.spots import check_rate
from biolabel.augment.version import Version
from biolabel.augment.wordlists import OMISSIBLE, SYNONYMS
from biolabel.compile.plan import Plan
from biolabel.lang import tree
from biolabel.lang.walk import nodes

REACH = 5
"""Words on either side of a mention that stay: rules of `tasks/` look for cues up to 5 words away, and
at what stands between two arguments, where both reaches meet."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Words in lower case to others that can stand for them, and words that can be left out."""

    others: Mapping[str, Sequence[str]]
    omissible: frozenset[str]

    @classmethod
    def of(cls, plan: Plan) -> "Wording":
        """Return the words of the lists that no rule of a plan names."""
        used = rule_words(plan)
        free = [tuple(word for word in group if not used(word)) for group in SYNONYMS]
        others = {
            word: tuple(other for other in group if other != word)
            for group in free
            for word in group
            if len(group) > 1
        }
        return cls(others, frozenset(word for word in OMISSIBLE if not used(word)))


def rule_words(plan: Plan) -> Callable[[str], bool]:
    """Return what tells whether rules, lists and contexts of a plan name a word, in any of its forms."""
    texts: list[str] = []
    patterns: list[str] = []
    for node in nodes(_parts(plan)):
        match node:
            case tree.Phrase(text=text) | tree.Exact(text=text):
                texts.append(text)
            case tree.Regex(pattern=pattern):
                patterns.append(pattern)
            case tree.TokenIs(values=values):
                texts += [value for value in values if isinstance(value, str)]
            case tree.ListDecl(words=words):
                texts += words
    whole: set[str] = set()
    open_: list[re.Pattern[str]] = []
    for word in {word for text in texts for word in phrase_words(text.lower())}:
        bare = word.strip("*")
        if bare.endswith("~"):
            whole |= inflections(bare[:-1])
        elif bare != word and bare:
            open_.append(re.compile(re.escape(word).replace(r"\*", ".*")))
        else:
            whole.add(word)
    pieces = {piece for each in patterns for piece in re.findall(r"[a-z]{3,}", each.lower())}

    def used(word: str) -> bool:
        return (
            word in whole
            or any(each.fullmatch(word) for each in open_)
            or any(piece in word for piece in pieces)
        )

    return used


def _parts(plan: Plan) -> tuple[object, ...]:
    rules = [rule for task in plan.tasks for rule in task.rules]
    said = tuple((r.find, r.when, r.unless, tuple(case.when for case in r.cases)) for r in rules)
    declared: Iterable[object] = (task.declaration for task in plan.tasks)
    return (*said, *declared, *plan.lists.values(), *plan.contexts.values())


def vary_words(
    version: Version, wording: Wording, rate: float, generator: np.random.Generator
) -> Version:
    """Say words in other words, or leave them out, with probability `rate` each; labels stay.

    Raises:
        ModelError: BL840 when `rate` is no probability.
    """
    check_rate("words", rate)
    document, text = version.document, version.document.text
    starts, ends = document.words.T.tolist()
    near = _near(version)
    fitting = Fitting(version)
    replacements: list[Replacement] = []
    at = -1
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if near[i]:
            continue
        word = text[start:end]
        folded = word.lower()
        others = wording.others.get(folded)
        if others is None and word not in wording.omissible:
            continue
        if generator.random() >= rate or start < at:
            continue
        if others is not None:
            new = others[int(generator.random() * len(others))]
            swap = Replacement(start, end, cased(new, word))
        elif text[end : end + 1] == " " and text[start - 1 : start] == " ":
            swap = Replacement(start, end + 1, "")
        else:
            continue
        if fitting.fits(swap):
            replacements.append(swap)
            at = swap.end
    return rewrite(version, replacements)


def _near(version: Version) -> list[bool]:
    """Tell which rows are in a mention or within `REACH` rows of one."""
    words = version.document.words
    spans = np.array([(m.start, m.end) for m in version.document.mentions], dtype=np.int32)
    spans = spans.reshape(-1, 2)
    first = np.searchsorted(words[:, 1], spans[:, 0], side="right") - REACH
    last = np.searchsorted(words[:, 0], spans[:, 1], side="left") + REACH
    steps = np.zeros(len(words) + 1, dtype=np.int32)
    np.add.at(steps, first.clip(0), 1)
    np.add.at(steps, last.clip(max=len(words)), -1)
    near: list[bool] = (np.cumsum(steps[:-1]) > 0).tolist()
    return near
