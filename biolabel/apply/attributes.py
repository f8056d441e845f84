"""Tests of single words, such as `[lemma=cause & !is_upper]`, as columns over the rows of a corpus.

Tests are asked once an entry of the column's vocabulary. A row whose attribute nobody knows (no
tagger ran, or a word of metadata) makes its test unknown, also under `!`. `ent` is the type of a
mention that covers the word, as far as mentions are known: rules that find mentions see none, so
there it is unknown.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.columns import Column, conjunction, disjunction, known, negate, where_known
from biolabel.apply.properties import FLAGS
from biolabel.apply.scene import Scene
from biolabel.apply.searching import Searcher
from biolabel.apply.vocabulary import Vocabulary, list_entries, phrase_words
from biolabel.lang import tree
from biolabel.lang.walk import nodes

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]
_NO_ROWS = np.empty(0, dtype=np.int32)
_OWN = frozenset({"text", "lower", "shape"})
"""The attributes that every word has."""


def word_test(scene: Scene, test: tree.TokenTest) -> Column:
    """Return which rows pass a test and where that is known; hard signs pass no negated test."""
    corpus = scene.corpus
    match test:
        case tree.TokenIs("ent", values):
            return _inside(scene, _equal(scene.mentions.types, values, fold=False))
        case tree.TokenIn("ent", name):
            return _inside(scene, _entries_of(scene, name.text, scene.mentions.types))
        case tree.TokenIs(attribute, values):
            entries, ids = _column(scene, attribute)
            return _of_rows(_equal(entries, values, fold=attribute != "shape"), ids)
        case tree.TokenIn(attribute, name):
            entries, ids = _column(scene, attribute)
            return _of_rows(_entries_of(scene, name.text, entries), ids)
        case tree.TokenFlag("is_sent_start"):
            return _at(scene, corpus.sentence_first_row)
        case tree.TokenFlag("is_sent_end"):
            return _at(scene, corpus.sentence_end_row - 1)
        case tree.TokenFlag(flag):
            passes = np.array(list(map(FLAGS[flag], corpus.forms)), dtype=bool)
            return _of_rows(passes, corpus.row_form)
        case tree.TokenNot(inner):
            fails, words = negate(word_test(scene, inner)), corpus.row_is_word
            return Column(fails.true & words, fails.known | ~words)
        case tree.TokenAll(tests):
            return conjunction([word_test(scene, part) for part in tests])
        case tree.TokenAny(tests):
            return disjunction([word_test(scene, part) for part in tests])


def unsure(scene: Scene, pattern: object) -> bool:
    """Return whether a pattern tests an attribute that some row of the corpus does not have."""
    for node in nodes(pattern):
        if isinstance(node, tree.TokenIs | tree.TokenIn):
            if node.attribute == "ent":
                if not len(scene.mentions.first_row):
                    return True
            elif node.attribute not in _OWN and (_column(scene, node.attribute)[1] < 0).any():
                return True
    return False


def _column(scene: Scene, attribute: str) -> tuple[Sequence[str], Ints]:
    """Return the different values of an attribute and the number of each row's, -1 if unknown."""
    corpus = scene.corpus
    match attribute:
        case "lower":
            return corpus.lowers, corpus.row_lower
        case "lemma":
            return corpus.lemmas, corpus.row_lemma
        case "pos":
            return corpus.poses, corpus.row_pos
        case "tag":
            return corpus.tags, corpus.row_tag
        case "dep":
            return corpus.deps, corpus.row_dep
        case "shape":
            return scene.forms.shapes, corpus.row_form
        case _:
            return corpus.forms, corpus.row_form


def _of_rows(passes: Bools, ids: Ints) -> Column:
    """Return, for each row, whether its value passes; a row without a value is unknown."""
    return where_known(np.r_[passes, False][ids], ids >= 0)


def _at(scene: Scene, rows: Ints) -> Column:
    passes = np.zeros(len(scene.corpus.row_start), dtype=bool)
    passes[rows] = True
    return known(passes)


def _inside(scene: Scene, types: Bools) -> Column:
    """Return which rows a mention of one of the types covers; types: bool[mention types]."""
    mentions = scene.mentions
    chosen = types[mentions.type]
    change = np.zeros(len(scene.corpus.row_start) + 1, dtype=np.int32)
    np.add.at(change, mentions.first_row[chosen], 1)
    np.add.at(change, mentions.end_row[chosen], -1)
    covered = np.cumsum(change[:-1]) > 0
    return where_known(covered, np.full(len(covered), len(mentions.first_row) > 0))


def _equal(entries: Sequence[str], values: Sequence[str | tree.Regex], *, fold: bool) -> Bools:
    """Return which entries are one of the values; the case of a text counts if not `fold`."""
    passes = np.zeros(len(entries), dtype=bool)
    texts = {value for value in values if isinstance(value, str)}
    if texts and fold:
        wanted = {text.lower() for text in texts}
        passes |= np.array([entry.lower() in wanted for entry in entries], dtype=bool)
    elif texts:
        passes |= np.array(list(map(texts.__contains__, entries)), dtype=bool)
    for value in values:
        if isinstance(value, tree.Regex):
            passes |= np.array(Searcher(value).found_in(entries), dtype=bool)
    return passes


def _entries_of(scene: Scene, name: str, entries: Sequence[str]) -> Bools:
    """Return which texts are a word of a list, or a name of one word of an ontology."""
    passes = np.zeros(len(entries), dtype=bool)
    lowers = [entry.lower() for entry in entries]
    distinct = Vocabulary(tuple(dict.fromkeys(lowers)), _NO_ROWS)
    folded = np.zeros(len(distinct.entries), dtype=bool)
    exact = Vocabulary(tuple(entries), _NO_ROWS)
    if name in scene.plan.lists:
        for entry, fold in list_entries(scene.plan.lists[name]):
            words = phrase_words(entry.lower() if fold else entry)
            if len(words) == 1 and fold:
                folded[distinct.like(words[0])] = True
            elif len(words) == 1:
                passes[exact.like(words[0])] = True
    else:
        terms = scene.finder.terms(name, ("exact",))
        for trie, found, different in (
            (terms.folded, folded, distinct.entries),
            (terms.spelled, passes, exact.entries),
        ):
            # Every text is a sentence of its own.
            rows = np.arange(len(different), dtype=np.int32)
            found[trie.find(different, rows, rows)[0]] = True
    return passes | folded[np.array(distinct.numbers(lowers), dtype=np.int64)]
