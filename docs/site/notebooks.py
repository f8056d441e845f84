"""Notebooks as pages: text as it is, code as blocks, and the outputs that are stored with it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def page(content: str) -> str:
    """Return the page of a notebook, given as its file's text (nbformat 4)."""
    return "\n\n".join(part for cell in json.loads(content)["cells"] for part in _cell(cell)) + "\n"


def _cell(cell: Mapping[str, Any]) -> Iterator[str]:
    source = _text(cell["source"])
    if cell["cell_type"] == "markdown":
        yield source
    elif source.strip():
        yield f"````python\n{source}\n````"
        for output in cell["outputs"]:
            yield from _output(output)


def _output(output: Mapping[str, Any]) -> Iterator[str]:
    """Yield an output in the richest of its forms that a page can show."""
    if output["output_type"] == "stream":
        yield f"````text\n{_text(output['text']).rstrip()}\n````"
        return
    data = output.get("data", {})
    if "text/html" in data:
        # A blank line would end the HTML and begin a paragraph.
        lines = (line for line in _text(data["text/html"]).splitlines() if line.strip())
        yield '<div class="notebook-output">\n' + "\n".join(lines) + "\n</div>"
    elif "image/png" in data:
        yield f"![](data:image/png;base64,{_text(data['image/png']).strip()})"
    elif "text/plain" in data:
        yield f"````text\n{_text(data['text/plain'])}\n````"


def _text(value: str | Sequence[str]) -> str:
    """Return a text that a notebook stores as one or as lines."""
    return value if isinstance(value, str) else "".join(value)
