"""A lens above each declaration with examples: `biolabel test` runs them, beside the server."""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp

from biolabel.lang import tree
from biolabel.lsp.desk import RulesServer, path_of
from biolabel.lsp.project import Project

COMMAND = "biolabel.runExamples"
_PROGRAM = "from biolabel.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a declaration's examples, in a few words and in full."""

    title: str
    details: str
    good: bool


def register(server: RulesServer) -> None:
    """Let a server run examples."""

    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS)
    def lenses(params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
        spot = server.spot(params.text_document.uri, lsp.Position(0, 0))
        if spot is None:
            return []
        found = []
        for declaration in spot.names.units[spot.source.path].named():
            number = examples_of(declaration)
            if number:
                name = declaration.name.text
                last = server.desk.verdicts.get((spot.source.path, name), "")
                title = f"run {number} example{'s' * (number > 1)}"
                command = lsp.Command(
                    f"{title} ({last})" if last else title,
                    COMMAND,
                    arguments=[params.text_document.uri, name],
                )
                found.append(lsp.CodeLens(spot.places.range(declaration.name.span), command))
        return found

    @server.command(COMMAND)
    async def run_examples(uri: str, name: str) -> str:
        path = path_of(uri)
        project = server.desk.projects.of(path) if path else None
        if path is None or project is None:
            return ""
        verdict = await _run(project.members.folder or path, name)
        server.desk.verdicts[str(path), name] = verdict.title
        kind = lsp.MessageType.Info if verdict.good else lsp.MessageType.Warning
        text = f"{name}: {verdict.details}"
        if _unsaved(project):
            text += "\n(of the files as they were saved last)"
        server.window_show_message(lsp.ShowMessageParams(kind, text))
        server.workspace_code_lens_refresh(None)
        return verdict.details


def examples_of(declaration: tree.Decl) -> int:
    """Return the number of examples of a declaration."""
    tests = getattr(declaration, "tests", tree.Tests())
    return sum(
        len(group)
        for group in (tests.matches, tests.rejects, tests.todo_matches, tests.todo_rejects)
    )


def _unsaved(project: Project) -> bool:
    """Return whether a file differs from what lies on the disk."""
    return any(
        not Path(path).is_file() or Path(path).read_bytes() != text.encode()
        for path, text in project.texts.items()
    )


async def _run(rules: Path, name: str) -> Verdict:
    """Run `biolabel test` on files as they lie on the disk."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PROGRAM,
        "test", str(rules), "--rule", name, "--json", "--quiet",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, errors = await process.communicate()
    return verdict_of(output.decode(errors="replace"), errors.decode(errors="replace"))


def verdict_of(output: str, errors: str) -> Verdict:
    """Return what `biolabel test --json` says; what went wrong where it says nothing."""
    try:
        examples: list[dict[str, Any]] = list(json.loads(output)["examples"])
    except (ValueError, KeyError, TypeError):
        first = next((line for line in errors.splitlines() if line.strip()), "no answer")
        return Verdict("cannot run", first, good=False)
    failed = [each for each in examples if each["status"] in ("failed", "done")]
    passed = sum(each["status"] == "passed" for each in examples)
    title = f"{passed} of {len(examples)} pass"
    lines = [title, *(f"{each['field']}: {each['why']} ({each['text']})" for each in failed)]
    return Verdict(title, "\n".join(lines), good=not failed)
