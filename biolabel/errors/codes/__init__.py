"""The catalogue of error codes, one module a family."""

from collections.abc import Mapping

from biolabel.errors.codes import corpus, curation, exchange, knowledge, language, model, run, web

CATALOGUE: Mapping[str, str] = {
    **language.CODES,
    **corpus.CODES,
    **knowledge.CODES,
    **model.CODES,
    **run.CODES,
    **web.CODES,
    **curation.CODES,
    **exchange.CODES,
}
"""Every code that biolabel can show, with one paragraph that explains it."""
