"""What programs may send."""

import pytest
from pydantic import TypeAdapter, ValidationError

from biolabel.curation.queue import Filters
from biolabel.web.api.sent import QueueQuery, Text, as_json


def test_a_query_without_anything_filters_nothing() -> None:
    asked = QueueQuery().asked(lambda concepts: concepts)
    assert (asked.order, asked.filters, asked.after, asked.limit) == (
        "probability",
        Filters(),
        None,
        50,
    )


def test_a_query_becomes_filters() -> None:
    sent = QueueQuery(state=["disputed"], status=["new"], concept=["A:1"], year_from=1990, rule="r")
    asked = sent.asked(lambda concepts: concepts | {"A:2"})
    assert asked.filters == Filters(
        states=("disputed",),
        status=("new",),
        concepts=frozenset({"A:1", "A:2"}),
        years=(1990, None),
        rule="r",
    )
    alone = sent.model_copy(update={"descendants": False}).asked(lambda _: frozenset())
    assert alone.filters.concepts == frozenset({"A:1"})


@pytest.mark.parametrize("text", ["a\0b", "x" * 201])
def test_texts_that_databases_cannot_keep(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Text).validate_python(text)


def test_what_is_not_a_number_is_null() -> None:
    found = as_json(TypeAdapter(float), float("nan"), 201)
    assert (found.status_code, found.body, found.media_type) == (201, b"null", "application/json")
