"""CoNLL: a token and its tag a line, a blank line after a sentence, `-DOCSTART-` before a document.

The token is the first column, the tag the last. Tags are IOB2 (`B-Disease`, `I-Disease`, `O`); IOB1 and
BIOES are read too. The text is the tokens with one blank between them, and offsets count there; each
sentence is a passage. A file that does not begin with `-DOCSTART-` has one document a sentence.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from biolabel.data.documents import Document, Mention, Passage
from biolabel.errors import CorpusError
from biolabel.text.build import naive_starts
from biolabel.text.formats.format import Format, no_columns
from biolabel.text.formats.output import write_pieces
from biolabel.text.formats.repeated import Seen
from biolabel.text.lines import Line, whole_lines
from biolabel.text.rejects import Lost, Rejects
from biolabel.text.topics import with_topics

_START = re.compile(r"-DOCSTART-\s*(?:\(([^()]*)\))?.*")
_TAG = re.compile(r"O|([BIESLU])(?:-(\S+))?")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_BARE = "Mention"
"""The type of mentions whose tags (`B`, `I`) do not say one."""


@dataclass(slots=True)
class Builder:
    """A document while it is read: sentences that are done, and the one that goes on."""

    id: str
    line: int
    passages: list[Passage] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    at: int = 0
    first: int = 0
    tagged: bool = False
    open: tuple[int, int, str] | None = None

    def add(self, token: str, tag: str) -> tuple[Lost, str] | None:
        """Add a token; return what its tag costs and why, if anything is odd about it."""
        start, end = self.at, self.at + len(token)
        self.tokens.append(token)
        self.at = end + 1
        match = _TAG.fullmatch(tag)
        self.tagged = self.tagged or match is not None
        sign, kind = (match[1], match[2] or _BARE) if match else (None, "")
        inside = sign in ("I", "E", "L")
        begun = self.open if inside and self.open and self.open[2] == kind else None
        if not begun:
            self.close()
        if sign:
            self.open = (begun[0] if begun else start, end, kind)
        if sign in ("E", "L", "S", "U"):
            self.close()
        if not match:
            return "mention", f"{tag!r} is no tag such as B-Disease; the token is taken as outside"
        if inside and not begun:
            return "nothing", f"{tag} follows no B-{kind}; a mention begins here"
        return None

    def close(self) -> None:
        """End the mention that goes on, if there is one."""
        if self.open:
            self.mentions.append(Mention(*self.open))
        self.open = None

    def end_sentence(self) -> None:
        """End the sentence, if there is one."""
        self.close()
        if self.tokens:
            self.passages.append(Passage("", self.first, " ".join(self.tokens)))
        self.tokens = []
        self.first = self.at

    def document(self) -> Document:
        """Return what was read."""
        return Document(self.id, tuple(self.passages), tuple(self.mentions))


def read(path: Path, rejects: Rejects) -> Iterator[Document]:
    """Yield the documents of a CoNLL file, plain or gzip, holding one at a time.

    A document that has no id in its `-DOCSTART-` line, or no such line, is called after the file with
    its number behind it.

    Raises:
        CorpusError: BL601 when the file cannot be read; BL602 when it is not CoNLL.
    """
    return with_topics(path, _read(path, rejects), rejects)


def _read(path: Path, rejects: Rejects) -> Iterator[Document]:
    seen = Seen()
    found = False
    for builder in _builders(path, rejects):
        document = builder.document()
        found = found or builder.tagged
        if not builder.tagged:
            reason = "the document has no token with a tag such as O"
            rejects.add(path, builder.line, builder.id, "document", reason, "")
        elif again := seen.again(document.id, document):
            rejects.add(path, builder.line, builder.id, again.lost, again.reason, document.text)
        else:
            yield document
    if not found:
        raise CorpusError(
            "BL602", f"{path} is no CoNLL file", hint="a line is a token and its tag, such as O"
        )


def _builders(path: Path, rejects: Rejects) -> Iterator[Builder]:
    stem = path.name.partition(".")[0]
    builder: Builder | None = None
    marked, count = False, 0
    for line in whole_lines(path, rejects):
        start = _START.fullmatch(line.text)
        if start or not line.text.strip():
            if builder:
                builder.end_sentence()
            if builder and (start or not marked):
                yield builder
                builder = None
            if start:
                marked, count = True, count + 1
                builder = Builder((start[1] or "").strip() or f"{stem}-{count}", line.number)
        else:
            if builder is None:
                count += 1
                builder = Builder(f"{stem}-{count}", line.number)
            _add(builder, line, path, rejects)
    if builder:
        builder.end_sentence()
        yield builder


def _add(builder: Builder, line: Line, path: Path, rejects: Rejects) -> None:
    fields = line.text.split("\t") if "\t" in line.text else line.text.split()
    odd: tuple[Lost, str] | None = None
    if line.fault:
        odd = "line", f"the line is {line.fault}"
    elif len(fields) < 2 or not fields[0].strip():
        odd = "line", "the line is not a token and a tag"
    elif not (fields[0] == "#" and not _TAG.fullmatch(fields[-1])):  # else it is a comment
        odd = builder.add(" ".join(fields[0].split()), fields[-1].strip())
    if odd:
        rejects.add(path, line.number, builder.id, *odd, line.text)


def write(path: Path, documents: Iterable[Document]) -> None:
    """Write documents as CoNLL, gzip if the name ends in `.gz`, and their topics beside it.

    Tokens are runs of letters and digits, and single signs; a mention's border cuts a token. Of
    mentions that overlap the first, and of those the longest, is written, of discontinuous ones all
    from their start to their end. Sentences end before a capital after `.`, `?` or `!`, never inside
    of a mention.

    Raises:
        CorpusError: BL604 when the file cannot be written; BL610 for an id or type with blanks or
            parentheses.
    """
    write_pieces(path, documents, _piece)


def unfit(document: Document) -> str:
    """Return why CoNLL cannot hold a document, or nothing."""
    names = (document.id, *(mention.type for mention in document.mentions))
    wrong = [name for name in names if not re.fullmatch(r"[^\s()]+", name)]
    if wrong:
        return (
            f"CoNLL cannot hold {wrong[0]!r} of document {document.id!r}: it has blanks or brackets"
        )
    return "" if document.text.strip() else f"CoNLL cannot hold {document.id!r}: it has no text"


def _piece(document: Document) -> bytes:
    if reason := unfit(document):
        raise CorpusError("BL610", reason)
    mentions = _separate(document.mentions)
    lines = [f"-DOCSTART- ({document.id})\tO", ""]
    for start, text in _sentences(document, mentions):
        lines += [*_tagged(start, text, mentions), ""]
    return ("\n".join(lines) + "\n").encode()


def _separate(mentions: Iterable[Mention]) -> list[Mention]:
    """Return mentions in the order of the text without those that an earlier one overlaps."""
    found: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not found or found[-1].end <= mention.start:
            found.append(mention)
    return found


def _sentences(document: Document, mentions: Sequence[Mention]) -> Iterator[tuple[int, str]]:
    """Yield the start and text of each sentence that has tokens."""
    text, starts = document.text, [0, len(document.text)]
    for passage in document.passages:
        starts += [passage.offset, *(passage.offset + s for s in naive_starts(passage.text))]
    inside = {at for m in mentions for at in range(m.start + 1, m.end)}
    kept = sorted(set(starts) - inside)
    for start, end in pairwise(kept):
        if text[start:end].strip():
            yield start, text[start:end]


def _tagged(start: int, text: str, mentions: Sequence[Mention]) -> Iterator[str]:
    end = start + len(text)
    borders = {b for m in mentions if m.start < end and start < m.end for b in (m.start, m.end)}
    for match in _TOKEN.finditer(text):
        low, high = start + match.start(), start + match.end()
        cuts = [low, *sorted(b for b in borders if low < b < high), high]
        for a, b in pairwise(cuts):
            inside = next((m for m in mentions if m.start <= a and b <= m.end), None)
            first = inside is None or not _TOKEN.search(text[inside.start - start : a - start])
            tag = f"{'B' if first else 'I'}-{inside.type}" if inside else "O"
            yield f"{text[a - start : b - start]}\t{tag}"


FORMAT = Format(
    name="conll",
    title="CoNLL",
    endings=(".conll", ".iob", ".iob2", ".bio", ".conll.txt", ".conll.tsv"),
    read=no_columns(read),
    write=write,
    holds=frozenset({"mentions"}),
    unfit=unfit,
)
