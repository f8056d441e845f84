"""DrugProt, the three tables of ChemProt and DrugProt: abstracts, entities, relations.

    X_abstracts.tsv   PMID <tab> title <tab> abstract
    X_entities.tsv    PMID <tab> term <tab> type <tab> start <tab> end <tab> text
    X_relations.tsv   PMID <tab> label <tab> Arg1:term <tab> Arg2:term

There are no header lines; each table may be gzip. Offsets count code points of title + one blank +
abstract, terms (T1, T2, ...) name the entities of one document. In ChemProt's own relations two more
columns stand before the label, the label's group and whether it is evaluated; both are left out.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.errors import CorpusError
from biolabel.text.formats.format import Format, no_columns
from biolabel.text.formats.given import UnusableError
from biolabel.text.lines import Line, whole_lines
from biolabel.text.rejects import Lost, Rejects
from biolabel.text.topics import with_topics

_ABSTRACTS = re.compile(r"abstract?s(?=\.tsv)", re.IGNORECASE)
"""What the name of the first table has where the others have `entities` and `relations`.

DrugProt's own files are called `abstracs`.
"""

_ARGUMENT = re.compile(r"Arg([12]):(.+)")


def sisters(path: Path) -> tuple[Path, Path]:
    """Return the paths of the entities and relations that belong to a table of abstracts."""
    return (
        path.with_name(_ABSTRACTS.sub("entities", path.name)),
        path.with_name(_ABSTRACTS.sub("relations", path.name)),
    )


def read(path: Path, rejects: Rejects) -> Iterator[Document]:
    """Yield the documents of a table of abstracts with what the tables beside it say of them.

    Texts are held one at a time, the lines of the other tables all at once. A missing table of
    relations means that there are none; what cannot be used goes to `rejects`, and only that.
    Relations are between mentions, which are named by their keys.

    Raises:
        CorpusError: BL601 when the abstracts or the entities cannot be read; BL602 when there is no
            line with an abstract.
    """
    return with_topics(path, _read(path, rejects), rejects)


def _read(path: Path, rejects: Rejects) -> Iterator[Document]:
    entities_path, relations_path = sisters(path)
    entities = _by_document(entities_path, rejects)
    relations = _by_document(relations_path, rejects) if relations_path.is_file() else {}
    seen: set[str] = set()
    for line in whole_lines(path, rejects):
        fields = line.text.split("\t")
        doc = fields[0].strip()
        if reason := _wrong(line, fields, seen):
            rejects.add(path, line.number, doc, "document", reason, line.text)
            continue
        seen.add(doc)
        title, abstract = fields[1], fields[2]
        text = f"{title} {abstract}"
        terms = _terms(entities.pop(doc, ()), text, entities_path, rejects)
        passages = (Passage("title", 0, title), Passage("abstract", len(title) + 1, abstract))
        yield Document(
            doc,
            tuple(passage for passage in passages if passage.text),
            tuple(dict.fromkeys(terms.values())),
            tuple(_relations(relations.pop(doc, ()), terms, relations_path, rejects)),
        )
    if not seen:
        raise CorpusError(
            "BL602",
            f"{path} has no line with an abstract",
            hint="a line is an id, a title and an abstract with tabs between them",
        )
    for beside, left in ((entities_path, entities), (relations_path, relations)):
        lost: Lost = "mention" if left is entities else "relation"
        for doc, lines in left.items():
            for line in lines:
                reason = "the document is not among those that were read"
                rejects.add(beside, line.number, doc, lost, reason, line.text)


def _by_document(path: Path, rejects: Rejects) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in whole_lines(path, rejects):
        if line.text.strip():
            found.setdefault(line.text.partition("\t")[0].strip(), []).append(line)
    return found


def _wrong(line: Line, fields: list[str], seen: set[str]) -> str:
    """Return why a line is no document, or nothing."""
    if line.fault:
        return f"its text is {line.fault}"
    if len(fields) != 3:
        return f"the line has {len(fields)} columns, not an id, a title and an abstract"
    if not fields[0].strip():
        return "the document has no id"
    if fields[0].strip() in seen:
        return "the document is repeated"
    if not (fields[1] + fields[2]).strip():
        return "the document has neither a title nor an abstract"
    if "\r" in line.text:
        return "there is a carriage return inside its text"
    return ""


def _terms(
    lines: list[Line] | tuple[()], text: str, path: Path, rejects: Rejects
) -> dict[str, Mention]:
    """Return the mentions of a document by their terms."""
    found: dict[str, Mention] = {}
    for line in lines:
        fields = [part.strip() for part in line.text.split("\t")]
        try:
            mention = _mention(fields, line, text)
            if fields[1] in found:
                same = found[fields[1]] == mention
                how = "exactly the same" if same else "with other content"
                lost: Lost = "nothing" if same else "mention"
                raise UnusableError(lost, f"the term {fields[1]} is repeated, {how}")
            found[fields[1]] = mention
        except UnusableError as fault:
            rejects.add(path, line.number, fields[0], fault.lost, fault.reason, line.text)
    return found


def _mention(fields: list[str], line: Line, text: str) -> Mention:
    if line.fault:
        raise UnusableError("mention", f"the line is {line.fault}")
    if len(fields) != 6 or not all(fields):
        raise UnusableError("mention", "the line is not PMID, term, type, start, end and text")
    if not (fields[3].isdecimal() and fields[4].isdecimal()):
        raise UnusableError("mention", f"{fields[3]}-{fields[4]} is no span")
    start, end, written = int(fields[3]), int(fields[4]), fields[5]
    if not start < end <= len(text):
        reason = f"{start}-{end} is no span of the text, which has {len(text)} characters"
        raise UnusableError("mention", reason)
    if text[start:end].split() != written.split():
        reason = f"the text at {start}-{end} is {text[start:end]!r}, not {written!r}"
        raise UnusableError("mention", reason)
    return Mention(start, end, fields[2])


def _relations(
    lines: list[Line] | tuple[()], terms: dict[str, Mention], path: Path, rejects: Rejects
) -> Iterator[Relation]:
    """Yield the relations of a document; a pair may have several labels."""
    found: set[Relation] = set()
    for line in lines:
        fields = [part.strip() for part in line.text.split("\t")]
        try:
            relation = _relation(fields, line, terms)
            if relation in found:
                raise UnusableError("nothing", "the same relation stood before")
            found.add(relation)
            yield relation
        except UnusableError as fault:
            rejects.add(path, line.number, fields[0], fault.lost, fault.reason, line.text)


def _relation(fields: list[str], line: Line, terms: dict[str, Mention]) -> Relation:
    if line.fault:
        raise UnusableError("relation", f"the line is {line.fault}")
    arguments = [_ARGUMENT.fullmatch(cell) for cell in fields[-2:]]
    named = {match[1]: match[2] for match in arguments if match}
    if len(fields) not in (4, 6) or not fields[-3] or set(named) != {"1", "2"}:
        raise UnusableError("relation", "the line is not PMID, label, Arg1:term and Arg2:term")
    for term in named.values():
        if term not in terms:
            raise UnusableError("relation", f"the document has no term {term}")
    subject, target = (terms[named[number]].names[-1] for number in "12")
    return Relation(fields[-3], subject, target, fields[-3])


FORMAT = Format(
    name="drugprot",
    title="DrugProt",
    endings=("abstracts.tsv", "abstracs.tsv"),
    read=no_columns(read),
    beside=sisters,
)
