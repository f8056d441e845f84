"""Why a condition holds for a candidate or does not: each part with its verdict and its reason.

Every verdict is the engine's own, asked of the part alone; only the reasons are found here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.conditions import Evaluator
from biolabel.apply.contexts import context_rows
from biolabel.apply.matches import Matches, take
from biolabel.compile.expand import expand_condition, expand_pattern, swap_arguments
from biolabel.errors import SourceFile, Span
from biolabel.evaluation.ground import Ints, Verdict
from biolabel.evaluation.marked import MADE_UP
from biolabel.evaluation.near import Sight, near_miss, written
from biolabel.evaluation.pieces import Place
from biolabel.lang import tree
from biolabel.lang.program import Program

_SHOWN_REGIONS = frozenset({"between", "before", "after", "around", "argument", "meta"})


@dataclass(frozen=True, slots=True)
class Part:
    """A condition or a part of one: as written, what it is for this candidate, and why.

    role: where it stands in its rule (`when`, `unless`, `case causes`, `find`), "" inside of another
    part; hint: what would change the verdict; span: where it is written.
    """

    text: str
    verdict: Verdict
    notes: tuple[str, ...] = ()
    hint: str = ""
    parts: tuple["Part", ...] = ()
    role: str = ""
    span: Span = tree.NOWHERE


@dataclass(frozen=True, eq=False)
class Explainer:
    """Explains conditions for one row of the frame of a judged task."""

    judge: Evaluator
    program: Program
    files: Mapping[str, SourceFile]
    row: int

    def rule(self, rule: tree.RuleDecl) -> tuple[Part, ...]:
        """Return the parts of a rule: its `when:`, each case and each `unless:`."""
        parts = [] if rule.when is None else [replace(self.part(rule.when), role="when")]
        for case in rule.cases:
            role = f"case {' '.join(name.text for name in case.vote.names)}"
            parts.append(replace(self.part(case.when), role=role))
        parts += [replace(self.part(blocking), role="unless") for blocking in rule.unless]
        return tuple(parts)

    def part(self, condition: tree.Condition) -> Part:
        """Return a condition with its verdict, its reasons and its parts."""
        match condition:
            case tree.And(parts):
                return self._combined(condition, "all of", parts)
            case tree.Or(parts):
                return self._combined(condition, "any of", parts)
            case tree.Not(part):
                return self._combined(condition, "not", (part,))
            case tree.KOf(bound, number, parts):
                head = "none of" if (bound, number) == ("at most", 0) else f"{bound} {number} of"
                return self._combined(condition, head, parts)
            case tree.CondRef(name):
                body = self.program.conditions[name.text].condition
                inner = () if body is None else (self.part(body),)
                return Part(name.text, self.verdict(condition), parts=inner, span=condition.span)
            case tree.Fires(rule) | tree.RuleVotes(rule):
                asked = self.rule(self.program.rules[rule.text])
                text, found = self._text(condition), self.verdict(condition)
                return Part(text, found, parts=asked, span=condition.span)
        verdict = self.verdict(condition)
        notes, hint = self._reasons(condition, verdict)
        return Part(self._text(condition), verdict, tuple(notes), hint, span=condition.span)

    def verdict(self, condition: tree.Condition) -> Verdict:
        """Return what the engine says of a condition for the row."""
        column = self.judge.column(expand_condition(condition, self.program))
        if column.true[self.row]:
            return "yes"
        return "no" if column.known[self.row] else "unknown"

    def _combined(
        self, condition: tree.Condition, head: str, parts: tuple[tree.Condition, ...]
    ) -> Part:
        inner = tuple(self.part(part) for part in parts)
        return Part(head, self.verdict(condition), parts=inner, span=condition.span)

    def _text(self, node: tree.Node) -> str:
        return written(self.files, node.span)

    def _reasons(self, condition: tree.Condition, verdict: Verdict) -> tuple[list[str], str]:
        """Return notes and a hint for a condition without parts."""
        if verdict == "unknown":
            return [_missing(condition)], ""
        match condition:
            case tree.Has(region) if region.kind != "path":
                return self._has(condition)
            case tree.Borders(region) if region.kind != "path":
                return self._borders(condition, verdict)
            case tree.Compare(left, _, right):
                unit = right.unit if isinstance(right, tree.Quantity) else None
                return list(self._values((left, right), unit)), ""
            case tree.Is():
                return self._is(condition), ""
            case tree.SectionIs():
                return [f"it stands in the {self._section()}"], ""
            case tree.Adjacent():
                return list(self._region(self.sight(tree.Region("between")))), ""
            case tree.Voted(task, label):
                counts = self.judge.voted[task.text, label.text]
                number = int(counts[self.judge.frame.doc[self.row]])
                return [f"{number} {task.text} voted {label.text}"], ""
        return [], ""

    def sight(self, region: tree.Region) -> Sight:
        """Return the candidate's view of a region."""
        ranges = self.judge.texts.ranges(region)
        mine = np.flatnonzero(ranges.owner == self.row)
        held = tuple(
            (int(first), int(end))
            for first, end in zip(ranges.first[mine], ranges.end[mine], strict=True)
            if end > first
        )
        matcher = self.judge.matcher(region)
        corpus = matcher.scene.corpus
        if region.kind == "meta":
            around = (held[0][0], held[-1][1]) if held else (0, 0)
        else:
            doc = int(self.judge.frame.doc[self.row])
            around = (int(corpus.doc_rows[doc]), int(corpus.doc_rows[doc + 1]))
        return Sight(matcher, self.program, self.files, self.row, held, around)

    def _has(self, condition: tree.Has) -> tuple[list[str], str]:
        sight, pattern = self.sight(condition.region), condition.pattern
        notes = [*self._region(sight)] if condition.region.kind in _SHOWN_REGIONS else []
        if not sight.ranges:
            return [f"there is no {self._text(condition.region)} here"], ""
        found = self._found(sight, pattern, both_ways=condition.both_ways)
        if condition.count is not None:
            kind = " different" if condition.count.different else ""
            what = f": {sight.texts(found)}" if len(found) else ""
            number = self._number(sight, found, different=condition.count.different)
            return [*notes, f"there are {number}{kind}{what}"], ""
        if len(found):
            return [*notes, f"found {sight.texts(found)}"], ""
        if condition.negated:
            return notes, ""
        miss = near_miss(sight, pattern)
        if condition.both_ways:
            other = near_miss(sight, swap_arguments(pattern, *self.judge.frame.sides))
            miss = other if other.progress > miss.progress else miss
        return [*notes, *miss.notes], miss.hint

    def _borders(self, condition: tree.Borders, verdict: Verdict) -> tuple[list[str], str]:
        sight = self.sight(condition.region)
        if not sight.ranges:
            return [f"there is no {self._text(condition.region)} here"], ""
        notes = list(self._region(sight))
        found = self._found(sight, condition.pattern)
        if verdict == "yes":
            touching = _touching(found, sight.ranges, condition.side)
            return [*notes, f"found {sight.texts(take(found, touching))}"], ""
        if len(found):
            edge = "start" if condition.side == "starts" else "end"
            return [*notes, f"found {sight.texts(found)}, but not at the {edge}"], ""
        miss = near_miss(sight, condition.pattern)
        return [*notes, *miss.notes], miss.hint

    def _found(self, sight: Sight, pattern: tree.Pattern, *, both_ways: bool = False) -> Matches:
        found = sight.inside(pattern)
        if not len(found) and both_ways:
            meant = expand_pattern(pattern, self.program)
            return sight.inside(swap_arguments(meant, *self.judge.frame.sides))
        return found

    def _number(self, sight: Sight, found: Matches, *, different: bool) -> int:
        pairs = set(zip(found.first.tolist(), found.end.tolist(), strict=True))
        return len({sight.text(*pair).lower() for pair in pairs}) if different else len(pairs)

    def _region(self, sight: Sight) -> Iterator[str]:
        for first, end in sight.ranges:
            yield f"there stands {sight.text(first, end)}"
        if not sight.ranges:
            yield "there stands nothing"

    def argument(self, name: str) -> str:
        """Return what an argument is: its text and, if it has one, its concept."""
        frame, corpus = self.judge.frame, self.judge.scene.corpus
        side = frame.sides[name]
        first, end = int(side.first[self.row]), int(side.end[self.row])
        doc = int(frame.doc[self.row])
        text = corpus.texts[doc][corpus.row_start[first] : corpus.row_end[end - 1]]
        concept = int(side.concept[self.row])
        named = frame.concepts[concept] if concept >= 0 else ""
        behind = f", {named}" if named and not named.startswith(f"{MADE_UP}:") else ""
        return f'{{{name}}} -> "{text}"{behind}'

    def _values(self, values: tuple[tree.Value, ...], unit: tree.Unit | None) -> Iterator[str]:
        for value in values:
            if not isinstance(value, tree.Quantity):
                number = float(self.judge.value(_expanded(value, self.program), unit)[self.row])
                yield f"{self._text(value)} is {number:g}"

    def _is(self, condition: tree.Is) -> list[str]:
        context = self.program.contexts.get(condition.what.text)
        if context is None:
            return []
        sight = self.sight(tree.Region("sentence"))
        side = self.judge.frame.sides[condition.argument.text]
        first, end = int(side.first[self.row]), int(side.end[self.row])
        corpus = self.judge.scene.corpus
        sentence = int(corpus.row_sentence[first])
        bounds = int(corpus.sentence_first_row[sentence]), int(corpus.sentence_end_row[sentence])
        sight = replace(sight, ranges=(bounds,))
        held = context_rows(self.judge.texts.near, condition.what.text)[first:end].any()
        cues = [c for c in (context.cues_before, context.cues_after) if c is not None]
        texts = [sight.texts(found) for cue in cues if len(found := sight.inside(cue))]
        reach = f"; the reach is {context.reach[0]} {context.reach[1]}" if context.reach else ""
        if not texts:
            return ["no cue in its sentence"]
        what = "in the scope of a cue" if held else f"out of the scope of every cue{reach}"
        return [f"{what}; cues: {', '.join(texts)}"]

    def _section(self) -> str:
        frame, corpus = self.judge.frame, self.judge.scene.corpus
        sides = list(frame.sides.values())
        row = sides[0].first[self.row] if sides else corpus.doc_rows[frame.doc[self.row]]
        section = corpus.sentence_section[corpus.row_sentence[row]]
        return corpus.section_kinds[corpus.section_kind[section]]


def nearest_row(judge: Evaluator, program: Program, rule: tree.RuleDecl, rows: Ints) -> int:
    """Return the row on which most parts of a rule are as its vote needs them, the first of several."""
    score = np.zeros(len(rows))
    for case in rule.cases:
        score += judge.column(expand_condition(case.when, program)).true[rows]
    for part in _conjuncts(rule.when):
        score += judge.column(expand_condition(part, program)).true[rows]
    for blocking in rule.unless:
        score += judge.column(expand_condition(blocking, program)).false[rows]
    return int(rows[int(score.argmax())])


def _conjuncts(condition: tree.Condition | None) -> tuple[tree.Condition, ...]:
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, tree.And) else (condition,)


def _touching(found: Matches, ranges: Sequence[Place], side: str) -> NDArray[np.bool_]:
    edges = [first if side == "starts" else end for first, end in ranges]
    return np.isin(found.first if side == "starts" else found.end, edges)


def _expanded(value: tree.Value, program: Program) -> tree.Value:
    if isinstance(value, tree.CountOf):
        return replace(value, pattern=expand_pattern(value.pattern, program))
    return value


def _missing(condition: tree.Condition) -> str:
    """Return which data an unknown condition lacks."""
    match condition:
        case tree.Member() | tree.InKb() | tree.Is() | tree.Same():
            return "not known: an argument has no concept id; mark it {name=ID: text}"
        case (
            tree.PathLike()
            | tree.Measure("path_length")
            | tree.Compare(tree.Measure("path_length"))
        ):
            return "not known: the text has no parse; name a `parser:` in the `pipeline`"
        case tree.Compare(tree.MetaValue(field)) | tree.Has(tree.Region("meta", field)):
            name = field.text if field is not None else ""
            return f"not known: the document has no metadata `{name}`"
        case tree.Has(tree.Region("section" | "title" | "abstract")) | tree.SectionIs():
            return "not known: the document has no such sections to speak of"
        case tree.ModelSays(model):
            return f"not known: model {model.text} says nothing of this candidate"
        case _:
            return "not known: the text lacks what this asks, such as lemmas or tags"
