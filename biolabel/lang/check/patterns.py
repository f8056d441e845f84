"""Checks of patterns: can they match, do they mean what they look like (LANGUAGE.md 2.6)."""

from collections.abc import Iterator
from dataclasses import dataclass

from biolabel.errors import Diagnostic, Edit, Span
from biolabel.lang import tree
from biolabel.lang.check.findings import View, World, found, reached, unknown_argument
from biolabel.lang.check.words import check_phrase, check_regex, check_speed, check_word_test
from biolabel.lang.program import Program
from biolabel.lang.walk import nodes

NO_ARGUMENTS = View("", "document", {}, ())


@dataclass(frozen=True, slots=True)
class Root:
    """A whole pattern where it stands: the task it is about, and whether it can keep a part.

    `view` None is the pattern of a declaration, whose arguments depend on its users. `anywhere` is
    whether it matters only that the pattern matches, and not where its matches begin and end.
    """

    pattern: tree.Pattern
    view: View | None
    finds: bool = False
    anywhere: bool = False


def check_patterns(declaration: tree.Decl, world: World) -> Iterator[Diagnostic]:
    """Yield what is wrong with patterns.

    BL105 unknown arguments, BL113 unknown word attributes, BL208 parts kept where nothing is found,
    BL212 wrong numbers of parameters, BL301 to BL311 patterns that match nothing, or not what they
    seem to, BL404 attributes that need a tagger or parser.
    """
    program = world.program
    for root in _roots(declaration, world):
        yield from _whole(root, program)
        for node in nodes(root.pattern):
            yield from _node(node, root, program)
    if isinstance(declaration, tree.ListDecl):
        yield from _list_words(declaration)
    # A library of patterns leaves the pipeline and the types to its user.
    if world.whole() and not isinstance(declaration, tree.ListDecl | tree.OntologyDecl):
        for node in nodes(declaration):
            yield from check_word_test(node, program.pipeline, world.types)


def _roots(declaration: tree.Decl, world: World) -> Iterator[Root]:
    match declaration:
        case tree.PatternDecl(pattern=pattern) if pattern is not None:
            yield Root(pattern, None, finds=True)
        case tree.ContextDecl() as context:
            for cues in (context.cues_before, context.cues_after, context.pseudo, context.stop_at):
                if cues is not None:
                    yield Root(cues, NO_ARGUMENTS)
        case tree.RuleDecl(find=find, task=task):
            if isinstance(find, tree.FindPattern):
                yield Root(find.pattern, NO_ARGUMENTS, finds=True)
            yield from _in_conditions(declaration, world.views.get(task.text))
        case tree.ConditionDecl(task=task):
            yield from _in_conditions(declaration, world.views.get(task.text))
        case tree.RelationDecl(name=name):
            yield from _in_conditions(declaration, world.views[name.text])


def _in_conditions(owner: tree.Node, view: View | None) -> Iterator[Root]:
    for node in nodes(owner):
        match node:
            case tree.Has(pattern=pattern, count=count):
                yield Root(pattern, view, anywhere=count is None)
            case tree.Borders(pattern=pattern) | tree.CountOf(pattern=pattern):
                yield Root(pattern, view)
            case tree.PathLike(parts=parts):
                yield from (Root(part, view) for part in parts if not isinstance(part, tree.Edge))


def _whole(root: Root, program: Program) -> Iterator[Diagnostic]:
    pattern = root.pattern
    if _can_be_empty(pattern):
        message = "this pattern can match nothing at all"
        yield found("BL303", message, pattern, "make at least one part required")
        return
    for option in pattern.options if isinstance(pattern, tree.Alt) else (pattern,):
        if root.anywhere and isinstance(option, tree.Seq):
            for border in (option.items[0], option.items[-1]):
                if isinstance(border, tree.Gap) and border.low == 0:
                    message = "a gap at the border of a pattern changes nothing"
                    hint = "remove it, or say what must follow"
                    yield found("BL311", message, border, hint, "warning", "")
    yield from _regexes(pattern, program, alone=True)


def _can_be_empty(pattern: tree.Pattern) -> bool:
    match pattern:
        case tree.Gap(low=0) | tree.Repeat(low=0):
            return True
        case tree.Repeat(pattern=inner) | tree.Keep(pattern=inner):
            return _can_be_empty(inner)
        case tree.Alt(options=options):
            return any(_can_be_empty(option) for option in options)
        case tree.Seq(items=items):
            return all(_can_be_empty(item) for item in items)
    return False


def _regexes(pattern: tree.Pattern, program: Program, *, alone: bool) -> Iterator[Diagnostic]:
    match pattern:
        case tree.Regex() if not alone:
            message = "a /regex/ works on characters and cannot be mixed into a word sequence"
            yield found("BL302", message, pattern, f"for one word write [text={written(pattern)}]")
        case tree.Regex():
            yield from check_speed(pattern)
        case tree.Ref(name=name) if not alone and _is_regex(name.text, program):
            message = f"`{name.text}` is a /regex/ and cannot be mixed into a word sequence"
            yield found("BL302", message, pattern, "for one word write [text=/.../]")
        case tree.Alt(options=parts):
            for part in parts:
                yield from _regexes(part, program, alone=alone)
        case tree.Seq(items=parts) | tree.Macro(args=parts):
            for part in parts:
                yield from _regexes(part, program, alone=False)
        case tree.Repeat(pattern=part):
            yield from _regexes(part, program, alone=False)
        case tree.Keep(pattern=part):
            yield from _regexes(part, program, alone=alone)


def written(regex: tree.Regex) -> str:
    """Return a regular expression as it stands in a rule file."""
    return f"/{regex.pattern.replace('/', chr(92) + '/')}/{regex.flags}"


def _is_regex(name: str, program: Program) -> bool:
    """Return whether a pattern is a regular expression, or names one as an alternative."""
    waiting, seen = [name], set()
    while waiting:
        declaration = program.patterns.get(waiting.pop())
        if declaration is None or declaration.name.span in seen:
            continue
        seen.add(declaration.name.span)
        pattern = declaration.pattern
        for option in pattern.options if isinstance(pattern, tree.Alt) else (pattern,):
            if isinstance(option, tree.Regex):
                return True
            if isinstance(option, tree.Ref):
                waiting.append(option.name.text)
    return False


def _node(node: tree.Node, root: Root, program: Program) -> Iterator[Diagnostic]:
    match node:
        case tree.Phrase(text=text):
            yield from check_phrase(text, node, in_list=False)
        case tree.Exact(text=text):
            yield from check_phrase(text, node, in_list=True)
        case tree.Regex():
            yield from check_regex(node)
        case tree.Arg(name=name) if root.view is not None:
            wrong = unknown_argument(name, node, root.view)
            if wrong:
                yield wrong
        case tree.Keep() if not root.finds:
            message = "`keep` marks a part of what `find:` finds; nothing is found here"
            word = Span(node.span.file, node.span.start, node.span.start + len("keep"))
            hint = "leave `keep` out"
            yield Diagnostic("BL208", "error", message, node.span, hint, (), Edit(word, ""))
        case tree.Keep() if any(n is not node and isinstance(n, tree.Keep) for n in nodes(node)):
            yield found("BL208", "only one part can be kept", node, "remove the outer `keep`")
        case tree.Ref(name=name) | tree.Macro(name=name) if name.text in program.patterns:
            yield from _use(node, program.patterns[name.text], root, program)


def _use(
    node: tree.Ref | tree.Macro, used: tree.PatternDecl, root: Root, program: Program
) -> Iterator[Diagnostic]:
    given = len(node.args) if isinstance(node, tree.Macro) else 0
    if given != len(used.params):
        message = f"pattern `{used.name.text}` has {len(used.params)} parameters, not {given}"
        names = ", ".join(name.text for name in used.params)
        hint = f"write use {used.name.text}({names})" if names else f"write {used.name.text}"
        yield found("BL212", message, node, hint, fix=None if names else node.name.text)
    if root.view is None:
        return
    for argument in sorted(_arguments(used, program)):
        if argument not in root.view.arguments:
            message = f"`{used.name.text}` needs the argument {{{argument}}}, which the task lacks"
            yield found("BL105", message, node, root.view.listed_arguments())


def _arguments(used: tree.PatternDecl, program: Program) -> frozenset[str]:
    """Return the arguments in a pattern and in all patterns that it names."""
    names: set[str] = set()
    for pattern in reached(used, program):
        names.update(node.name for node in nodes(pattern) if isinstance(node, tree.Arg))
    return frozenset(names)


def _list_words(declaration: tree.ListDecl) -> Iterator[Diagnostic]:
    for word in dict.fromkeys(declaration.words):
        yield from check_phrase(word, declaration.name, in_list=True)
