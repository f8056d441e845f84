"""Renaming everything that has a name, at once: nothing is overlooked, or findings would appear."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from biolabel.errors import Edit
from biolabel.lang.load import load_all, read
from biolabel.lsp.names import names_of
from biolabel.lsp.rename import renamed

CHECKOUT = Path(__file__).resolve().parents[2]
LANGUAGE = CHECKOUT / "tests" / "golden" / "language"
PROGRAMS = {
    **{name: [LANGUAGE / f"{name}.rules"] for name in ("kitchen_sink", "mini", "cdr")},
    **{
        folder.name: sorted((folder / "rules").glob("*.rules"))
        for folder in sorted((CHECKOUT / "tasks").iterdir())
        if (folder / "rules").is_dir()
    },
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_all_symbols_can_be_renamed_at_once(name: str) -> None:
    paths = PROGRAMS[name]
    before = load_all(paths)
    names = names_of(read(paths, {}))
    symbols = {o.symbol for o in names.occurrences if o.defines and o.symbol.name != "none"}
    edits: dict[str, list[Edit]] = defaultdict(list)
    for number, symbol in enumerate(sorted(symbols, key=repr)):
        for edit in renamed(symbol, f"renamed_{number}_x", [names]):
            edits[edit.span.file].append(edit)
    texts = {}
    for path, unit in names.units.items():
        text = unit.source.text
        for edit in sorted(edits[path], key=lambda each: -each.span.start):
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        texts[str(Path(path).resolve())] = text
    after = load_all(paths, texts)
    assert len(symbols) > 5
    shown = [(d.code, re.sub(r"`\w+`", "", d.message)) for d in after.diagnostics]
    assert Counter(code for code, _ in shown) == Counter(d.code for d in before.diagnostics), shown
