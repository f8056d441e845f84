"""Entity rules: the spans that `find:` makes and their votes on words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.candidates import span_frame
from biolabel.apply.conditions import evaluator
from biolabel.apply.failing import (
    failed_spans,
    lost_rule,
    tried,
    with_faults,
    without_failed,
)
from biolabel.apply.matches import Matches, expand_ranges, longest, matches, span_keys, take
from biolabel.apply.models import model_spans
from biolabel.apply.ontologies import ways_of
from biolabel.apply.patterns import Matcher
from biolabel.apply.regions import inside, ranges_of, region_ranges
from biolabel.apply.said import Masks, Said, said_of_cases, said_of_spans
from biolabel.apply.scene import Frame, Scene
from biolabel.apply.votes import RuleVotes, votes_of_cases
from biolabel.compile.plan import Ballot, FindPlan, RulePlan
from biolabel.data.corpus import Corpus
from biolabel.data.labels import Task
from biolabel.errors import BiolabelError, ModelError
from biolabel.lang import tree
from biolabel.lang.walk import nodes

Ints = NDArray[np.int32]
Voted = Mapping[tuple[str, str], NDArray[np.int64]]


def entity_votes(
    scene: Scene, task: Task, rules: Iterable[RulePlan], voted: Voted
) -> list[RuleVotes]:
    """Return the votes of entity rules on the spans that they find; candidates are numbered by rule."""
    said_by: dict[str, tuple[Said, Frame]] = {}
    lost: dict[str, ModelError] = {}
    found: list[RuleVotes] = []
    for rule in rules:
        try:
            behind = next((lost[name] for name in rule.fires if name in lost), None)
            if behind is not None:
                raise behind
            found.append(_entity_votes(scene, task, rule, said_by, voted))
        except ModelError as error:
            # The spans themselves are missing, so nothing can be said of this rule anywhere.
            lost[rule.lf.name] = error
            found.append(lost_rule(rule, error))
    return found


def votes_on_words(votes: RuleVotes) -> RuleVotes:
    """Return votes on spans as votes on every row of every span."""
    which, row = expand_ranges(votes.evidence[:, 0], votes.evidence[:, 1])
    return RuleVotes(row, votes.mask[which], votes.evidence[which])


def distinct_spans(corpus: Corpus, found: Sequence[RuleVotes]) -> tuple[list[RuleVotes], Ints]:
    """Return votes on spans with one number for each distinct span, and the spans: int32[n, 2]."""
    keys = [span_keys(corpus, votes.evidence[:, 0], votes.evidence[:, 1]) for votes in found]
    every = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *keys]))
    numbered = [
        RuleVotes(np.searchsorted(every, key).astype(np.int32), votes.mask, votes.evidence)
        for votes, key in zip(found, keys, strict=True)
    ]
    stride = len(corpus.row_start) + 1
    return numbered, np.stack(np.divmod(every, stride), axis=1).astype(np.int32)


def _entity_votes(
    scene: Scene,
    task: Task,
    rule: RulePlan,
    said_by: dict[str, tuple[Said, Frame]],
    voted: Voted,
) -> RuleVotes:
    if rule.find is None:
        raise TypeError("the checker refuses entity rules without `find:`")
    masks = [case.mask for case in rule.cases] or [rule.mask]
    masks += [] if rule.otherwise is None else [rule.otherwise]
    brought: dict[Ballot, Masks] = {}
    failed_in: Mapping[int, BiolabelError] = {}
    if isinstance(rule.find, tree.FindModel):
        spans, brought[0], failed_in = _model_spans(scene, task, rule.find)
    else:
        spans = _spans(scene, rule.find)
        if 0 in masks:
            brought[0] = _found_types(scene, task, rule.find, spans)
    frame = span_frame(scene.corpus, spans.first, spans.end, _types(task, masks))
    said = {name: said_of_spans(*said_by[name], frame) for name in rule.fires if name in said_by}
    judge = evaluator(scene, frame, said, voted)
    cases, models, failed = tried(rule, judge, task, brought, {})
    said_by[rule.lf.name] = said_of_cases(cases, rule.otherwise, frame, models, task), frame
    votes = votes_of_cases(cases, rule.otherwise, frame, exclusive=task.exclusive, brought=models)
    votes = without_failed(rule, votes, failed, cases, scene.corpus, frame)
    return with_faults(votes, failed_spans(rule, scene.corpus, failed_in))


def _types(task: Task, masks: Sequence[Ballot]) -> tuple[str, ...]:
    """Return the labels that a rule can vote for, which are what its spans may be."""
    every = (1 << len(task.labels)) - 1
    union = reduce(or_, (mask if isinstance(mask, int) and mask else every for mask in masks))
    return tuple(label for bit, label in enumerate(task.labels) if union >> bit & 1)


def _spans(scene: Scene, find: FindPlan) -> Matches:
    """Return the spans of a pattern: the kept parts, longest and leftmost, none overlapping."""
    nobody = span_frame(scene.corpus, np.empty(0, np.int32), np.empty(0, np.int32), ())
    matcher = Matcher(scene, nobody, via=ways_of(find.via))
    found = matcher.find(find.pattern)
    keep = found.keep_first >= 0
    found = matches(
        np.where(keep, found.keep_first, found.first), np.where(keep, found.keep_end, found.end)
    )
    if any(isinstance(node, tree.Gap) for node in nodes(find.pattern)):
        found = _without_idle_signs(scene, found)
    if find.region is not None:
        found = _within(scene, found, find.region)
    return longest(found)


def _without_idle_signs(scene: Scene, found: Matches) -> Matches:
    """Leave out matches that a gap at the border makes longer by a sign that is no word."""
    corpus = scene.corpus
    keys = span_keys(corpus, found.first, found.end)
    idle = ~corpus.row_is_word[found.end - 1] & np.isin(keys - 1, keys)
    idle |= ~corpus.row_is_word[found.first] & np.isin(
        span_keys(corpus, found.first + 1, found.end), keys
    )
    return take(found, ~idle)


def _model_spans(
    scene: Scene, task: Task, find: tree.FindModel
) -> tuple[Matches, Masks, Mapping[int, BiolabelError]]:
    """Return the spans of a model, longest and leftmost, the label of each as a mask, and failures.

    Failures are the documents in which the model failed, with the error.
    """
    found, label, labels, failed = model_spans(scene, find)
    bits = [1 << task.labels.index(x) if x in task.labels else 0 for x in labels]
    keys = span_keys(scene.corpus, found.first, found.end)
    spans = longest(found)
    at = np.searchsorted(keys, span_keys(scene.corpus, spans.first, spans.end))
    return spans, np.array(bits or [0], dtype=np.int64)[label[at]], failed


def _within(scene: Scene, found: Matches, region: tree.Region) -> Matches:
    frame = span_frame(scene.corpus, found.first, found.end, ())
    everyone = np.arange(len(found), dtype=np.int32)
    owned = matches(found.first, found.end, everyone)
    return take(found, inside(owned, region_ranges(scene, frame, region)))


def _found_types(scene: Scene, task: Task, find: FindPlan, spans: Matches) -> NDArray[np.int64]:
    """Return, for `found type`, the labels of what the pattern names and is the span, or a part of it."""
    corpus = scene.corpus
    keys = span_keys(corpus, spans.first, spans.end)
    whole = np.zeros(len(spans), dtype=np.int64)
    part = np.zeros(len(spans), dtype=np.int64)
    for type_, hits in _typed(scene, find):
        label = 1 << task.labels.index(type_)
        whole[np.isin(keys, span_keys(corpus, hits.first, hits.end))] |= label
        part[inside(hits, ranges_of(spans.first, spans.end))] |= label
    return np.where(whole > 0, whole, part)


def _typed(scene: Scene, find: FindPlan) -> Iterator[tuple[str, Matches]]:
    """Yield type and places of every ontology and entity type that a pattern names."""
    via = ways_of(find.via)
    for node in nodes(find.pattern):
        match node:
            case tree.Ref(name) | tree.TokenIn(name=name) if name.text in scene.plan.ontologies:
                hits = scene.finder.hits(name.text, via)
                type_ = scene.finder.knowledge.ontologies[name.text].type
                yield type_, matches(hits.first, hits.end)
            case tree.Ref(name) if name.text not in scene.plan.lists:
                chosen = scene.mentions.of_type(name.text)
                table = scene.mentions
                yield name.text, matches(table.first_row[chosen], table.end_row[chosen])
            case _:
                pass
