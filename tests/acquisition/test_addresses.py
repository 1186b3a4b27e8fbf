"""Addresses as sites write them have one form, the one a browser asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.acquisition.addresses import AddressError, absolute, decoded_name, file_name, plain_name

BASE = "http://www.x.gov.cn/zwgk/2023/index.html"


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("a.pdf", "http://www.x.gov.cn/zwgk/2023/a.pdf"),
        ("./a.pdf#page=2", "http://www.x.gov.cn/zwgk/2023/a.pdf"),
        ("../../a.pdf", "http://www.x.gov.cn/a.pdf"),
        ("../../../../a.pdf", "http://www.x.gov.cn/a.pdf"),
        ("/a/./b/../c.pdf", "http://www.x.gov.cn/a/c.pdf"),
        ("\\files\\a.pdf", "http://www.x.gov.cn/files/a.pdf"),
        (" a b.pdf\n", "http://www.x.gov.cn/zwgk/2023/a%20b.pdf"),
        ("决算.pdf", "http://www.x.gov.cn/zwgk/2023/%E5%86%B3%E7%AE%97.pdf"),
        ("%E5%86%B3%E7%AE%97.pdf", "http://www.x.gov.cn/zwgk/2023/%E5%86%B3%E7%AE%97.pdf"),
        ("//files.x.gov.cn:80/a.pdf", "http://files.x.gov.cn/a.pdf"),
        ("HTTPS://FILES.X.GOV.CN:443/A.pdf", "https://files.x.gov.cn/A.pdf"),
        ("https://files.x.gov.cn:8443", "https://files.x.gov.cn:8443/"),
        ("http://财政局.政务.cn./a", "http://xn--6oq02fz7ay7e.xn--zfr164b.cn/a"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("?id=1&n=甲", "http://www.x.gov.cn/zwgk/2023/index.html?id=1&n=%E7%94%B2"),
    ],
)
def test_one_form(written: str, asked: str) -> None:
    if "xn--6oq02fz7ay7e" in asked:
        asked = "http://" + "财政局.政务.cn".encode("idna").decode() + "/a"
    assert absolute(BASE, written) == asked
    assert absolute(asked, asked) == asked


def test_a_query_is_written_in_the_pages_encoding_and_a_path_is_not() -> None:
    assert absolute(BASE, "/甲?n=决算", "gb18030") == "http://www.x.gov.cn/%E7%94%B2?n=%BE%F6%CB%E3"


@pytest.mark.parametrize(
    "written",
    [
        "ftp://x/a",
        "file:///etc/passwd",
        "http://:80/a",
        "http://u:p@x.cn/",
        "http://x:99999/",
        "tel:1",
        "http://a b/",
    ],
)
def test_what_cannot_be_asked_for_is_said(written: str) -> None:
    with pytest.raises(AddressError):
        absolute(BASE, written)


@given(st.text(max_size=60), st.sampled_from(["utf-8", "gb18030"]))
def test_any_text_is_an_address_in_ascii_or_none(written: str, encoding: str) -> None:
    try:
        asked = absolute(BASE, written, encoding)
    except AddressError:
        return
    assert asked.isascii()
    assert asked.startswith(("http://", "https://"))
    assert not set(asked) & set(" \r\n\t\\#")
    assert absolute(asked, asked) == asked


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("决算.pdf".encode(), "决算.pdf"),
        ("决算.pdf".encode("gbk"), "决算.pdf"),
        (b"..\\..\\evil.pdf", "evil.pdf"),
        (b"/etc/passwd", "passwd"),
        (b"a\x1b[31m\r\n.pdf", "a[31m.pdf"),
        (b"\xff\xfe\xff", "_xff_xfe_xff"),
    ],
)
def test_names_are_read_and_lead_nowhere(raw: bytes, name: str) -> None:
    assert decoded_name(raw) == plain_name(name)


def test_the_name_in_an_address() -> None:
    assert file_name("http://x.cn/a/%BE%F6%CB%E3.pdf?x=1") == "决算.pdf"
    assert file_name("http://x.cn/a/") == ""
