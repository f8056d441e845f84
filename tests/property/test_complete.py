"""Completion on real rule files: wherever a name stands, it would have been offered."""

import pytest

from biolabel.lang.load import read
from biolabel.lsp.complete import completions
from biolabel.lsp.names import names_of
from tests.property.test_rename import PROGRAMS

_MOST = 60
"""Names of a program that are tried, spread over its files."""


@pytest.mark.parametrize("name", PROGRAMS)
def test_names_are_offered_where_they_stand(name: str) -> None:
    names = names_of(read(PROGRAMS[name], {}))
    used = [o for o in names.occurrences if not o.defines]
    for occurrence in used[:: len(used) // _MOST + 1]:
        source = names.units[occurrence.span.file].source
        start = occurrence.span.start
        while source.text[start - 1] == "." or source.text[start - 1].isidentifier():
            start -= 1  # the name of an import belongs to the name
        offers = completions(source, start, names, None)
        offered = {offer.text.rstrip(": ").rpartition(".")[2] for offer in offers}
        line = source.text[source.text.rfind("\n", 0, start) + 1 : start]
        assert occurrence.symbol.name in offered, line
