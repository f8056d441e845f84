"""Entity rules: the spans that `find:` makes and their votes on words."""

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.candidates import span_frame
from biolabel.apply.conditions import evaluator
from biolabel.apply.matches import Matches, expand_ranges, longest, matches, take
from biolabel.apply.patterns import Matcher
from biolabel.apply.regions import Ranges, region_ranges
from biolabel.apply.scene import Scene
from biolabel.apply.votes import RuleVotes
from biolabel.compile.plan import FindPlan, RulePlan
from biolabel.compile.walk import nodes
from biolabel.data.labels import Task
from biolabel.lang import tree

Ints = NDArray[np.int32]


def entity_votes(scene: Scene, task: Task, rule: RulePlan) -> RuleVotes:
    """Return the votes of an entity rule: its mask on every row of every span that it finds."""
    if rule.find is None:
        empty = np.empty(0, dtype=np.int32)
        return RuleVotes(empty, empty.astype(np.int64), empty.reshape(0, 2))
    spans = _spans(scene, rule.find)
    frame = span_frame(scene.corpus, spans.first, spans.end, task.labels)
    judge = evaluator(scene, frame, {}, {})
    fires = np.ones(len(spans), dtype=bool)
    if rule.when is not None:
        fires &= judge.column(rule.when).true
    for condition in rule.unless:
        fires &= judge.column(condition).false
    spans = take(spans, fires)
    masks = (
        np.full(len(spans), rule.mask, dtype=np.int64)
        if rule.mask
        else _found_types(scene, task, rule.find, spans)
    )
    spans, masks = take(spans, masks > 0), masks[masks > 0]
    which, row = expand_ranges(spans.first, spans.end)
    evidence = np.stack([spans.first[which], spans.end[which]], axis=1)
    return RuleVotes(row, masks[which], evidence.astype(np.int32))


def _spans(scene: Scene, find: FindPlan) -> Matches:
    """Return the spans of a pattern: the kept parts, longest and leftmost, none overlapping."""
    nobody = span_frame(scene.corpus, np.empty(0, np.int32), np.empty(0, np.int32), ())
    matcher = Matcher(scene, nobody, via=tuple(via.name for via in find.via))
    found = matcher.find(find.pattern)
    if (found.keep_first >= 0).any():
        keep = found.keep_first >= 0
        found = matches(found.keep_first[keep], found.keep_end[keep])
    if find.region is not None:
        found = _within(scene, found, find.region)
    return longest(found)


def _within(scene: Scene, found: Matches, region: tree.Region) -> Matches:
    frame = span_frame(scene.corpus, found.first, found.end, ())
    ranges: Ranges = region_ranges(scene, frame, region)
    return take(found, (found.first >= ranges.first) & (found.end <= ranges.end))


def _found_types(scene: Scene, task: Task, find: FindPlan, spans: Matches) -> NDArray[np.int64]:
    """Return, for `votes: found type`, the label that each span's ontologies stand for."""
    stride = np.int64(len(scene.corpus.row_start) + 1)
    keys = spans.first * stride + spans.end
    masks = np.zeros(len(spans), dtype=np.int64)
    via = tuple(way.name for way in find.via)
    for node in nodes(find.pattern):
        if isinstance(node, tree.Ref) and node.name.text in scene.plan.ontologies:
            index = scene.finder.knowledge.ontologies[node.name.text]
            hits = scene.finder.hits(node.name.text, via)
            held = np.isin(keys, hits.first * stride + hits.end)
            masks[held] |= 1 << task.labels.index(index.type)
    return masks
