"""Names without what stands in front of them: locants, stereo descriptors, origins of a disease.

"2-Acetylaminofluorene", "(S)-", "dl-", "alpha-", "N,N'-", "4'-", "17beta-", and "hereditary" before two
words or more: texts often leave it out.
"""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from biolabel.kb.forms import ALL, Admission
from biolabel.kb.spellings import GREEK
from biolabel.kb.terms import Terms
from biolabel.kb.trie import Trie, trie_of

SHORTEST = 5
"""The first word of what remains has so many letters or more: "T-cell lymphoma" is no "cell lymphoma"."""
_GREEK = "|".join([*GREEK.values(), *GREEK])
_POSITION = rf"[\d.,]+(?:{_GREEK}|[a-z])?|{_GREEK}|[b-z]|dl|rac|cis|trans|sec|tert"
"""Single letters but "a", which is an article: "A-Spasm" is a brand."""
_ORIGIN = "congenital|familial|hereditary|idiopathic|inherited|sporadic"
"""Words that say where a disease comes from.

Those that say how it goes make another one of it: with "acute" and "chronic" 14 of 22 more hits on the
training parts are gold mentions, all of another concept ("renal injury" is not "acute renal injury").
"""
_FRONT = rf"^(?:(?:(?:{_POSITION}|[()\[\],+]) )+|(?:(?:{_ORIGIN}) )+)"
"""What stands in front of a key, in the syntax that RE2 and Python share."""
_BARE = re.compile(_FRONT)
_ORIGINS = re.compile(rf"(?:{_ORIGIN})\b(?!-)")
_ATTACHED = re.compile(rf"(?:(?:{_POSITION})(?!\w)|[^\w\s])*[-)\]](?=[^\W\d_]{{{SHORTEST}}})")
"""The same in a name as written, with a hyphen or a bracket before what remains.

With a blank there "I kappa B alpha protein" brings "protein", and "4.1 trait" "trait": 83 more hits on BC5CDR
train with MeSH and MEDIC, none of them gold (`benchmarks/fuzzy.py`).
"""


def bare_key(key: str) -> str:
    """Return a key without what stands in front of it."""
    return _BARE.sub("", key)


def bare_names(terms: Terms, admission: Admission = ALL) -> Trie:
    """Return a trie of names without what stands in front of them, with the number of each name.

    Only names whose capitals do not count, that are written with a hyphen or a bracket behind what goes,
    or with the origin of a disease before two words or more. What remains begins with a word of `SHORTEST`
    letters or more, passes the admission, is no name itself, and stands for one concept alone.
    """
    keys = terms.keys.column
    fronted = pc.match_substring_regex(keys, _FRONT)
    which = np.flatnonzero(pc.and_(fronted, pc.is_null(terms.spellings.column)))
    left = pc.replace_substring_regex(keys.take(pa.array(which)), _FRONT, "")
    free = pc.invert(pc.is_in(left, value_set=keys)).to_numpy(zero_copy_only=False)
    meant: dict[str, set[str]] = {}
    number: dict[str, int] = {}
    for name, rest in zip(
        which[free].tolist(), left.filter(pa.array(free)).to_pylist(), strict=True
    ):
        meant.setdefault(rest, set()).update(terms.concepts[name])
        if rest not in number and _stands(rest, terms.written[name], admission):
            number[rest] = name
    alone = [rest for rest in number if len(meant[rest]) == 1]
    return trie_of(alone, [number[rest] for rest in alone])


def _stands(rest: str, written: str, admission: Admission) -> bool:
    """Return whether what remains of a name, as a key, may stand for it."""
    name = written.lower()
    short = _ORIGINS.match(name) and (" " not in rest or len(rest.split(" ")[0]) < SHORTEST)
    return (
        (_ORIGINS.match(name) or _ATTACHED.match(name)) is not None
        and not short
        and rest.count("(") == rest.count(")")
        and admission.long_enough(rest)
        and admission.wanted(rest)
    )
