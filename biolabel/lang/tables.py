"""The parser's tables, kept as JSON between runs: building them takes longer than checking a file.

Behind the JSON stands its check sum (`biolabel.data.sums`).
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import lark
from lark import Lark
from lark.common import LexerConf
from lark.grammar import Rule
from lark.lexer import ContextualLexer, TerminalDef

from biolabel.data.files import replacing_file
from biolabel.data.sums import seal, tell_of_damage, unsealed
from biolabel.resources import cache_root

_OPTIONS = {"parser": "lalr", "propagate_positions": True}


class _TrustingLexer(ContextualLexer):
    """A lexer that does not look for terminals that collide: the test of the strict grammar does.

    Lark looks whenever the package interegular is installed, which takes a second.
    """

    def __init__(self, conf: LexerConf, *arguments: Any, **options: Any) -> None:
        conf.skip_validation = True
        super().__init__(conf, *arguments, **options)


def parser_of(grammar: Path, start: str = "start") -> Lark:
    """Return the LALR parser of a grammar, from the tables of an earlier run if there are any.

    `start` is the rule that a text is parsed as.

    Tables are known by the grammar's text and Lark's version, and lie in the cache folder; a cache
    that cannot be read or written costs time and nothing else.
    """
    text = grammar.read_bytes()
    known_as = hashlib.sha256(
        f"{lark.__version__}\n{_OPTIONS}\n{start}\n".encode() + text
    ).hexdigest()
    path = cache_root() / "grammar" / f"{known_as[:32]}.json"
    with suppress(OSError):
        try:
            return _loaded(json.loads(bytes(unsealed(memoryview(path.read_bytes())))))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            tell_of_damage(f"{path}: {error}")
    built = Lark(
        text.decode(), start=start, _plugins={"ContextualLexer": _TrustingLexer}, **_OPTIONS
    )
    with suppress(OSError):
        _keep(built, path)
    return built


def _keep(built: Lark, path: Path) -> None:
    data, memo = built.memo_serialize([TerminalDef, Rule])
    data["options"]["_plugins"] = {}
    with replacing_file(path) as temporary:
        tables = json.dumps({"data": data, "memo": memo}, separators=(",", ":"))
        temporary.write_text(tables, encoding="utf-8")
        seal(temporary)


def _loaded(tables: Mapping[str, Any]) -> Lark:
    """Return the parser of tables; JSON has turned the numbers that are keys into texts."""
    table = tables["data"]["parser"]["parser"]
    table["tokens"] = _numbered(table["tokens"])
    table["states"] = {int(key): _numbered(row) for key, row in table["states"].items()}
    # What Lark's own standalone parsers call to load the same tables from Python source.
    load: Callable[[Any, Any], Lark] = Lark._load_from_dict
    return load(tables["data"], _numbered(tables["memo"]))


def _numbered(table: Mapping[str, Any]) -> dict[int, Any]:
    return {int(key): value for key, value in table.items()}
