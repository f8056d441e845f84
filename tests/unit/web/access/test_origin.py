"""Where requests come from, as browsers say."""

import pytest

from biolabel.web.access.origin import foreign, host_of, own_page

HOST = "127.0.0.1:8080"


@pytest.mark.parametrize(
    ("headers", "is_foreign", "is_own"),
    [
        ({}, False, False),
        ({"origin": f"http://{HOST}"}, False, True),
        ({"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}, False, True),
        ({"origin": "http://127.0.0.1:9090"}, True, False),
        ({"origin": "http://evil.example"}, True, False),
        ({"origin": "null"}, True, False),
        ({"origin": "http://[broken"}, True, False),
        ({"origin": f"http://{HOST}.evil.example"}, True, False),
        ({"origin": f"http://{HOST}", "sec-fetch-site": "cross-site"}, True, False),
        ({"sec-fetch-site": "same-site"}, True, False),
        ({"sec-fetch-site": "cross-site"}, True, False),
        ({"sec-fetch-site": "none"}, False, False),
    ],
)
def test_own_pages_and_others(headers: dict[str, str], is_foreign: bool, is_own: bool) -> None:
    sent = {"host": HOST, **headers}
    assert foreign(sent) is is_foreign
    assert own_page(sent) is is_own


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("127.0.0.1:8080", "127.0.0.1"), ("LocalHost", "localhost"), ("[::1]:8080", "::1"),
        ("127.0.0.1:80@evil.example", "evil.example"), ("evil.example:8080", "evil.example"),
        ("[", ""), ("", ""),
    ],
)  # fmt: skip
def test_host(written: str, host: str) -> None:
    assert host_of({"host": written}) == host
