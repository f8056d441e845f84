"""Which sections of the documents a name means, and which documents have sections to speak of."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.columns import Column, conjunction, disjunction, where_known
from biolabel.apply.scene import Frame, Scene
from biolabel.data.corpus import Corpus
from biolabel.data.documents import HEADING_BREAK
from biolabel.data.words import key_of

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]
# The sections that every abstract has: their names say nothing of how its text is divided.
_PLAIN = ("title", "abstract")
_NUMBER = re.compile(r"^[\d. ]+ ")


@dataclass(frozen=True, slots=True)
class Named:
    """The sections that a name means: bool[c], and where that can be told: bool[d]."""

    sections: Bools
    known: Bools


def named_sections(scene: Scene, name: str) -> Named:
    """Return the sections of a name: by their kind, or by a heading that reads like it.

    A declared section is known by its name and its `headings:`, any other by its name alone, with a
    blank for each `_`; sections inside of it are meant too. Case, signs and a number before the heading
    do not count. `title` and `abstract` are kinds; a document has them known if any of its sections has
    a kind. For other names it needs a section that has a heading or another kind.
    """
    corpus = scene.corpus
    if name in _PLAIN:
        wanted, heads = {name}, set[str]()
        tells = np.array([bool(kind) for kind in corpus.section_kinds], dtype=bool)
        known = tells[corpus.section_kind]
    else:
        declared = scene.plan.sections.get(name)
        headings = declared.headings if declared else ()
        heads = {heading_key(text) for text in (*headings, name.replace("_", " "))}
        wanted = heads
        known = _speaking(corpus)
    kinds = [heading_key(kind) in wanted for kind in corpus.section_kinds]
    titles = [_reads_like(text, heads) for text in corpus.section_headings]
    right = np.array(kinds, dtype=bool)[corpus.section_kind]
    right |= np.array(titles, dtype=bool)[corpus.section_heading]
    documents = np.zeros(len(corpus.ids), dtype=bool)
    documents[corpus.section_doc[known]] = True
    return Named(right, documents)


def _reads_like(heading: str, heads: Set[str]) -> bool:
    around = (heading, *heading.split(HEADING_BREAK))
    return not heads.isdisjoint(heading_key(part) for part in around)


def _speaking(corpus: Corpus) -> Bools:
    kinds = [kind not in ("", *_PLAIN) for kind in corpus.section_kinds]
    headed = np.array([bool(text) for text in corpus.section_headings], dtype=bool)
    return np.array(kinds, dtype=bool)[corpus.section_kind] | headed[corpus.section_heading]


def heading_key(heading: str) -> str:
    """Return the form under which headings are compared: `2. Methods:` reads like `methods`."""
    words = key_of(" ".join(re.findall(r"[\w']+|[-/]", heading)))
    return _NUMBER.sub("", words)


def in_section(scene: Scene, frame: Frame, names: Sequence[str]) -> Column:
    """Return whether the whole candidate stands in sections of one of the names.

    A document stands in all its sections: it needs one of these.
    """
    corpus = scene.corpus
    named = [named_sections(scene, name) for name in names]
    if frame.sentence is None and not frame.sides:
        columns = []
        for found in named:
            having = np.zeros(len(corpus.ids), dtype=bool)
            having[stretches(corpus, found.sections)[0]] = True
            columns.append(where_known(having[frame.doc], found.known[frame.doc]))
        return disjunction(columns)
    parts = []
    firsts = [side.first for side in frame.sides.values()]
    for row in firsts if frame.sentence is None else [frame.sentence[0]]:
        section = corpus.sentence_section[corpus.row_sentence[row]]
        parts.append(
            disjunction([where_known(n.sections[section], n.known[frame.doc]) for n in named])
        )
    return conjunction(parts)


def stretches(corpus: Corpus, chosen: Bools) -> tuple[Ints, Ints, Ints]:
    """Return document, first row and end row of chosen sections, neighbors as one, in order of place."""
    sections = np.flatnonzero(chosen)
    low = np.searchsorted(corpus.sentence_section, sections)
    high = np.searchsorted(corpus.sentence_section, sections, side="right")
    sections, low, high = sections[low < high], low[low < high], high[low < high]
    doc = corpus.section_doc[sections]
    first = corpus.sentence_first_row[low]
    end = corpus.sentence_end_row[high - 1]
    fresh = np.ones(len(doc), dtype=bool)
    fresh[1:] = (doc[1:] != doc[:-1]) | (first[1:] != end[:-1])
    last = np.r_[fresh[1:], True][: len(doc)]
    return doc[fresh], first[fresh], end[last]
