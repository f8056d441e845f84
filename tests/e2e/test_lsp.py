"""The language server as an editor runs it: one process, JSON-RPC over standard input and output."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.editor import CHECKOUT, PROGRAM, Editor, Message

START = 1.0
"""Seconds in which a server must start, answer and stop, on a core to itself."""
PROTOCOL = 0.3
"""Seconds that the import of the protocol's types takes on such a core."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("editor")
    shutil.copytree(CHECKOUT / "tasks" / "demo", folder / "tasks" / "demo")
    return folder


@pytest.fixture(scope="module")
def editor(root: Path) -> Iterator[Editor]:
    client = Editor(root)
    yield client
    client.stop()


@pytest.fixture(scope="module")
def relations(editor: Editor, root: Path) -> str:
    uri = editor.open(root / "tasks" / "demo" / "rules" / "relations.rules")
    assert [d for d in editor.findings(uri) if d["severity"] == 1] == []
    return uri


TASKS = """biolabel 1

entity mentions
  labels: Chemical, Disease

relation cid(chemical: Chemical, disease: Disease)
  labels: causes

"""


@pytest.fixture
def small(editor: Editor, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Return a function that opens a file of its own with some declarations."""
    opened: list[str] = []

    def make(declarations: str) -> str:
        path = tmp_path / "small.rules"
        path.write_text(TASKS + declarations, encoding="utf-8")
        opened.append(editor.open(path))
        return opened[-1]

    yield make
    for uri in opened:
        editor.tell("textDocument/didClose", textDocument={"uri": uri})


def test_it_starts_at_once(root: Path) -> None:
    """Processor time, measured in imports of the protocol, so that a busy machine is no failure."""

    def spent() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    protocol, server = [], []
    for _ in range(3):
        before = spent()
        subprocess.run([sys.executable, "-c", "import lsprotocol.types"], check=True)
        protocol.append(spent() - before)
        Editor(root).stop()
        server.append(spent() - before - protocol[-1])
    slowness = max(1.0, min(protocol) / PROTOCOL)
    assert min(server) < START * slowness, f"{server} s, with {protocol} s"


def test_it_offers_all_its_features(editor: Editor) -> None:
    offered = {name for name, found in editor.capabilities.items() if found}
    assert offered >= {
        "hoverProvider", "completionProvider", "definitionProvider", "referencesProvider",
        "renameProvider", "documentFormattingProvider", "documentSymbolProvider",
        "codeActionProvider", "codeLensProvider", "foldingRangeProvider", "executeCommandProvider",
    }  # fmt: skip


def test_findings_follow_what_is_typed(editor: Editor, small: Callable[[str], str]) -> None:
    uri = small('rule a for cid\n  votes: causes\n  when: sentence haz "x"\n')
    found = next(d for d in editor.findings(uri) if d["severity"] == 1)
    assert (found["code"], editor.written(uri, found["range"])) == ("BL006", "haz")
    assert "did you mean `has`?" in found["message"]
    editor.change(uri, editor.texts[uri].replace("haz", "has"))
    assert [d["code"] for d in editor.findings(uri)] == ["BL507"]


def test_saving_finds_what_only_compiling_does(editor: Editor, small: Callable[[str], str]) -> None:
    rule = 'rule x for mentions\n  votes: Disease\n  find: "flu"\n  when: span is most_mentioned\n'
    uri = small(rule)
    assert "BL231" in [found["code"] for found in editor.findings(uri)]
    editor.change(uri, f"{TASKS}{rule}  precision: 0.5\n")
    assert "BL231" not in [found["code"] for found in editor.findings(uri)]
    editor.tell("textDocument/didSave", textDocument={"uri": uri})
    assert "BL231" in [found["code"] for found in editor.findings(uri)]


def test_findings_go_when_a_file_is_closed(editor: Editor, tmp_path: Path) -> None:
    path = tmp_path / "gone.rules"
    path.write_text("list a\n", encoding="utf-8")
    uri = editor.open(path)
    assert editor.findings(uri) != []
    editor.tell("textDocument/didClose", textDocument={"uri": uri})
    assert editor.findings(uri) == []


def test_files_that_come_later_are_seen(editor: Editor, tmp_path: Path) -> None:
    path = tmp_path / "user.rules"
    path.write_text('biolabel 1\nimport "later.rules" only words\n', encoding="utf-8")
    uri = editor.open(path)
    assert [d["code"] for d in editor.findings(uri)] == ["BL108"]
    later = tmp_path / "later.rules"
    later.write_text("biolabel 1\nlist words\n  words: x\n", encoding="utf-8")
    changes = [{"uri": later.as_uri(), "type": 1}]
    editor.tell("workspace/didChangeWatchedFiles", changes=changes)
    assert "BL108" not in [d["code"] for d in editor.findings(uri)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-32"])
def test_places_are_counted_in_units_of_the_client(encoding: str, tmp_path: Path) -> None:
    client = Editor(tmp_path, [encoding])
    path = tmp_path / "emoji.rules"
    path.write_text(TASKS + 'pattern p\n  is: "😀é" wrong_name\n', encoding="utf-8")
    uri = client.open(path)
    found = next(d for d in client.findings(uri) if d["code"] == "BL101")
    columns = [found["range"][end]["character"] for end in ("start", "end")]
    first = len('  is: "😀é" '.encode(encoding if encoding == "utf-8" else f"{encoding}-le"))
    first //= {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    assert columns == [first, first + len("wrong_name")]
    assert client.capabilities["positionEncoding"] == encoding
    client.stop()


def test_definition_and_references_cross_files(editor: Editor, relations: str) -> None:
    (place,) = editor.ask("textDocument/definition", **editor.at(relations, "cause_verbs ..6"))
    assert place["uri"].endswith("contexts.rules")
    found = editor.ask(
        "textDocument/references",
        **editor.at(relations, "denied_or_old for"),
        context={"includeDeclaration": False},
    )
    assert len(found) == editor.texts[relations].count("denied_or_old") - 1
    assert {editor.written(relations, each["range"]) for each in found} == {"denied_or_old"}


def test_definition_of_an_import_is_its_file(editor: Editor, relations: str) -> None:
    (place,) = editor.ask("textDocument/definition", **editor.at(relations, '"contexts.rules"', 3))
    assert place["uri"].endswith("contexts.rules")


def test_definition_of_arguments_and_labels(editor: Editor, relations: str) -> None:
    for mark, after in (("{chemical}\n    or", 2), ("causes\n  when", 1)):
        (place,) = editor.ask("textDocument/definition", **editor.at(relations, mark, after))
        assert place["uri"] == relations
        assert place["range"]["start"]["line"] < 20


def test_rename_edits_all_files(editor: Editor, relations: str) -> None:
    edit = editor.ask(
        "textDocument/rename", **editor.at(relations, "cause_verbs ..6"), newName="harm_verbs"
    )
    files = {uri.rpartition("/")[2] for uri in edit["changes"]}
    assert files >= {"contexts.rules", "relations.rules", "topics.rules"}
    assert {e["newText"] for edits in edit["changes"].values() for e in edits} == {"harm_verbs"}


def test_rename_of_an_argument_edits_patterns_conditions_and_examples(
    editor: Editor, small: Callable[[str], str]
) -> None:
    uri = small(
        "rule a for cid\n  votes: causes\n  when: sentence has {chemical} and before chemical has"
        ' "x"\n  matches: "😀 x {chemical: Heparin} {disease: y}"\n'
    )
    edit = editor.ask("textDocument/rename", **editor.at(uri, "chemical:"), newName="drug")
    assert {editor.written(uri, e["range"]) for e in edit["changes"][uri]} == {"chemical"}
    assert len(edit["changes"][uri]) == 4


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("between", "reserved"),
        ("treats", "defined already"),
        ("9x", "no name"),
        ("Disease", "type"),
    ],
)
def test_rename_refuses(editor: Editor, relations: str, new: str, reason: str) -> None:
    answer = editor.answer(
        "textDocument/rename", **editor.at(relations, "compound_name for"), newName=new
    )
    assert reason in answer["error"]["message"]


def test_only_names_can_be_renamed(editor: Editor, relations: str) -> None:
    place = editor.at(relations, "sentence has")
    assert "error" in editor.answer("textDocument/prepareRename", **place)
    found = editor.ask("textDocument/prepareRename", **editor.at(relations, "compound_name for"))
    assert editor.written(relations, found) == "compound_name"


def test_files_are_formatted(editor: Editor, small: Callable[[str], str]) -> None:
    uri = small("list   a\n  words:x,y   # why 😀\n")
    options = {"tabSize": 2, "insertSpaces": True}
    (edit,) = editor.ask("textDocument/formatting", textDocument={"uri": uri}, options=options)
    assert edit["newText"] == TASKS + "list a\n  words: x, y  # why 😀\n"
    assert edit["range"]["start"] == {"line": 0, "character": 0}
    assert edit["range"]["end"] == {"line": TASKS.count("\n") + 2, "character": 0}


def test_a_file_with_mistakes_is_not_formatted(editor: Editor, small: Callable[[str], str]) -> None:
    uri = small("list   a\n  wurds:x\n")
    options = {"tabSize": 2, "insertSpaces": True}
    assert not editor.ask("textDocument/formatting", textDocument={"uri": uri}, options=options)


def test_findings_come_with_their_fix(editor: Editor, small: Callable[[str], str]) -> None:
    uri = small('rule a for cid\n  votes: causes\n  when: sentence haz "x"\n')
    (found,) = (d for d in editor.findings(uri) if d["severity"] == 1)
    (action,) = editor.ask(
        "textDocument/codeAction",
        textDocument={"uri": uri},
        range=found["range"],
        context={"diagnostics": [found]},
    )
    assert action["title"] == "replace `haz` with `has`"
    (edit,) = action["edit"]["changes"][uri]
    assert (editor.written(uri, edit["range"]), edit["newText"]) == ("haz", "has")
    elsewhere = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    assert not editor.ask(
        "textDocument/codeAction",
        textDocument={"uri": uri},
        range=elsewhere,
        context={"diagnostics": []},
    )


def labels(answer: Message) -> set[str]:
    return {item["label"] for item in answer["items"]}


@pytest.mark.parametrize(
    ("text", "some", "none_of"),
    [
        ("rule a for cid\n  |", {"votes:", "when:"}, {"words:"}),
        ("rule a for |", {"cid", "mentions"}, {"l"}),
        ("rule a for cid\n  votes: |", {"causes", "not", "none"}, {"l", "cid"}),
        ("rule a for cid\n  when: sentence has |", {"l", "Chemical", "exact"}, {"c", "cid", "and"}),
        ("rule a for cid\n  when: sentence has {|", {"chemical", "disease"}, {"l"}),
        ("rule a for cid\n  when: disease is |", {"c", "plural", "not"}, {"l"}),
        ("rule a for cid\n  when: |", {"chemical", "sentence", "adjacent"}, {"l"}),
        ('rule a for cid\n  matches: "{|', {"chemical: "}, {"l"}),
        ("list b\n  case: |", {"fold", "exact", "smart"}, {"l"}),
        ("list b\n  words: x  # |", set(), {"l", "fold"}),
        ("|", {"rule", "list"}, {"when:"}),
    ],
)
def test_completion_knows_what_fits(
    editor: Editor, small: Callable[[str], str], text: str, some: set[str], none_of: set[str]
) -> None:
    uri = small('list l\n  words: x\n\ncontext c\n  cues_before: "no"\n\n' + text)
    place = editor.at(uri, "|")
    editor.change(uri, editor.texts[uri].replace("|", ""))
    offered = labels(editor.ask("textDocument/completion", **place))
    assert offered >= some
    assert offered.isdisjoint(none_of)


def hover(editor: Editor, uri: str, mark: str, after: int = 1) -> str:
    found = editor.ask("textDocument/hover", **editor.at(uri, mark, after))
    return str(found["contents"]["value"]) if found else ""


def test_hover_explains_words_of_the_language_and_names(editor: Editor, relations: str) -> None:
    assert "where its condition holds" in hover(editor, relations, "rule compound for")
    assert "unless:" in hover(editor, relations, "unless: disease is negated")
    assert "both ways" in hover(editor, relations, "both ways\n")
    shown = hover(editor, relations, "what_the_text_is_about and around")
    assert "**condition** `what_the_text_is_about` for `cid`" in shown
    assert "Most texts study one drug" in shown
    assert hover(editor, relations, "# Which chemical", 4) == ""


def test_hover_says_how_to_get_results(editor: Editor, relations: str) -> None:
    assert "run `biolabel analyze demo`" in hover(editor, relations, "treats for cid")


def test_outline_and_folds(editor: Editor, relations: str) -> None:
    document = {"textDocument": {"uri": relations}}
    outline = editor.ask("textDocument/documentSymbol", **document)
    assert [each["name"] for each in outline][:3] == ["cid", "compound_name", "said_to_be_caused"]
    assert len(editor.ask("textDocument/foldingRange", **document)) >= len(outline) - 1


def test_lens_runs_examples(editor: Editor, relations: str) -> None:
    document = {"textDocument": {"uri": relations}}
    lens = next(
        each for each in editor.ask("textDocument/codeLens", **document)
        if each["command"]["arguments"][1] == "compound"
    )  # fmt: skip
    assert lens["command"]["title"] == "run 2 examples"
    command = {key: lens["command"][key] for key in ("command", "arguments")}
    assert editor.ask("workspace/executeCommand", **command) == "2 of 2 pass"
    assert editor.wait("window/showMessage")["message"] == "compound: 2 of 2 pass"
    editor.change(relations, editor.texts[relations] + "\n")
    assert editor.ask("workspace/executeCommand", **command) == "2 of 2 pass"
    assert "as they were saved" in editor.wait("window/showMessage")["message"]
    titles = [each["command"]["title"] for each in editor.ask("textDocument/codeLens", **document)]
    assert "run 2 examples (2 of 2 pass)" in titles


@pytest.mark.slow
def test_hover_shows_what_earlier_runs_found(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT / "tests" / "data" / "tiny_task", tmp_path / "tiny")
    command = [sys.executable, "-c", PROGRAM, "analyze", "tiny", "--quiet"]
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    subprocess.run(command, cwd=tmp_path, env=env, check=True, stdout=subprocess.DEVNULL)
    client = Editor(tmp_path)
    shown = {}
    for path in sorted((tmp_path / "tiny" / "rules").glob("*.rules")):
        uri = client.open(path)
        for line in client.texts[uri].splitlines():
            if line.startswith("rule "):
                shown[line] = hover(client, uri, line, len("rule "))
    assert len(shown) > 3
    assert all("votes: " in text for text in shown.values())
    assert any("precision on dev: " in text for text in shown.values())
    assert not any("rules have changed" in text for text in shown.values())
    client.change(uri, client.texts[uri] + "\nlist more\n  words: x\n")
    assert "rules have changed" in hover(client, uri, line_of_a_rule(client.texts[uri]), 5)
    client.stop()


def line_of_a_rule(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("rule "))


HOSTILE = (
    "\x00" * 100,
    "rule a for b\n  when: " + "(" * 1000,
    'list a\n  words: "' + '"' * 99,
    "\r\r\n\r \u2028rule\x0c\x85 a",
    "😀" * 500 + "\nrule 😀 for 😀\n  😀: 😀",
    "biolabel 1\n" + "list a\n  words: x\n" * 200,
    "ﬁrule a for b\n\tvotes:\n",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_stands_in_a_file_is_answered(
    editor: Editor, small: Callable[[str], str], text: str
) -> None:
    uri = small("")
    editor.change(uri, text)
    document = {"textDocument": {"uri": uri}}
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 9}}
    for line, character in ((0, 0), (1, 3), (2, 9), (0, 40), (99, 0)):
        place = {**document, "position": {"line": line, "character": character}}
        for question in ("hover", "completion", "definition"):
            editor.ask(f"textDocument/{question}", **place)
        editor.ask("textDocument/references", **place, context={"includeDeclaration": True})
    for question in ("documentSymbol", "codeLens", "foldingRange"):
        editor.ask(f"textDocument/{question}", **document)
    editor.ask("textDocument/codeAction", **document, range=whole, context={"diagnostics": []})
    options = {"tabSize": 2, "insertSpaces": True}
    editor.ask("textDocument/formatting", **document, options=options)


def test_questions_about_files_that_are_not_open(editor: Editor, root: Path) -> None:
    uri = (root / "nothing.rules").as_uri()
    document = {"textDocument": {"uri": uri}}
    place = {**document, "position": {"line": 3, "character": 7}}
    assert editor.ask("textDocument/hover", **place) is None
    assert labels(editor.ask("textDocument/completion", **place)) == set()
    assert editor.ask("textDocument/definition", **place) == []
    assert editor.ask("textDocument/documentSymbol", **document) == []
    assert editor.ask("textDocument/codeLens", **document) == []
