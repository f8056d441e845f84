"""Lists whose members share words with a name: "breast and ovarian cancer", "cleft lip/palate"."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.matches import Matches
from biolabel.data.corpus import Corpus

_JOINTS = frozenset(("and", "or", ","))
_MOST_JOINTS = 3
"""So many stand between two members at most: ", and or"."""
_JOINING_SIGNS = frozenset("/-")
"""They join members too, and are no rows."""
_MEMBER = 2
"""A member has so many words of its own at most."""
_SHORTEST = 3
"""Letters of a word that a member is made of."""


@dataclass(frozen=True, eq=False)
class Lists:
    """Where names stand in a corpus; taken: bool[r], the rows that are part of one."""

    corpus: Corpus
    taken: NDArray[np.bool_]

    def around(self, first: int, end: int, is_name: Callable[[str], bool]) -> tuple[int, int]:
        """Return the half-open rows of the list that a name ends or begins, or those of the name.

        A member before the name, with some last words of it, must be a name, and so must some first words
        of it with a member behind. Members that are names by themselves are no part of it.
        """
        words = self._words(first, end)
        begin, behind = first, end
        while (more := self._before(begin, words, is_name)) is not None:
            begin = more
        while (more := self._behind(behind, words, is_name)) is not None:
            behind = more
        return begin, behind

    def _before(self, begin: int, words: list[str], is_name: Callable[[str], bool]) -> int | None:
        low = int(self.corpus.sentence_first_row[self.corpus.row_sentence[begin]])
        last = begin - 1
        while last >= low and self._word(last) in _JOINTS:
            last -= 1
        if last < low or not self._joined(last, begin):
            return None
        for start in range(last, max(last - _MEMBER, low - 1), -1):
            member = self._member(start, last + 1)
            endings = (words[place:] for place in range(1, len(words)))
            if member and any(is_name(" ".join([*member, *ending])) for ending in endings):
                return start
        return None

    def _behind(self, behind: int, words: list[str], is_name: Callable[[str], bool]) -> int | None:
        high = int(self.corpus.sentence_end_row[self.corpus.row_sentence[behind - 1]])
        start = behind
        while start < high and self._word(start) in _JOINTS:
            start += 1
        if start >= high or not self._joined(behind - 1, start):
            return None
        for stop in range(min(start + _MEMBER, high), start, -1):
            member = self._member(start, stop)
            beginnings = (words[:place] for place in range(len(words) - 1, 0, -1))
            if member and any(is_name(" ".join([*some, *member])) for some in beginnings):
                return stop
        return None

    def _joined(self, last: int, start: int) -> bool:
        """Return whether what stands between two rows joins members of a list."""
        if start - last > 1:
            return start - last - 1 <= _MOST_JOINTS
        doc = int(self.corpus.row_doc[last])
        between = self.corpus.texts[doc][self.corpus.row_end[last] : self.corpus.row_start[start]]
        return between.strip() in _JOINING_SIGNS

    def _member(self, first: int, end: int) -> list[str]:
        """Return the words of a possible member, none where it is no member."""
        words = self._words(first, end)
        free = not self.taken[first:end].any()
        return words if free and all(w.isalpha() and len(w) >= _SHORTEST for w in words) else []

    def _words(self, first: int, end: int) -> list[str]:
        return [self._word(row) for row in range(first, end)]

    def _word(self, row: int) -> str:
        return self.corpus.lowers[int(self.corpus.row_lower[row])]


def lists_of(
    corpus: Corpus, names: Matches, is_name: Callable[[int, str], bool]
) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield the number of each name that is part of a list, and the half-open rows of the list.

    is_name: whether a text, in lower case, is a name of the same type as the name of a number.
    """
    covered = np.zeros(len(corpus.row_form) + 1, dtype=np.int32)
    np.add.at(covered, names.first, 1)
    np.add.at(covered, names.end, -1)
    lists = Lists(corpus, np.cumsum(covered) > 0)
    for number, span in enumerate(zip(names.first.tolist(), names.end.tolist(), strict=True)):
        grown = lists.around(*span, partial(is_name, number))
        if grown != span:
            yield number, grown
