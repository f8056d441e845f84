"""What ontologies and knowledge bases mean, in the most obvious way."""

from collections.abc import Iterator, Mapping, Sequence

from biolabel.apply.spelling import SHORTEST, alike, american
from tests.property.reference.candidate import Truth

Names = Mapping[str, Sequence[str]]
Above = Mapping[str, Sequence[str]]
Row = tuple[str, str, str, frozenset[str]]
"""A row of a knowledge base: subject, object, subset, the documents that state it."""


def member(concept: str | None, names: Names, above: Above, roots: Sequence[str]) -> Truth:
    """Return whether a concept is in an ontology, at or below one of the roots if there are any.

    None, unknown, without a concept or for one of other identifiers.
    """
    prefixes = {name.split(":")[0] for name in names}
    if concept is None or concept.split(":")[0] not in prefixes:
        return None
    below = any(root in walk(concept, above, None) for root in roots)
    return concept in names and (not roots or below)


def walk(concept: str, above: Above, depth: int | None) -> set[str]:
    """Return a concept with those above it, so many steps at most."""
    found = {concept}
    frontier = [concept]
    while frontier and (depth is None or depth > 0):
        frontier = [up for at in frontier for up in above.get(at, ()) if up not in found]
        found.update(frontier)
        depth = None if depth is None else depth - 1
    return found


def in_kb(
    pair: tuple[str | None, str | None],
    rows: Sequence[Row],
    *,
    subset: str = "",
    both_ways: bool = False,
    complete: bool = False,
) -> Truth:
    """Return whether a pair is in a knowledge base; None for concepts that it could not hold."""
    a, b = pair
    if a is None or b is None:
        return None
    prefixes = {concept.split(":")[0] for s, o, _, _ in rows for concept in (s, o)}
    if not complete and not {a.split(":")[0], b.split(":")[0]} <= prefixes:
        return None
    held = {(s, o) for s, o, part, _ in rows if subset in ("", part)}
    return (a, b) in held or (both_ways and (b, a) in held)


def evidence(
    pair: tuple[str, str],
    rows: Sequence[Row],
    guarded: frozenset[str],
    above: Above,
    depth: int | None = 0,
) -> int | None:
    """Return how many documents state a pair, whose subject may be above that of a row; None: no row."""
    fitting = [
        stated - guarded
        for subject, object_, _, stated in rows
        if pair[0] in walk(subject, above, depth) and pair[1] == object_
    ]
    kept = [documents for documents in fitting if documents]
    return len(frozenset().union(*kept)) if kept else None


def names_in(
    words: Sequence[str],
    names: Names,
    *,
    case: str,
    reorder: bool,
    spelling: bool,
    cut: float | None,
) -> set[tuple[int, int, str]]:
    """Return first word, end and concept of every name that stands in a sentence."""
    forms = [
        (c, form) for c, texts in names.items() for text in texts for form in written(text, reorder)
    ]
    if spelling:
        free = [
            (concept, form.lower())
            for concept, form in forms
            if not (case == "exact" or (case == "smart" and capitals(form)))
        ]
        forms += [(concept, each) for concept, form in free for each in spelled(form)]
    known = {word.lower() for _, form in forms for word in form.split(" ")}
    found = set()
    for first in range(len(words)):
        for end in range(first + 1, len(words) + 1):
            span = words[first:end]
            for concept, form in forms:
                parts = form.split(" ")
                exact = case == "exact" or (case == "smart" and capitals(form))
                if len(parts) == len(span) and (
                    parts == list(span)
                    if exact
                    else all(
                        means(word.lower(), part.lower(), known, cut)
                        for word, part in zip(span, parts, strict=True)
                    )
                ):
                    found.add((first, end, concept))
    return found


def written(text: str, reorder: bool) -> Iterator[str]:
    """Yield a name and, turned at its comma and at "of", what it is in running text."""
    yield text.replace(",", " ,")
    if not reorder:
        return
    if ", " in text:
        text = " ".join(reversed(text.split(", ")))
        yield text
    *before, last = text.split(" ")
    if " of " in text:
        head, tail = text.split(" of ", 1)
        if " " not in head:
            yield f"{tail} {head}"
    elif before:
        yield f"{last} of {' '.join(before)}"
        yield f"{last} of the {' '.join(before)}"


def spelled(form: str) -> Iterator[str]:
    """Yield the British and the American spelling of a name of `WORDS`, and its Greek letter."""
    yield form.replace("anaemia", "anemia")
    yield form.replace("anemia", "anaemia")
    yield " ".join("\N{GREEK SMALL LETTER ALPHA}" if w == "alpha" else w for w in form.split(" "))


def capitals(form: str) -> bool:
    """Return whether a name is an acronym: 5 signs at most, a capital behind the first."""
    return len(form) <= 5 and any(sign.isupper() for sign in form[1:])


def means(word: str, part: str, known: set[str], cut: float | None) -> bool:
    """Return whether a word of the text is one of a name, or a slip that is nearest to it."""
    if word == part:
        return True
    if cut is None or word in known or not slip(word, part, cut):
        return False
    return all(alike(word, part) >= alike(word, other) for other in known if slip(word, other, cut))


def slip(word: str, part: str, cut: float) -> bool:
    """Return whether a word may be a misspelt one: long, alike, with the same borders."""
    if not all(len(w) >= SHORTEST and w.isalpha() for w in (word, part)):
        return False
    borders = {(w[0], w[-2:]) for w in map(american, (word, part))}
    return len(borders) == 1 and alike(word, part) >= cut
