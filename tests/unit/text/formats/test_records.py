"""Cutting XML files at the tags of their records."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.errors import CorpusError
from biolabel.text.formats import records
from biolabel.text.formats.records import collapsed, read_records, text_of

HEAD = '<?xml version="1.0"?>\n<!DOCTYPE set SYSTEM "no.dtd" [<!ENTITY a "b">]>\n<!-- <not> -->\n<set>\n'


def written(folder: Path, body: str, head: str = HEAD, tail: str = "</set>\n") -> Path:
    path = folder / "x.xml"
    path.write_bytes((head + body + tail).encode())
    return path


def found(path: Path, *tags: str) -> list[tuple[int, str, str]]:
    """Return line, loss and text or fault of every record."""
    read = read_records(path, tags or ("a",))
    return [
        (r.line, r.lost, r.fault) if r.fault else (r.line, "", text_of(r.element)) for r in read
    ]


def test_records_with_their_lines(tmp_path: Path) -> None:
    body = "<a>one</a>\n\n<b/><a x='1'>\n t<i>w</i>o </a><a />\n<c>text outside</c>\n"
    assert found(written(tmp_path, body)) == [(5, "", "one"), (7, "", "two")]


def test_several_tags(tmp_path: Path) -> None:
    read = read_records(written(tmp_path, "<a>1</a><b>2</b><a>3</a><ab>4</ab>"), ("a", "b"))
    assert [(r.tag, text_of(r.element)) for r in read] == [("a", "1"), ("b", "2"), ("a", "3")]


def test_a_record_may_be_the_root(tmp_path: Path) -> None:
    path = written(tmp_path, "<a>\n<set>x</set></a>", head="\ufeff<?xml version='1.0'?>", tail="")
    assert found(path) == [(1, "", "x")]


def test_a_broken_record_costs_itself_only(tmp_path: Path) -> None:
    body = "<a>one</a>\n<a>\n<i>two</a>\n<a>three</a>"
    (first, broken, last) = found(written(tmp_path, body))
    assert (first[2], last[2]) == ("one", "three")
    assert broken[:2] == (6, "document")
    assert "line 7" in broken[2]


def test_records_without_an_end_or_a_start(tmp_path: Path) -> None:
    body = "<a>one\n<a>two</a>\nthree</a>\n<a>four</a>"
    assert found(written(tmp_path, body)) == [
        (5, "document", "its tags do not match"),
        (6, "", "two"),
        (6, "document", "its tags do not match"),
        (8, "", "four"),
    ]


@pytest.mark.parametrize("body", ["<a>one</a>\n<a>tw", "<a>one</a>\n<"])
def test_a_file_that_ends_early(tmp_path: Path, body: str) -> None:
    first, last = found(written(tmp_path, body, tail=""))
    assert first == (5, "", "one")
    assert last == (6, "rest", "the file ends before </set>")


def test_a_gzip_file_that_ends_early(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    many = "".join(f"<a>{number}</a>\n" for number in rng.integers(10**12, size=5000))
    packed = gzip.compress((HEAD + many + "</set>").encode())
    path = tmp_path / "x.xml.gz"
    path.write_bytes(packed[: len(packed) // 2])
    *good, last = found(path)
    assert 2000 < len(good) < 3000
    assert [f"<a>{text}</a>" for _, _, text in good] == many.split()[: len(good)]
    assert last == (5 + len(good), "rest", "the gzip file is damaged or ends early")


def test_no_entity_is_expanded(tmp_path: Path) -> None:
    lol = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    head = f'<!DOCTYPE set [<!ENTITY l0 "lol">{lol}<!ENTITY f SYSTEM "file:///etc/passwd">]>\n<set>'
    path = written(tmp_path, "<a>&l9;</a><a>&f;</a><a>&amp;&#946;</a>", head)
    one, two, three = found(path)
    assert "Entity 'l9' not defined" in one[2]
    assert "Entity 'f' not defined" in two[2]
    assert three[2] == "&β"


def test_characters_may_have_names(tmp_path: Path) -> None:
    body = "<a>&beta;&nbsp;&amp;lt; &lt;i&gt; &NotEqualTilde;</a><a>&unheard;</a>"
    named, unknown = found(written(tmp_path, body))
    assert named[2] == "β\xa0&lt; <i> \u2242\u0338"
    assert "Entity 'unheard' not defined" in unknown[2]


def test_other_encodings_are_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    text = "<?xml version='1.0' encoding='{}'?>\n<set><a>naïve</a></set>"
    path.write_bytes(text.format("ISO-8859-1").encode("latin-1"))
    assert found(path) == [(2, "", "naïve")]
    path.write_bytes(text.format("UTF-16").encode("utf-16"))
    with pytest.raises(CorpusError, match="encoding is UTF-16") as caught:
        found(path)
    assert caught.value.code == "BL640"
    path.write_bytes(text.format("martian").encode())
    with pytest.raises(CorpusError, match="encoding is martian"):
        found(path)
    path.write_bytes(text.format("UTF-8").encode("latin-1"))
    assert found(path)[0][1] == "document"


@pytest.mark.parametrize(
    ("content", "what"), [("", "no XML"), ("plain text", "no XML"), ("<x><y/></x>", "root is <x>")]
)
def test_a_file_without_records_is_refused(tmp_path: Path, content: str, what: str) -> None:
    path = tmp_path / "x.xml"
    path.write_text(content)
    with pytest.raises(CorpusError, match=what) as caught:
        found(path)
    assert caught.value.code == "BL640"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        found(tmp_path / "no.xml")
    assert caught.value.code == "BL601"


def test_a_record_without_end_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_LARGEST", 1000)
    monkeypatch.setattr(records, "_BLOCK", 500)
    body = "<a>one</a><a>" + "x" * 5000 + "<a>two</a>"
    assert [row[2] for row in found(written(tmp_path, body))] == [
        "one", "it goes on beyond 64 MB", "two",
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text("ab \nβ<", max_size=12), min_size=1, max_size=8),
    block=st.integers(1, 40),
)
def test_blocks_do_not_show(
    texts: list[str], block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    body = "\n".join(f"<a n='{n}'>{text.replace('<', '&lt;')}</a>" for n, text in enumerate(texts))
    path = written(tmp_path_factory.mktemp("x"), body)
    whole = found(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "_BLOCK", block)
        # The root is told by the first block.
        head = HEAD[: records._NEAR].encode()
        patch.setattr(records, "_head", lambda _: head)
        assert found(path) == whole
    assert [row[2] for row in whole] == [collapsed(text) for text in texts]


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://localhost:9/evil.dtd">',
    ],
)
def test_entities_are_never_expanded_nor_fetched(tmp_path: Path, head: str) -> None:
    path = written(tmp_path, "<d>&b;</d>", head=f"{head}<set>")
    [record] = read_records(path, ("d",))
    assert record.element is None or not text_of(record.element)
    assert "root:" not in str(record)


def test_elements_nested_too_deep(tmp_path: Path) -> None:
    path = written(tmp_path, "<d>" + "<x>" * 100_000 + "</x>" * 100_000 + "</d>", head="<set>")
    [record] = read_records(path, ("d",))
    assert record.element is None
