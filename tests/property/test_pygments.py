"""The Pygments lexer on random declarations of the grammar."""

from hypothesis import HealthCheck, assume, given, settings
from lark import UnexpectedInput
from pygments.token import Error

from biolabel.lang.pygments import RulesLexer
from tests.property.test_format import programs, tokens


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_random_programs_have_no_errors(text: str) -> None:
    try:
        tokens(text)
    except UnexpectedInput:
        assume(False)
    found = list(RulesLexer(ensurenl=False, stripnl=False).get_tokens(text))
    assert [value for kind, value in found if kind in Error] == []
    assert "".join(value for _, value in found) == text
