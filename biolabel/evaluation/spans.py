"""Why an entity rule finds a span or does not: other spans, and what keeps a name out of an ontology."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from biolabel.apply.candidates import span_frame
from biolabel.apply.conditions import evaluator
from biolabel.apply.ontologies import ways_of
from biolabel.apply.spans import entity_votes
from biolabel.apply.terms import TermFinder
from biolabel.compile.plan import FindPlan, RulePlan
from biolabel.errors import SourceFile
from biolabel.evaluation.ground import Ground, Verdict, said_of
from biolabel.evaluation.lookup import within
from biolabel.evaluation.near import Sight, near_miss, written
from biolabel.evaluation.needs import available
from biolabel.evaluation.pieces import Place
from biolabel.evaluation.why import Explainer, Part
from biolabel.lang import tree
from biolabel.lang.program import Program
from biolabel.lang.walk import nodes

_FILTERS: Mapping[str, Any] = {
    "stop": (), "drop": (), "min_length": 1, "under": (), "not_under": (), "where": (), "case": "fold",
}  # fmt: skip
"""The fields of an ontology that keep names out, each with the value that keeps none out."""
_WAYS = ("plural", "reorder", "spelling", "abbreviation")


@dataclass(frozen=True, eq=False)
class SpanExplainer:
    """Explains an entity rule in one document of a ground."""

    ground: Ground
    program: Program
    files: Mapping[str, SourceFile]
    doc: int

    def rule(self, rule: RulePlan, target: Place | None) -> tuple[Part, ...]:
        """Return the parts of a rule for a span, or for the first that it finds if none is named.

        target: half-open rows.
        """
        declared = self.program.rules[rule.lf.name]
        spans = self.spans(rule)
        about = target or next(iter(spans), None)
        found = about in spans
        notes, hint = self._reasons(rule, declared, spans, target)
        span = declared.find.span if declared.find else declared.span
        verdict: Verdict = "yes" if found else "no"
        text = written(self.files, span)
        find = Part(text, verdict, tuple(notes), hint, role="find", span=span)
        if about is None or not (found or target):
            return (find,)
        return (find, *self._conditions(rule, declared, about))

    def spans(self, rule: RulePlan, *, everywhere: bool = False) -> list[Place]:
        """Return what `find:` finds in the document, or in all, before any condition, in text order."""
        bare = replace(rule, mask=1, cases=(), otherwise=None, when=None, unless=())
        task = self.ground.task(rule.task).task
        (votes,) = entity_votes(self.ground.scenes[rule.task], task, [bare], self.ground.voted)
        evidence = votes.evidence
        low, high = self.ground.corpus.doc_rows[self.doc : self.doc + 2]
        mine = (evidence[:, 0] >= low) & (evidence[:, 0] < high)
        evidence = evidence if everywhere else evidence[mine]
        return [(first, end) for first, end in np.unique(evidence, axis=0).tolist()]

    def _conditions(
        self, rule: RulePlan, declared: tree.RuleDecl, about: Place
    ) -> tuple[Part, ...]:
        labels = self.ground.task(declared.task.text).task.labels
        first, end = (np.array([row], dtype=np.int32) for row in about)
        frame = span_frame(
            self.ground.corpus, first, end, tuple(label for label in labels if label != "none")
        )
        said = said_of(self.ground, rule, frame)
        judge = evaluator(self.ground.scenes[rule.task], frame, said, self.ground.voted)
        return Explainer(judge, self.program, self.files, 0).rule(declared)

    def _sight(self, task: str, via: tuple[str, ...]) -> Sight:
        corpus = self.ground.corpus
        none = np.empty(0, dtype=np.int32)
        judge = evaluator(self.ground.scenes[task], span_frame(corpus, none, none, ()), {}, {})
        low, high = (int(row) for row in corpus.doc_rows[self.doc : self.doc + 2])
        matcher = replace(judge.matcher(tree.Region("sentence")), via=via)
        return Sight(matcher, self.program, self.files, -1, ((low, high),), (low, high))

    def _reasons(
        self, rule: RulePlan, declared: tree.RuleDecl, spans: list[Place], target: Place | None
    ) -> tuple[list[str], str]:
        if not isinstance(rule.find, FindPlan) or not isinstance(declared.find, tree.FindPattern):
            return [f"the model finds {len(spans)} spans here"], ""
        sight = self._sight(rule.task, ways_of(rule.find.via))
        texts = [sight.text(*place) for place in spans]
        if target is None:
            if texts:
                return [f"finds {', '.join(texts)}"], ""
            miss = near_miss(sight, declared.find.pattern)
            return list(miss.notes), miss.hint
        if target in spans:
            return [f"finds {sight.text(*target)}"], ""
        first, end = target
        notes = [f"{sight.text(first, end)} is not found"]
        over = [place for place in spans if place[0] < end and first < place[1]]
        notes += [self._instead(sight, place, target) for place in over]
        matched = sight.inside(declared.find.pattern)
        places = set(zip(matched.first.tolist(), matched.end.tolist(), strict=True))
        if target in places:
            region = declared.find.region
            where = (
                f"outside of `{written(self.files, region.span)}`" if region else "and is covered"
            )
            return [*notes, f"the pattern matches it, {where}"], ""
        for name in self._ontologies(rule.find.pattern):
            reason, hint = self._left_out(name, rule.find, target)
            return [*notes, reason], hint
        if not over:
            miss = near_miss(replace(sight, ranges=(target,)), declared.find.pattern)
            return [*notes, *miss.notes], miss.hint
        return notes, ""

    @staticmethod
    def _instead(sight: Sight, place: Place, target: Place) -> str:
        longer = place[1] - place[0] > target[1] - target[0]
        why = "longer" if longer else "further left" if place[0] < target[0] else "shorter"
        return f"found instead: {sight.text(*place)}, which is {why}"

    def _ontologies(self, pattern: tree.Pattern) -> Iterator[str]:
        for node in nodes(pattern):
            if isinstance(node, tree.Ref) and node.name.text in self.ground.plan.ontologies:
                yield node.name.text

    def _left_out(self, name: str, find: FindPlan, target: Place) -> tuple[str, str]:
        """Return which filter of an ontology keeps a name out, asking it anew without each."""
        declaration = self.ground.plan.ontologies[name]
        used = {f: v for f, v in _FILTERS.items() if getattr(declaration, f) != v}
        ways = ways_of(find.via)
        if not self._has(name, replace(declaration, **used), ways, target):
            given = ways or self.ground.full.finder.knowledge.ontologies[name].via
            for way in _WAYS:
                if way not in given and self._has(name, declaration, (*given, way), target):
                    return f"`{name}` has it only via {way}", f"add {way} to `via:`"
            return f"`{name}` has no such name", f'`add: "..." = "ID"` gives {name} a name'
        for field, value in used.items():
            if self._has(name, replace(declaration, **{field: value}), ways, target):
                given = getattr(declaration, field)
                return f"`{name}` has it, but `{field}:` keeps it out ({_shown(given)})", ""
        return f"`{name}` has it, but {' and '.join(f'`{f}:`' for f in used)} keep it out", ""

    def _has(
        self, name: str, declaration: tree.OntologyDecl, ways: tuple[str, ...], target: Place
    ) -> bool:
        plan = replace(self.ground.plan, ontologies={name: declaration}, kbs={})
        knowledge, missing = available(plan, frozenset())
        if name in missing:
            return False
        hits = TermFinder(self.ground.corpus, within(knowledge, self.ground.corpus, plan)).hits(
            name, ways
        )
        return target in set(zip(hits.first.tolist(), hits.end.tolist(), strict=True))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(item.text if isinstance(item, tree.Name) else str(item) for item in value)
    return str(value)
