"""Records of a large XML file, such as one article each, parsed one at a time.

A file is cut at the tags of its records before it is parsed, so that a broken record costs itself and
nothing behind it, the line of each record is exact, and memory holds one record. What stands before
the first record is never parsed: no DTD is loaded and nothing is fetched. Names of characters that the
DTDs of articles share with HTML, such as `&alpha;`, are read; any other entity is a fault.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from pathlib import Path

from lxml import etree

from biolabel.errors import CorpusError
from biolabel.text.lines import DAMAGED, read_blocks
from biolabel.text.rejects import Lost

_BLOCK = 1 << 20
_LARGEST = 1 << 26
"""More bytes than any article has: what goes on beyond them has lost its end tag."""

_NEAR = 1 << 14
"""How many bytes at the start of a file tell its root and encoding, and at its end that it is whole."""

_BLANKS = re.compile(r"[ \t\r\n]{2,}|[\t\r\n]")
_ASIDE = re.compile(rb"<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>|<[?!][^>]*>", re.DOTALL)
_ROOT = re.compile(rb"\s*<([\w:.-]+)[\s>]")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"']([\w.-]+)")
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_OF_XML = (b"amp", b"lt", b"gt", b"quot", b"apos")
_PLACE = re.compile(r"line (\d+)")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line on which it begins, its tag, and the element, or what is wrong with it.

    lost: what a fault costs, the record itself or the rest of the file.
    """

    line: int
    tag: str
    data: bytes
    element: etree._Element | None
    fault: str = ""
    lost: Lost = "document"

    @property
    def raw(self) -> str:
        """The beginning of the record as it is written, on one line."""
        return collapsed(self.data[:1000].decode(errors="replace"))


@dataclass(frozen=True, slots=True)
class _Piece:
    line: int
    tag: bytes
    data: bytes
    fault: str = ""


def read_records(path: Path, tags: tuple[str, ...]) -> Iterator[Record]:
    """Yield the elements of a file, plain or gzip, that have one of some tags and do not nest.

    A file that is damaged or ends early gives its good records, then one whose fault says so.

    Raises:
        CorpusError: BL601 when the file cannot be read; BL640 when it is in UTF-16, in an unknown
            encoding, or has none of the tags.
    """
    head = _head(path)
    parser = _parser(path, head)
    root = _ROOT.match(_ASIDE.sub(b"", head))
    end = b"</" + root[1] + b">" if root else b""
    found = False
    for piece in _pieces(path, tags, end):
        found = True
        yield _record(piece, parser)
    if not found:
        what = f"its root is <{root[1].decode(errors='replace')}>" if root else "it is no XML"
        raise CorpusError(
            "BL640",
            f"{path} has no {' or '.join(f'<{tag}>' for tag in tags)}: {what}",
            hint="say the format if the file is in another one",
        )


def text_of(element: etree._Element | None) -> str:
    """Return the text of an element without its markup, every run of white space as one blank.

    Blanks that are more than white space of XML, such as thin and protected ones, stay.
    """
    if element is None:
        return ""
    return collapsed("".join(element.itertext()) if len(element) else element.text or "")


def collapsed(text: str) -> str:
    """Return a text with every run of XML's white space as one blank and none at its ends."""
    return _BLANKS.sub(" ", text).strip(" ")


def _head(path: Path) -> bytes:
    try:
        return next(read_blocks(path), b"")[:_NEAR].removeprefix(_BOM)
    except DAMAGED:
        return b""


def _parser(path: Path, head: bytes) -> etree.XMLParser:
    named = _ENCODING.match(head)
    encoding = "UTF-16" if head.startswith(_UTF16) else named[1].decode() if named else "UTF-8"
    try:
        if encoding.upper().startswith(("UTF-16", "UTF-32", "UCS")):
            raise LookupError
        return etree.XMLParser(
            encoding=encoding,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
    except LookupError:
        message = f"{path} cannot be read: its encoding is {encoding}"
        raise CorpusError("BL640", message, hint="save it as UTF-8") from None


def _pieces(path: Path, tags: tuple[str, ...], root_end: bytes) -> Iterator[_Piece]:
    """Cut a file at the tags of its records; `root_end` is what a whole file has near its end."""
    border = re.compile(rb"<(/?)(" + "|".join(tags).encode() + rb")(?:\s[^<>]*)?(?<!/)>")
    # `rest` is what is not cut yet, its record starts at `at` on `line`, borders are sought from `sought`.
    rest, at, line, sought, inside = b"", 0, 1, 0, b""
    fault, tail = "", b""
    try:
        for block in read_blocks(path, _BLOCK):
            tail = (tail + block)[-_NEAR:]
            rest += block
            while found := border.search(rest, sought):
                closing = bool(found[1])
                cut = found.end() if closing else found.start()
                if closing or inside:
                    flaw = "" if closing and inside == found[2] else "its tags do not match"
                    yield _Piece(line, inside or found[2], rest[at:cut], flaw)
                line += rest.count(b"\n", at, cut)
                at, sought, inside = cut, found.end(), b"" if closing else found[2]
            # A tag may be cut in two by the end of the block.
            begun = rest.rfind(b"<", sought)
            sought = begun if begun >= 0 else len(rest)
            cut = at if inside else sought
            if len(rest) - cut > _LARGEST:
                if inside:
                    yield _Piece(line, inside, rest[cut : cut + 1000], "it goes on beyond 64 MB")
                cut, inside = len(rest), b""
            line += rest.count(b"\n", at, cut)
            rest, at, sought = rest[cut:], 0, max(sought - cut, 0)
    except DAMAGED:
        fault = "the gzip file is damaged or ends early"
    if fault or inside or root_end not in tail:
        fault = fault or f"the file ends before {root_end.decode(errors='replace')}"
        yield _Piece(line, b"", rest, fault)


def _record(piece: _Piece, parser: etree.XMLParser) -> Record:
    tag = piece.tag.decode()
    if piece.fault:
        return Record(piece.line, tag, piece.data, None, piece.fault, "document" if tag else "rest")
    try:
        return Record(piece.line, tag, piece.data, _parsed(piece.data, parser))
    except etree.XMLSyntaxError as error:
        before = piece.line - 1
        why = _PLACE.sub(lambda place: f"line {int(place[1]) + before}", error.msg or "")
        fault = f"it is no well-formed XML: {why}"
        return Record(piece.line, tag, piece.data, None, fault)


def _parsed(data: bytes, parser: etree.XMLParser) -> etree._Element:
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        numbered = _NAMED.sub(_numbered, data)
        if numbered == data:
            raise
        return etree.fromstring(numbered, parser)


def _numbered(name: re.Match[bytes]) -> bytes:
    """Return a character that DTDs name, such as `&alpha;`, by its number; other names as they are."""
    characters = html5.get(name[1].decode() + ";", "")
    if not characters or name[1] in _OF_XML:
        return name[0]
    return "".join(f"&#{ord(character)};" for character in characters).encode()
