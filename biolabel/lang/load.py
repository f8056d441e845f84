"""Reading rule files with all they import, down to the checked program."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from biolabel.errors import Diagnostic, SourceFile, Span
from biolabel.lang.check import check
from biolabel.lang.link import link
from biolabel.lang.memo import Memo
from biolabel.lang.nearest import did_you_mean
from biolabel.lang.parse import parse
from biolabel.lang.program import Checked
from biolabel.lang.scopes import Import, Unit
from biolabel.lang.tree import FileTree, ImportDecl

_RULES = ".rules"


def load(path: Path) -> Checked:
    """Return the checked program of one rule file and its imports."""
    return load_all([path])


def load_all(paths: Sequence[Path], texts: Mapping[str, str] | None = None) -> Checked:
    """Return the checked program of several rule files that see each other's names, with imports.

    `texts` are the unsaved texts of open editors by real path (`os.path.realpath`); they stand for
    what lies on disk, also where nothing lies there yet. Every line end becomes a line feed, in
    files and in texts, and a byte order mark is dropped: spans point into `Checked.files`.

    Nothing is raised: files that cannot be read are diagnostics too (BL015 wrong encoding, BL108
    missing, BL112 imports in a circle), beside all that parsing, linking and checking find. Several
    ways to the same file give one file.
    """
    return checked(read(paths, texts or {}))


@dataclass(frozen=True, slots=True)
class Units:
    """The files of a program in the order in which they are shown, and what reading them found.

    `mains` are the paths of the files that the user named, among the others that these import.
    """

    units: tuple[Unit, ...]
    mains: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]


Parse = Callable[[SourceFile], tuple[SourceFile, FileTree, Sequence[Diagnostic]]]
"""From a file to the file that the tree's spans point into (for `parse` the same), tree and errors."""


def read(paths: Sequence[Path], texts: Mapping[str, str], parsed: Parse | None = None) -> Units:
    """Return files with all that they import, read and parsed."""
    reading = _Reading({}, {}, [], texts, parsed or _parsed)
    mains = frozenset([reading.main(path) for path in dict.fromkeys(paths)])
    return Units(tuple(reading.units.values()), mains, tuple(reading.diagnostics))


def checked(read: Units, memo: Memo | None = None) -> Checked:
    """Return the linked and checked program of files, with all findings in source order."""
    linked = link(read.units, read.mains, memo)
    found = {*read.diagnostics, *linked.diagnostics, *check(linked, memo)}
    failed = any(d.severity == "error" for d in found)
    files = {unit.source.path: unit.source for unit in read.units}
    return Checked(None if failed else linked.program, files, in_order(found, files))


def in_order(found: Iterable[Diagnostic], files: Iterable[str]) -> tuple[Diagnostic, ...]:
    """Return findings once, in the order of the files and of the places in them."""
    order = {path: i for i, path in enumerate(files)}

    def place(each: Diagnostic) -> tuple[int, Span, str, str]:
        return order.get(each.span.file, len(order)), each.span, each.code, each.message

    return tuple(sorted(set(found), key=place))


def _parsed(source: SourceFile) -> tuple[SourceFile, FileTree, Sequence[Diagnostic]]:
    return source, *parse(source)


@dataclass(slots=True)
class _Reading:
    """The files read so far: units by path as shown, and that path by the file's real place."""

    units: dict[str, Unit]
    shown: dict[str, str]
    diagnostics: list[Diagnostic]
    open_texts: Mapping[str, str]
    parsed: Parse

    def main(self, path: Path) -> str:
        """Read a file named by the user; return its path as shown."""
        known = self.shown.get(_place(path))
        return known or self._read(path, ())

    def _read(self, path: Path, above: tuple[str, ...], asked: Span | None = None) -> str:
        shown = os.path.normpath(path)
        self.shown[_place(path)] = shown
        text = self._text(path, asked or Span(shown, 0, 0))
        source = SourceFile(shown, text or "")
        if text is None:
            self.units[shown] = Unit(source, FileTree(shown, None, ()), (), readable=False)
            return shown
        source, tree, diagnostics = self.parsed(source)
        self.diagnostics.extend(diagnostics)
        # The place in the order of files is taken before the imports take theirs.
        self.units[shown] = Unit(source, tree, ())
        imports = tuple(
            Import(found, self._import(found, path.parent, (*above, shown)))
            for found in tree.declarations
            if isinstance(found, ImportDecl)
        )
        self.units[shown] = Unit(source, tree, imports)
        return shown

    def _import(self, found: ImportDecl, folder: Path, above: tuple[str, ...]) -> str | None:
        if "\0" in found.path:
            self._unreadable("BL108", "a path cannot hold the sign U+0000", found.span, "")
            return None
        path = folder / found.path
        if not _names_rules(path):
            message = (
                f"{found.path} is no rule file: its name, and what it links to, must end in .rules"
            )
            hint = "import reads rule files only; lists and tables are named where they are used"
            self._unreadable("BL108", message, found.span, hint)
            return None
        known = self.shown.get(_place(path))
        if known in above:
            circle = " -> ".join([*above[above.index(known) :], known])
            message = f"these files import each other: {circle}"
            hint = "move what they share into a file that both import"
            self.diagnostics.append(Diagnostic("BL112", "error", message, found.span, hint))
            return None
        return known or self._read(path, above, found.span)

    def _text(self, path: Path, asked: Span) -> str | None:
        unsaved = self.open_texts.get(_place(path))
        if unsaved is not None:
            return unsaved.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        try:
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            near = [p.stem for p in path.parent.glob("*.rules")]
            hint = did_you_mean(path.stem, near, "paths are relative to the importing file")
            self._unreadable("BL108", f"no such file: {path}", asked, hint)
        except UnicodeDecodeError as error:
            where = f"byte {error.start} is {error.object[error.start]:#04x}"
            hint = "save it as UTF-8"
            self._unreadable("BL015", f"{path} is not UTF-8 text: {where}", asked, hint)
        except OSError as error:
            self._unreadable("BL108", f"cannot read {path}: {error.strerror}", asked, "")
        return None

    def _unreadable(self, code: str, message: str, asked: Span, hint: str) -> None:
        self.diagnostics.append(Diagnostic(code, "error", message, asked, hint))


def _names_rules(path: Path) -> bool:
    """Return whether a path, and what it links to, may be rules: messages would show what else it is."""
    return path.suffix == _RULES and Path(_place(path)).suffix == _RULES


def _place(path: Path) -> str:
    """Return where a file really is, so that several ways to it are one."""
    return os.path.realpath(path)
