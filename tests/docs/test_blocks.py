"""Every code block of README and docs runs, or says above it why it does not.

The blocks of a page run in order, in a folder with `tasks/demo` (which labels fewer documents, with an
encoder of one layer) and `workspace/demo`, what a run of it leaves.

- `console` and `bash`: each command ends well; what is shown below it is part of what it prints, `...`
  stands for lines left out. Of `pip install` only the extras are looked up.
- `python`: runs, one namespace a page; a `text` block right below it is what it prints.
- `toml`: settings of a task. `biolabel`: has no errors; a part of a file is only read. `json`: is JSON.
- A block with a file's name behind its language is written into the folder. `$DATABASE_URL` is an empty
  PostgreSQL database.
- `<!-- not run: REASON -->` above a block: it is not; pytest lists it with the reason as skipped.
- `<!-- slow: REASON -->` anywhere: the page runs with the slow tests.
"""

import contextlib
import io
import json
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from biolabel.errors import SourceFile
from biolabel.lang.load import load_all
from biolabel.lang.parse import parse
from biolabel.workflow.settings import Task

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = {
    "docs/explanation/": "test_explanation.py",
    "docs/knowledge.md": "test_knowledge.py",
    "docs/language/": "test_language.py",
    "docs/tutorials/curator.md": "test_curator.py",
}
"""Pages whose blocks a test beside this one runs."""
PROGRAMS = frozenset(
    {"cat", "cd", "cp", "echo", "grep", "head", "ls", "mkdir", "mv", "printf", "wc"}
)
"""What a block may run beside biolabel."""
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "optional-dependencies"
].keys()
SHOWN = frozenset({"", "text"})
"""Languages of blocks that only show something."""
_BLOCK = re.compile(
    r"(?:^<!-- not run: (?P<reason>[^\n]+) -->\n)?"
    r"^```(?P<language>[a-z]*)(?: (?P<rest>[^\n]+))?\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_DOCUMENTS = {"corpus": 16, "dev": 8}
Command = Callable[..., Any]


@dataclass(frozen=True)
class Block:
    """A code block: its page and line, its language, what stands behind that, and its text."""

    page: str
    line: int
    language: str
    rest: str
    text: str
    reason: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """Yield the code blocks of a page."""
    text = page.read_text(encoding="utf-8")
    name = page.relative_to(ROOT).as_posix()
    for found in _BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("language")) + 1
        parts = (found[part] or "" for part in ("language", "rest", "text", "reason"))
        yield Block(name, line, *parts)


PAGES = {
    path.relative_to(ROOT).as_posix(): list(blocks(path))
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md")))
}
HERE = {
    page: found
    for page, found in PAGES.items()
    if found and not any(page.startswith(start) for start in ELSEWHERE)
}
NOT_RUN = [block for found in HERE.values() for block in found if block.reason]


def marked(page: str) -> Any:
    """Return a page as a parameter, slow if it says so."""
    slow = "<!-- slow: " in (ROOT / page).read_text(encoding="utf-8")
    return pytest.param(page, marks=[pytest.mark.slow] if slow else [], id=page)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Path:
    """Return a folder with a small form of the demo and what a run of it leaves."""
    import biolabel.endmodel.components  # noqa: F401 - spaCy finds it where biolabel is installed
    from biolabel.workflow.bench import Bench
    from biolabel.workflow.job import Job
    from biolabel.workflow.run import run
    from biolabel.workflow.settings import load_task

    folder = tmp_path_factory.mktemp("pages")
    demo = folder / "tasks" / "demo"
    shutil.copytree(ROOT / "tasks" / "demo", demo, ignore=shutil.ignore_patterns("texts"))
    settings = (demo / "task.toml").read_text(encoding="utf-8")
    for name, number in _DOCUMENTS.items():
        texts = (demo / f"{name}.pubtator").read_text(encoding="utf-8").split("\n\n")
        few = demo / f"few_{name}.pubtator"
        few.write_text("\n\n".join(texts[:number]) + "\n\n", encoding="utf-8")
        settings = settings.replace(f'"{name}.pubtator"', f'"{few.name}"')
    quick = f'\n[end_model]\nepochs = 1\nupdates = 0\nencoder = "{tiny_encoder}"\n'
    (demo / "task.toml").write_text(settings + quick, encoding="utf-8")
    task = load_task(demo)
    files = {name: demo / f"few_{name}.pubtator" for name in _DOCUMENTS}
    run(Bench(Job(task, folder / "workspace" / "demo", files)))  # type: ignore[arg-type]
    return folder


@dataclass
class Page:
    """A page that is being run: the folder, the command line, and what its Python has defined."""

    folder: Path
    command: Command
    names: dict[str, object] = field(default_factory=dict)
    printed: str = ""
    database: str = ""

    def run(self, block: Block) -> None:
        """Do with a block what its language asks for."""
        if "." in block.rest:
            path = self.folder / block.rest
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language in SHOWN:
            assert block.language, "say the language of the block"
        else:
            getattr(self, f"_{block.language}")(block.text)

    def _console(self, text: str) -> None:
        for part in re.split(r"^\$ ", text.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
            line, _, printed = part.partition("\n")
            done = self._command(line)
            found = iter(plain(done))
            wanted = [each for each in plain(printed) if each != "..."]
            missing = [each for each in wanted if each not in found]
            assert missing == [], f"`{line}` prints\n{done}"

    def _bash(self, text: str) -> None:
        for line in text.replace("\\\n", " ").splitlines():
            self._command(line)

    def _command(self, line: str) -> str:
        words = shlex.split(line.replace("$DATABASE_URL", self.database), comments=True)
        if not words:
            return ""
        if words[0] == "biolabel":
            file = words.pop() if words[-2:-1] == [">"] else ""
            done = self.command(*(word for word in words[1:] if word != ">"))
            assert done.status == 0, f"`{line}` ends with {done.status}:\n{done.out}{done.err}"
            if file:
                (self.folder / file).write_text(done.out, encoding="utf-8")
            return str(done.out + done.err)
        if words[:2] == ["pip", "install"]:
            assert all(set(_extras(word)) <= EXTRAS for word in words[2:]), f"no such extra: {line}"
            return ""
        assert words[0] in PROGRAMS, f"`{words[0]}` is not run here"
        return subprocess.run(
            ["bash", "-c", line], check=True, cwd=self.folder, text=True, stdout=subprocess.PIPE
        ).stdout

    def _python(self, text: str) -> None:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(text, "<page>", "exec"), self.names)
        self.printed = out.getvalue()

    def _toml(self, text: str) -> None:
        Task.model_validate({"name": "x", "title": "X", **tomllib.loads(text)})

    def _json(self, text: str) -> None:
        json.loads(text)

    def _biolabel(self, text: str) -> None:
        if text.startswith("biolabel "):
            path = self.folder / "page.rules"
            found = load_all([path], {str(path): text}).diagnostics
        else:
            _, found = parse(SourceFile("page.rules", f"biolabel 1\n\n{text}"))
        assert [each.message for each in found if each.severity == "error"] == []


def _extras(word: str) -> list[str]:
    """Return the extras of a package that is installed."""
    return re.findall(r"[\w-]+", word.partition("[")[2])


def plain(text: str) -> list[str]:
    """Return the lines of a text without the lines of tables, blanks as one."""
    lines = (" ".join(re.sub(r"[\u2500-\u257f]", " ", line).split()) for line in text.splitlines())
    return [line for line in lines if line]


@pytest.mark.parametrize("page", [marked(page) for page in HERE])
def test_page(
    page: str,
    ready: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: Command,
    request: pytest.FixtureRequest,
) -> None:
    folder = tmp_path / "folder"
    shutil.copytree(ready, folder)
    monkeypatch.chdir(folder)
    running = Page(folder, command)
    if any("$DATABASE_URL" in block.text for block in HERE[page]):
        running.database = request.getfixturevalue("postgres")
    before = None
    for block in HERE[page]:
        if not block.reason:
            try:
                running.run(block)
                if block.language == "text" and before == "python" and not block.rest:
                    assert running.printed == block.text
            except Exception as error:
                error.add_note(f"in the block of {block}")
                raise
        before = block.language


@pytest.mark.parametrize("block", NOT_RUN, ids=str)
def test_not_run(block: Block) -> None:
    pytest.skip(f"{block.language}: {block.reason}")


def test_every_block_is_run_somewhere() -> None:
    languages = {name.removeprefix("_") for name in vars(Page) if name.startswith("_")} | SHOWN
    unknown = [
        str(block)
        for found in HERE.values()
        for block in found
        if block.language not in languages and not block.reason and "." not in block.rest
    ]
    assert unknown == []
    tests = [Path(__file__).with_name(name) for name in ELSEWHERE.values()]
    assert [path for path in tests if not path.is_file()] == []
    assert len(HERE) > 8
