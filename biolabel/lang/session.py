"""Checking rule files again and again while someone edits them, each time at little cost.

The pieces of a file (its declarations, one for each line at the left margin) are kept by their text.
After an edit only the pieces whose text is new are parsed, and only declarations that are new, or
refer to something new, are linked and checked; all else is looked up. The other findings merely
move with the text above them.

What is kept must not depend on where a piece stands. So a piece has its own place in a growing text
that nobody sees, the *shelf* of its file: on the first reading the shelf is the file itself, and
every new piece is put at its end. Trees, links and findings have spans on the shelf, which never
change and are never used twice; findings are moved to the file's real text at the very end.
"""

import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from biolabel.errors import Diagnostic, Edit, SourceFile, Span
from biolabel.lang.load import checked, in_order, load_all, read
from biolabel.lang.memo import Memo
from biolabel.lang.parse import Piece, missing_version, parse_piece, tree_of, version_of
from biolabel.lang.pieces import cut
from biolabel.lang.program import Checked
from biolabel.lang.tree import FileTree

_SHELF_GROWTH = 8
"""A shelf that has grown to so many times the file is cleared, and the file read anew."""


class Session:
    """Rule files that see each other's names, and the unsaved texts of those that are open.

    Use: `session = Session([main])`, then after each change of an editor's buffer
    `session.edit(path, text)` and `session.check()`, whose findings are those of `load_all`. For
    definitions, hovers and the like, `session.load()` gives the program too.
    A session is not for several threads at once.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        """Start with the files that a user names; imported files are found."""
        self._paths = tuple(paths)
        self._texts: dict[str, str] = {}
        self._shelves: dict[str, _Shelf] = {}
        self._memo = Memo()
        self._loaded: Checked | None = None

    def edit(self, path: Path, text: str | None) -> None:
        """Take the text of an open editor for a file, or None for what lies on disk again."""
        self._loaded = None
        place = os.path.realpath(path)
        if text is None:
            self._texts.pop(place, None)
        else:
            self._texts[place] = text

    def check(self) -> Checked:
        """Return the findings of all files, with spans into `Checked.files`; the program is None.

        Files that are not open are read from the disk, so that changes made there are seen.
        """
        return replace(self.shelved(), program=None)

    def shelved(self) -> Checked:
        """Return what `check` does, with the program, whose own spans are on the shelves.

        To run a program it does not matter where it stands; what is then said of its places must be
        moved (`moved`).
        """
        real: dict[str, SourceFile] = {}
        moved: list[Diagnostic] = []

        def shelved(source: SourceFile) -> tuple[SourceFile, FileTree, Sequence[Diagnostic]]:
            real[source.path] = source
            shelf = self._shelves.get(source.path)
            if shelf is None or len(shelf.text) > _SHELF_GROWTH * (len(source.text) + 1000):
                shelf = self._shelves[source.path] = _Shelf(source.path)
                self._memo.forget(lambda span: span.file != source.path)
            pieces = shelf.place(source.text)
            version, found = version_of(pieces)
            missing = missing_version(source, pieces)
            if missing is not None:
                moved.append(missing)
            found.extend(d for piece in pieces for d in piece.diagnostics)
            return SourceFile(source.path, shelf.text), tree_of(source.path, version, pieces), found

        units = read(self._paths, self._texts, shelved)
        self._shelves = {path: shelf for path, shelf in self._shelves.items() if path in real}
        result = checked(units, self._memo)
        moved.extend(self.moved(found) for found in result.diagnostics)
        files = {path: real.get(path, file) for path, file in result.files.items()}
        return Checked(result.program, files, in_order(moved, files))

    def load(self) -> Checked:
        """Return what `load_all` gives for the texts as they are now; kept until the next edit."""
        if self._loaded is None:
            self._loaded = load_all(self._paths, self._texts)
        return self._loaded

    def moved(self, found: Diagnostic) -> Diagnostic:
        """Return a finding with spans on the shelves as one with spans in the files as they are."""
        fix = found.fix
        return replace(
            found,
            span=self._real(found.span),
            related=tuple((self._real(span), text) for span, text in found.related),
            fix=None if fix is None else Edit(self._real(fix.span), fix.text),
        )

    def _real(self, span: Span) -> Span:
        shelf = self._shelves.get(span.file)
        return span if shelf is None else shelf.real(span)


@dataclass(slots=True)
class _Shelf:
    """The pieces of one file that were ever read, one after the other, and where they stand now."""

    path: str
    text: str = ""
    _pieces: dict[str, list[tuple[int, Piece]]] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)
    _shifts: list[int] = field(default_factory=list)

    def place(self, text: str) -> list[Piece]:
        """Return the pieces of a text in order; those that are known are not read again."""
        first = not self.text
        # A line end parts what comes next from a text that ends without one.
        grown = [f"{text}\n" if first else self.text]
        end_of_shelf = len(grown[0])
        used: Counter[str] = Counter()
        placed: list[tuple[int, int]] = []
        pieces: list[Piece] = []
        for start, end in cut(text):
            written = text[start:end]
            known = self._pieces.setdefault(written, [])
            if used[written] == len(known):
                at = start if first else end_of_shelf
                known.append((at, parse_piece(written, self.path, at)))
                if not first:
                    grown.append(f"{written}\n")
                    end_of_shelf += len(written) + 1
            # The same declaration written twice has two places, and two trees.
            at, piece = known[used[written]]
            used[written] += 1
            placed.append((at, start - at))
            pieces.append(piece)
        self.text = "".join(grown)
        placed.sort()
        self._starts = [at for at, _ in placed]
        self._shifts = [shift for _, shift in placed]
        return pieces

    def real(self, span: Span) -> Span:
        """Return where a span on the shelf stands in the file now."""
        number = bisect_right(self._starts, span.start) - 1
        if number < 0:
            return span
        shift = self._shifts[number]
        return Span(span.file, span.start + shift, span.end + shift)
