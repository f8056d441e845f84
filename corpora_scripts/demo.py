"""Make the demo's corpus files from the hand-written texts in tasks/demo/texts.

A text file holds texts separated by blank lines, each a header and lines with a letter:

    == 900000101 | case report | adverse_event      the topic makes it a gold text
    T: {c D002220: Carbamazepine} and {d D007010: low sodium}
    A: The abstract in one line, {c ID: chemical}, {d ID: disease}; -1 = no id, A|B = two ids.
    R: D002220 D007010                              the chemical causes or worsens the disease

Gold texts become `dev.pubtator` with `dev.pubtator.topics.tsv`, the others `corpus.pubtator`. Any
fault in any text is reported and nothing is written. Run `python corpora_scripts/demo.py` in the
checkout; `--check` writes nothing and fails if the files are not what the texts give.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

DEMO = Path(__file__).resolve().parent.parent / "tasks" / "demo"
TOPIC_TASK = "topic"
TOPICS = ("adverse_event", "therapy", "other")
KINDS = ("case report", "trial", "animal study", "review", "cohort", "laboratory", "other")
TYPES = {"c": "Chemical", "d": "Disease"}
WORDS = range(60, 201)
MAX_SHARED = 0.2
"""The largest share of a text's 5-grams that another text may hold (the shorter text counts)."""

_HEADER = re.compile(r"== (\d+) \| ([a-z ]+?)(?: \| ([a-z_]+))?")
_MARK = re.compile(r"\{([cd]) ([^{}:]*): ([^{}]*)\}")
_ID = re.compile(r"[CD]\d{6,9}")


@dataclass(frozen=True, slots=True)
class Mark:
    """A gold mention: half-open code points of title, blank and abstract; type; MeSH ids."""

    start: int
    end: int
    type: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One text; `topic` is None for an unlabeled one."""

    number: str
    kind: str
    topic: str | None
    title: str
    abstract: str
    marks: tuple[Mark, ...] = ()
    relations: tuple[tuple[str, str], ...] = ()

    @property
    def plain(self) -> str:
        """The text that offsets count in."""
        return f"{self.title} {self.abstract}"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong, and in which text or at which line of which file."""

    where: str
    message: str


def unmark(line: str, offset: int) -> tuple[str, tuple[Mark, ...]]:
    """Return a line without its marks, and the marks with offsets from `offset` on."""
    plain, marks, end = "", [], 0
    for match in _MARK.finditer(line):
        plain += line[end : match.start()]
        letter, ids, surface = match.groups()
        start = offset + len(plain)
        concepts = () if ids == "-1" else tuple(ids.split("|"))
        marks.append(Mark(start, start + len(surface), TYPES[letter], concepts))
        plain += surface
        end = match.end()
    return plain + line[end:], tuple(marks)


def parse(name: str, content: str) -> tuple[list[Text], list[Fault]]:
    """Return the texts of a file that can be read, and a fault for each one that cannot."""
    texts: list[Text] = []
    faults: list[Fault] = []
    for block in re.finditer(r"\S.*(?:\n.*\S.*)*", content):
        where = f"{name}:{content.count(chr(10), 0, block.start()) + 1}"
        text = _parse_block(block.group().split("\n"))
        if isinstance(text, str):
            faults.append(Fault(where, text))
        else:
            texts.append(text)
    return texts, faults


def _parse_block(lines: Sequence[str]) -> Text | str:
    """Return a text, or what is wrong with its lines."""
    header = _HEADER.fullmatch(lines[0].rstrip())
    if header is None:
        return f"expected `== NUMBER | KIND` or `== NUMBER | KIND | TOPIC`, found `{lines[0][:60]}`"
    letters = [line[:3] for line in lines[1:]]
    if letters[:2] != ["T: ", "A: "] or set(letters[2:]) - {"R: "}:
        return f"expected the lines `T: `, `A: ` and then `R: ` only, found {letters}"
    relations = [tuple(line[3:].split()) for line in lines[3:]]
    if not all(len(pair) == 2 for pair in relations):
        return "expected two ids in every line `R: CHEMICAL DISEASE`"
    title, title_marks = unmark(lines[1][3:].strip(), 0)
    abstract, abstract_marks = unmark(lines[2][3:].strip(), len(title) + 1)
    number, kind, topic = header.groups()
    return Text(
        number,
        kind,
        topic,
        title,
        abstract,
        title_marks + abstract_marks,
        tuple((pair[0], pair[1]) for pair in relations),
    )


def faults_of(text: Text) -> Iterator[Fault]:
    """Yield what is wrong with one text by itself."""

    def fault(message: str) -> Fault:
        return Fault(text.number, message)

    if text.kind not in KINDS:
        yield fault(f"unknown kind `{text.kind}`, expected one of {', '.join(KINDS)}")
    if text.topic not in (None, *TOPICS):
        yield fault(f"unknown topic `{text.topic}`, expected one of {', '.join(TOPICS)}")
    if text.topic is None and (text.marks or text.relations):
        yield fault("marks or relations in a text without a topic, which is an unlabeled one")
    if not text.plain.isascii():
        yield fault(f"not ASCII: {sorted({sign for sign in text.plain if not sign.isascii()})}")
    if re.search(r"[{}]", text.plain):
        yield fault("a brace outside a mark `{c ID: text}` or `{d ID: text}`")
    if (count := len(text.plain.split())) not in WORDS:
        yield fault(f"{count} words, expected {WORDS.start} to {WORDS.stop - 1}")
    for mark in text.marks:
        surface = text.plain[mark.start : mark.end]
        if not surface or surface != surface.strip():
            yield fault(f"blank at the edge of the mark `{surface}`")
        if bad := [identifier for identifier in mark.ids if not _ID.fullmatch(identifier)]:
            yield fault(f"`{surface}` has {bad}, expected MeSH ids without prefix, or -1")
    for surface in sorted({text.plain[mark.start : mark.end].lower() for mark in text.marks}):
        if missed := unmarked(text, surface):
            yield fault(f"`{surface}` is marked, but not everywhere: {missed} more")
    yield from map(fault, _relation_faults(text))


def unmarked(text: Text, surface: str) -> int:
    """Count the whole-word occurrences of a surface form that no mark touches."""
    pattern = re.compile(rf"(?<!\w){re.escape(surface)}(?!\w)", re.IGNORECASE)
    return sum(
        all(hit.end() <= mark.start or mark.end <= hit.start() for mark in text.marks)
        for hit in pattern.finditer(text.plain)
    )


def _relation_faults(text: Text) -> Iterator[str]:
    """Yield what is wrong with the relations of a text."""
    marked = {
        kind: {identifier for mark in text.marks if mark.type == kind for identifier in mark.ids}
        for kind in TYPES.values()
    }
    for chemical, disease in text.relations:
        if chemical not in marked["Chemical"]:
            yield f"the relation's chemical {chemical} is not marked in the text"
        if disease not in marked["Disease"]:
            yield f"the relation's disease {disease} is not marked in the text"
    if len(set(text.relations)) < len(text.relations):
        yield "the same relation twice"


def grams(text: Text) -> frozenset[tuple[str, ...]]:
    """Return the 5-grams of a text's lower-case words."""
    words = re.findall(r"\w+", text.plain.lower())
    return frozenset(zip(*(words[start:] for start in range(5)), strict=False))


def shared(first: frozenset[tuple[str, ...]], second: frozenset[tuple[str, ...]]) -> float:
    """Return the share of the smaller set's 5-grams that the other set holds too."""
    return len(first & second) / max(min(len(first), len(second)), 1)


def faults_between(texts: Sequence[Text]) -> Iterator[Fault]:
    """Yield repeated numbers, and pairs of texts that share too many 5-grams."""
    numbers = [text.number for text in texts]
    for number in sorted({number for number in numbers if numbers.count(number) > 1}):
        yield Fault(number, "the number is used more than once")
    sets = [(text.number, grams(text)) for text in texts]
    for (number, first), (other, second) in combinations(sets, 2):
        if (share := shared(first, second)) >= MAX_SHARED:
            yield Fault(number, f"shares {share:.0%} of its 5-grams with {other}")


def pubtator(texts: Iterable[Text]) -> str:
    """Return texts in PubTator format, with the mentions and relations they have."""
    blocks = []
    for text in texts:
        lines = [f"{text.number}|t|{text.title}", f"{text.number}|a|{text.abstract}"]
        for mark in text.marks:
            surface, ids = text.plain[mark.start : mark.end], "|".join(mark.ids) or "-1"
            lines.append(f"{text.number}\t{mark.start}\t{mark.end}\t{surface}\t{mark.type}\t{ids}")
        lines.extend(f"{text.number}\tCID\t{first}\t{second}" for first, second in text.relations)
        blocks.append("\n".join(lines) + "\n\n")
    return "".join(blocks)


def topics(texts: Iterable[Text]) -> str:
    """Return the topics of the gold texts: document, task, label."""
    return "".join(f"{text.number}\t{TOPIC_TASK}\t{text.topic}\n" for text in texts if text.topic)


def outputs(texts: Iterable[Text]) -> dict[str, str]:
    """Return the content of each output file by name, texts in the order of their numbers."""
    ordered = sorted(texts, key=lambda text: int(text.number))
    gold = [text for text in ordered if text.topic]
    return {
        "dev.pubtator": pubtator(gold),
        "dev.pubtator.topics.tsv": topics(gold),
        "corpus.pubtator": pubtator(text for text in ordered if not text.topic),
    }


def read(folder: Path) -> tuple[list[Text], list[Fault]]:
    """Return all texts of a folder's files and every fault in and between them."""
    texts: list[Text] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.txt")):
        found, wrong = parse(path.name, path.read_text(encoding="utf-8"))
        texts += found
        faults += wrong
    for text in texts:
        faults += faults_of(text)
    return texts, faults + list(faults_between(texts))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the files; return the exit status."""
    parser = argparse.ArgumentParser(description="Make the demo's corpus files from its texts.")
    parser.add_argument("--check", action="store_true", help="fail if the files are out of date")
    check = parser.parse_args(arguments).check
    texts, faults = read(DEMO / "texts")
    for fault in faults:
        print(f"{fault.where}: {fault.message}", file=sys.stderr)
    if faults or not texts:
        print(f"{len(texts)} texts, {len(faults)} faults", file=sys.stderr)
        return 1
    files = outputs(texts)
    if check:
        stale = [n for n, c in files.items() if not _same(DEMO / n, c)]
        for name in stale:
            print(f"{name} is not what the texts give: run {Path(__file__).name}", file=sys.stderr)
        return 1 if stale else 0
    for name, content in files.items():
        (DEMO / name).write_text(content, encoding="utf-8")
    gold = sum(text.topic is not None for text in texts)
    print(f"{gold} gold and {len(texts) - gold} unlabeled texts")
    return 0


def _same(path: Path, content: str) -> bool:
    """Tell whether a file exists and holds the content."""
    return path.is_file() and path.read_text(encoding="utf-8") == content


if __name__ == "__main__":
    sys.exit(main())
