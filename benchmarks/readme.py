"""Copy the figures of benchmarks/results into README, docs and the tasks' cards, or check that they agree.

Between `<!-- figures:NAME -->` and `<!-- /figures -->` stands the table of results/NAME.json.
`python benchmarks/readme.py` writes the tables, `--check` only fails if one is out of date.
"""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from frame import RESULTS, ROOT, Row, number, verdict

_BLOCK = re.compile(r"(<!-- figures:(\w+) -->\n).*?(<!-- /figures -->)", re.DOTALL)
_MARKER = re.compile(r"<!-- /?figures\b.*?-->")


def table(content: str) -> str:
    """Return the Markdown table of a results file's content."""
    results = json.loads(content)
    rows = [Row(**row) for row in results["rows"]]
    machine = results["machine"]
    lines = [
        "| figure | value | target | unit | holds |",
        "|---|---|---|---|---|",
        *(
            f"| {r.name} | {number(r.value)} | {number(r.target)} | {r.unit} | {verdict(r.holds)} |"
            for r in rows
        ),
        "",
        f"{machine['processor']}, {machine['cores']} cores, commit {results['commit']}.",
    ]
    return "".join(f"{line}\n" for line in lines)


def fill(text: str, results: Path) -> str:
    """Return the text with every marked table replaced by that of its results file.

    Raises:
        FileNotFoundError: a marker names a results file that does not exist.
        ValueError: a marker without its other half.
    """
    whole = sum(2 for _ in _BLOCK.finditer(text))
    if len(_MARKER.findall(text)) != whole:
        raise ValueError("expected `<!-- figures:NAME -->` and `<!-- /figures -->` in pairs")

    def replaced(match: re.Match[str]) -> str:
        content = (results / f"{match[2]}.json").read_text(encoding="utf-8")
        return f"{match[1]}{table(content)}{match[3]}"

    return _BLOCK.sub(replaced, text)


def main(arguments: Sequence[str], readme: Path, results: Path) -> int:
    """Write or check the README's figures; return the exit status."""
    if not readme.is_file():
        print(f"{readme.name} does not exist, so it holds no figures")
        return 0
    text = readme.read_text(encoding="utf-8")
    try:
        filled = fill(text, results)
    except (FileNotFoundError, ValueError) as error:
        print(f"{readme.name}: {error}", file=sys.stderr)
        return 1
    if "--check" not in arguments:
        readme.write_text(filled, encoding="utf-8")
    elif filled != text:
        print(f"{readme.name}: figures differ from {results}: run `make figures`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    pages = [
        ROOT / "README.md",
        *sorted(ROOT.glob("docs/*.md")),
        *sorted(ROOT.glob("tasks/*/README.md")),
    ]
    sys.exit(max(main(sys.argv[1:], page, RESULTS) for page in pages))
