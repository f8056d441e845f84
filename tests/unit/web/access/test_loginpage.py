"""The login page escapes what it repeats, and has no script."""

from biolabel.web.access.loginpage import login_page

HOSTILE = '"><script>alert(1)</script>'


def test_everything_is_escaped() -> None:
    page = login_page(named=True, to=HOSTILE, name=HOSTILE, wrong=HOSTILE)
    assert "<script" not in page
    assert page.count("&#34;&gt;&lt;script&gt;") == 3


def test_every_field_has_a_label() -> None:
    for named, fields in ((True, ("name", "secret")), (False, ("secret",))):
        page = login_page(named=named, to="/")
        assert [name for name in ("name", "secret") if f'<label for="{name}">' in page] == list(
            fields
        )
        assert "role=alert" not in page.split("</style>")[1]
