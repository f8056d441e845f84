"""The look-up side of ontologies: which written forms mean which concepts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from biolabel.data.rows import lowered
from biolabel.kb.forms import ALL, Admission, Forms, Ways, forms_of
from biolabel.kb.mapped import Column
from biolabel.kb.phrases import Ints, Longs, Phrases
from biolabel.kb.trie import Trie, paths, trie_at

CasePolicy = Literal["fold", "exact", "smart"]
PLAIN = Ways()


@dataclass(frozen=True)
class Terms:
    """Normalized names, each with its concepts, ranked; sorted by key.

    keys: row texts in lower case joined by blanks (`data.words.key_of`); spellings[i]: the same with
    the case that counts, or None where case does not count (a key may be there both ways, the
    spelling first); concepts[i]: the CURIEs that keys[i] can mean; written[i]: one name as the source
    has it. folded, spelled: tries of the keys whose case does not count, and of the other spellings;
    names are numbered as the keys are.
    """

    keys: Column[str]
    spellings: Column[str | None]
    concepts: Column[tuple[str, ...]]
    written: Column[str]
    folded: Trie
    spelled: Trie

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of every key."""
        spelled = lowered(self.spelled.words.to_pylist())
        return frozenset(self.folded.words.to_pylist()).union(spelled)


def build_terms(
    names: Mapping[str, tuple[str, ...]],
    ways: Ways = PLAIN,
    *,
    case: CasePolicy = "fold",
    admission: Admission = ALL,
) -> Terms:
    """Index names under their keys, with the variants asked for.

    A concept ranks first for a name that it is written with itself, after that for variants.
    """
    found = list(names.values())
    texts = [text for each in found for text in each]
    concept = np.repeat(np.arange(len(found)), list(map(len, found)))
    counts = np.fromiter((_counts(text, case) for text in texts), bool, len(texts))
    forms = forms_of(texts, counts, ways, admission)
    bound = counts[forms.name]
    lowers = lowered(forms.words)
    low = _in_lower_case(forms.phrases, lowers)
    folded = _together(low.take(~bound), lowers)
    spelled = _together(forms.phrases.take(bound), forms.words)
    # Each entry by one of its forms; where a key is there both ways, the spelling comes first.
    of_form = np.empty(len(bound), dtype=np.int64)
    of_form[bound] = spelled.entry
    of_form[~bound] = len(spelled.nodes) + folded.entry
    chosen = np.empty(len(spelled.nodes) + len(folded.nodes), dtype=np.int64)
    chosen[of_form] = np.arange(len(of_form))
    keys = low.take(chosen).joined(lowers)
    cased = forms.phrases.take(chosen[: len(spelled.nodes)]).joined(forms.words)
    spellings = pa.concat_arrays([cased, pa.nulls(len(folded.nodes), cased.type)])
    order = pc.sort_indices(
        pa.table([keys, spellings], ["key", "spelling"]),
        sort_keys=[("key", "ascending"), ("spelling", "ascending")],
    )
    number = np.empty(len(order), dtype=np.int32)
    number[order.to_numpy()] = np.arange(len(order))
    meant, written = _meanings(number[of_form], forms, concept)
    curies = pa.array(list(names), pa.string()).take(pa.array(meant.word))
    return Terms(
        keys=Column(keys.take(order)),
        spellings=Column(spellings.take(order)),
        concepts=Column(pa.ListArray.from_arrays(meant.first.astype(np.int32), curies), tuple),
        written=Column(pa.array(texts, pa.string()).take(pa.array(written))),
        folded=folded.trie(number[len(spelled.nodes) :]),
        spelled=spelled.trie(number[: len(spelled.nodes)]),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Entries:
    """Equal forms as one entry: entry: int64[forms]; nodes: int64[entries], where each ends in a trie."""

    words: pa.StringArray
    edges: Longs
    nodes: Longs
    entry: Longs

    def trie(self, numbers: Ints) -> Trie:
        """Return the trie with the number of each entry at its node."""
        return trie_at(self.words, self.edges, self.nodes, numbers)


def _together(forms: Phrases, words: Sequence[str]) -> _Entries:
    """Return equal forms together, over those of the words that they have."""
    used, word = np.unique(forms.word, return_inverse=True)
    edges, node = paths(Phrases(forms.first, word.astype(np.int32)), len(used))
    nodes, entry = np.unique(node, return_inverse=True)
    return _Entries(pa.array(words, pa.string()).take(pa.array(used)), edges, nodes, entry)


def _in_lower_case(phrases: Phrases, lowers: Sequence[str]) -> Phrases:
    """Return phrases over the first of the words that are the same in lower case."""
    numbers: dict[str, int] = {}
    first = [numbers.setdefault(word, place) for place, word in enumerate(lowers)]
    return Phrases(phrases.first, np.array(first, dtype=np.int32)[phrases.word])


def _meanings(entry: Ints, forms: Forms, concept: Longs) -> tuple[Phrases, Longs]:
    """Return the concepts of each entry, ranked, and the first name of which it is a form.

    entry: int32[forms]; concept: int64[names]. The concepts come as "words" of phrases.
    """
    by_rank = np.lexsort((forms.name, forms.variant, entry))
    ranked, name = entry[by_rank].astype(np.int64), forms.name[by_rank]
    first = np.flatnonzero(np.diff(ranked, prepend=-1))
    written = np.minimum.reduceat(name, first) if len(first) else name
    pair = ranked * (concept.max(initial=0) + 1) + concept[name]
    once = np.sort(np.unique(pair, return_index=True)[1])
    sizes = np.bincount(ranked[once], minlength=len(first))
    ends = np.append(0, np.cumsum(sizes))
    return Phrases(ends, concept[name[once]].astype(np.int32)), written


def vocabulary(
    names: Mapping[str, tuple[str, ...]],
    ways: Ways = PLAIN,
    *,
    case: CasePolicy = "fold",
    admission: Admission = ALL,
) -> frozenset[str]:
    """Return `build_terms(...).words`, without building the rest."""
    texts = [text for each in names.values() for text in each]
    counts = np.fromiter((_counts(text, case) for text in texts), bool, len(texts))
    forms = forms_of(texts, counts, ways, admission)
    used = np.unique(forms.phrases.word)
    return frozenset(lowered([forms.words[word] for word in used.tolist()]))


def _counts(name: str, case: CasePolicy) -> bool:
    return case == "exact" or (case == "smart" and is_acronym(name))


def is_acronym(name: str) -> bool:
    """Return whether `case: smart` reads a name exactly: 5 signs at most, a capital behind the first.

    So "pH" and "ALL" keep their case, and "Gold" does not (LANGUAGE.md, section 7).
    """
    return len(name) <= 5 and name != name.lower() and name[1:] != name[1:].lower()
