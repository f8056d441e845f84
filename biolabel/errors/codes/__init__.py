"""The catalogue of error codes, one module a family."""

from collections.abc import Mapping

from biolabel.errors.codes import corpus, curation, exchange, knowledge, language, model, run, web
from biolabel.errors.codes.next_steps import NEXT

_TOLD: Mapping[str, str] = {
    **language.CODES,
    **corpus.CODES,
    **knowledge.CODES,
    **model.CODES,
    **run.CODES,
    **web.CODES,
    **curation.CODES,
    **exchange.CODES,
}
CATALOGUE: Mapping[str, str] = {
    code: f"{text} {NEXT[code]}" if code in NEXT else text for code, text in _TOLD.items()
}
"""Every code that biolabel can show, with one paragraph that explains it and says what to do."""
