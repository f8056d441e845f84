"""What the mentions of documents mean: their texts, their short forms, and the rest of the document."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from biolabel.apply.norm.book import NameBook
from biolabel.apply.norm.composite import parts_of
from biolabel.apply.norm.search import NEVER, SURE, search
from biolabel.data.concepts import Ranked, Reading, Readings, best_of
from biolabel.data.corpus import Corpus
from biolabel.data.mentions import MentionTable

ANY = ""
"""The book of mentions whose type has none of its own."""
SAID = 0.02
"""What it is worth that a mention that has one meaning only means the concept elsewhere in the document."""
NEAR = 0.01
"""What it is worth that such a mention means a concept directly above or below."""
GUESSED = 6.0
"""So many times as much both are worth for names that only resemble the text."""
_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
_LETTERS = re.compile(r"[A-Z][A-Za-z-]*[A-Z][A-Za-z]?s?")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked up for a mention: its texts, of which earlier ones count, and the way to the first."""

    type: str
    texts: tuple[str, ...]
    why: tuple[str, ...] = ()


def normalize(
    corpus: Corpus,
    mentions: MentionTable,
    books: Mapping[str, NameBook],
    often: Mapping[str, int] = NEVER,
) -> list[Readings]:
    """Return the ranked concepts of each mention, by the names of its type.

    books: type of mentions to names, `ANY` for all types that have none; often: how many documents name each
    concept (`named_in`), which decides where nothing else does. A short form that the document defines means
    what its long form means. A text that is no name is split where it enumerates, if every part
    is a name then. Concepts that a text means equally well are ranked by what other mentions of the document
    mean for certain. No document changes what another one means.
    """
    asked = [_asked(corpus, mentions, i, books) for i in range(len(mentions))]
    known = _searched(asked, books, often)
    found = [_read(each, known.get(each.type, {})) for each in asked]
    by_document: defaultdict[int, list[int]] = defaultdict(list)
    for i, doc in enumerate(mentions.doc.tolist()):
        by_document[doc].append(i)
    for members in by_document.values():
        _with_initials(members, asked, found)
        _in_context(members, asked, found, books)
    return found


def named_in(mentions: MentionTable, found: Sequence[Readings]) -> Counter[str]:
    """Return how many documents name each concept, by a name that can mean no other one."""
    named = {
        (doc, reading.ranked[0].concept)
        for doc, readings in zip(mentions.doc.tolist(), found, strict=True)
        for reading in readings
        if reading.ranked and _clear(reading.ranked)
    }
    return Counter(concept for _, concept in named)


def _asked(corpus: Corpus, mentions: MentionTable, i: int, books: Mapping[str, NameBook]) -> _Asked:
    type_ = mentions.types[mentions.type[i]]
    doc, start, end = int(mentions.doc[i]), int(mentions.start[i]), int(mentions.end[i])
    written = corpus.texts[doc][start:end]
    spelled = _spelled_out(corpus, doc, start, end)
    texts = [spelled, _BRACKETS.sub("", spelled), written, _BRACKETS.sub("", written)]
    kept = tuple(dict.fromkeys(" ".join(text.split()) for text in texts if text.strip()))
    key = type_ if type_ in books else ANY
    return _Asked(key, kept, ("abbreviation",) if spelled != written else ())


def _spelled_out(corpus: Corpus, doc: int, start: int, end: int) -> str:
    """Return the text of a mention with the long forms of its short forms.

    A short form whose long form stands in the mention too is left out.
    """
    text = corpus.texts[doc]
    low, high = np.searchsorted(corpus.abbreviation_doc, [doc, doc + 1])
    shorts, ends = corpus.short_start[low:high], corpus.short_end[low:high]
    inside = np.flatnonzero((shorts >= start) & (ends <= end)) + low
    parts: list[str] = []
    at = start
    for entry in sorted(inside.tolist(), key=lambda e: int(corpus.short_start[e])):
        first, last = int(corpus.long_start[entry]), int(corpus.long_end[entry])
        long = text[first:last] if not (start <= first and last <= end) else ""
        if corpus.short_start[entry] < at:
            continue
        parts += [text[at : corpus.short_start[entry]], long]
        at = int(corpus.short_end[entry])
    return "".join([*parts, text[at:end]])


def _searched(
    asked: Sequence[_Asked], books: Mapping[str, NameBook], often: Mapping[str, int]
) -> dict[str, dict[str, tuple[Ranked, ...]]]:
    """Return, by type, what each text that may be asked for means; each is looked up once."""
    texts: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for each in asked:
        for text in each.texts:
            texts[each.type][text] = None
            for part in parts_of(text):
                texts[each.type].update(dict.fromkeys(part))
    return {
        type_: search(found, books[type_], often)
        for type_, found in texts.items()
        if type_ in books
    }


def _read(asked: _Asked, known: Mapping[str, tuple[Ranked, ...]]) -> Readings:
    """Return the meaning of the first text that surely is a name, or a list of names; else of the best."""
    options: list[Readings] = []
    for number, text in enumerate(asked.texts):
        why = asked.why if number == 0 else ()
        whole = (Reading(text, _with(known.get(text, ()), why)),)
        if _sure(whole):
            return whole
        several = _split(text, known, why)
        if several:
            return several
        options.append(whole)
    # What resembles a long form is still nearer to it than what its short form looks like.
    told = [each for each in options if each[0].ranked]
    return told[0] if told else options[0] if options else (Reading(""),)


def _sure(readings: Readings) -> bool:
    return all(each.ranked and each.ranked[0].score >= SURE for each in readings)


def _with(ranked: tuple[Ranked, ...], why: tuple[str, ...]) -> tuple[Ranked, ...]:
    return tuple(replace(each, why=(*why, *each.why)) for each in ranked) if why else ranked


def _split(
    text: str, known: Mapping[str, tuple[Ranked, ...]], why: tuple[str, ...]
) -> Readings | None:
    """Return a reading for each part of a text, if each is a name in one of its filled forms."""
    readings: list[Reading] = []
    for forms in parts_of(text):
        options = [Reading(form, _with(known.get(form, ()), (*why, "part"))) for form in forms]
        named = [option for option in options if _sure((option,))]
        if not named:
            return None
        readings.append(max(named, key=lambda option: option.ranked[0].score))
    return tuple(readings) if len({best_of((each,)) for each in readings}) > 1 else None


def _with_initials(members: Sequence[int], asked: Sequence[_Asked], found: list[Readings]) -> None:
    """Let capitals that are no name mean what another mention of the document with these initials means."""
    named: dict[tuple[str, str], Reading] = {}
    for i in members:
        if _sure(found[i]) and len(found[i]) == 1:
            for letters in _initials(found[i][0].text):
                named.setdefault((asked[i].type, letters), found[i][0])
    for i in members:
        written = asked[i].texts[-1] if asked[i].texts else ""
        if _sure(found[i]) or not _LETTERS.fullmatch(written):
            continue
        letters = written.replace("-", "").removesuffix("s").upper()
        long = named.get((asked[i].type, letters))
        if long is not None:
            found[i] = (Reading(long.text, _with(long.ranked, ("initials",))),)


def _initials(text: str) -> Iterator[str]:
    words = re.findall(r"[^\W\d_]+", text)
    if len(words) > 1:
        yield "".join(word[0] for word in words).upper()
        short = [word for word in words if word.lower() not in ("of", "the", "and", "in")]
        yield "".join(word[0] for word in short).upper()


def _in_context(
    members: Sequence[int],
    asked: Sequence[_Asked],
    found: list[Readings],
    books: Mapping[str, NameBook],
) -> None:
    """Rank the concepts that a text means about equally well by what the document surely means."""
    sure: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for i in members:
        for reading in found[i]:
            if reading.ranked and _clear(reading.ranked):
                sure[asked[i].type][reading.ranked[0].concept] = None
    for i in members:
        said = sure.get(asked[i].type, {})
        if said and any(len(reading.ranked) > 1 for reading in found[i]):
            above = books[asked[i].type].above
            found[i] = tuple(_ordered(reading, said, above) for reading in found[i])


def _clear(ranked: Sequence[Ranked]) -> bool:
    """Return whether the first concept is a name of the text, and nothing else comes near."""
    first = ranked[0].score
    return first >= SURE and (len(ranked) == 1 or ranked[1].score < first - SAID - NEAR)


def _ordered(
    reading: Reading, said: Mapping[str, None], above: Mapping[str, frozenset[str]]
) -> Reading:
    around = {up for concept in said for up in above.get(concept, ())}

    def worth(each: Ranked) -> tuple[float, tuple[str, ...]]:
        more = 1.0 if each.score >= SURE else GUESSED
        if each.concept in said:
            return SAID * more, ("said elsewhere",)
        if each.concept in around or not said.keys().isdisjoint(above.get(each.concept, ())):
            return NEAR * more, ("near others",)
        return 0.0, ()

    ranked = []
    for each in reading.ranked:
        gain, why = worth(each)
        score = each.score + gain
        ranked.append((-score, replace(each, score=min(score, 1.0), why=(*each.why, *why))))
    order = sorted(range(len(ranked)), key=lambda place: (ranked[place][0], place))
    return Reading(reading.text, tuple(ranked[place][1] for place in order))
