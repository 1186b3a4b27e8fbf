"""A page's words, links and day, whatever it is written in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.acquisition.content import kind_of
from pipelines.acquisition.pages import Link, PageError, date_in, read_page

AT = "http://x.gov.cn/a/index.html"


def page(body: str, *, encoding: str = "utf-8", meta: str = "", content_type: str = "") -> object:
    return read_page(
        f"<html><head>{meta}</head><body>{body}</body></html>".encode(encoding), AT, content_type
    )


@pytest.mark.parametrize(
    ("encoding", "meta", "content_type"),
    [
        ("utf-8", "", ""),
        ("utf-8", '<meta charset="utf-8">', ""),
        ("utf-8-sig", "", "text/html"),
        ("gbk", "", ""),
        ("gbk", '<meta charset="gb2312">', ""),
        ("gbk", '<meta http-equiv="Content-Type" content="text/html; charset=GBK">', ""),
        ("gbk", "", "text/html; charset=gb2312"),
        ("gbk", '<meta charset="utf-8">', "text/html; charset=utf-8"),
        ("utf-8", '<meta charset="gb2312">', "text/html; charset=utf-8"),
        ("gb18030", '<meta charset="no-such-thing">', ""),
    ],
)
def test_the_encoding_is_found(encoding: str, meta: str, content_type: str) -> None:
    made = page("<p>部门决算公开 镕</p>", encoding=encoding, meta=meta, content_type=content_type)
    assert made.text("p") == "部门决算公开 镕"  # type: ignore[attr-defined]


def test_links_are_those_with_an_address_by_their_longest_name() -> None:
    made = page(
        """<a href="1.pdf" title="关于甲局2023年部门决算的公开">关于甲局2023…</a><a href="#x">x</a><a>y</a>
        <a href="javascript:f()">z</a><iframe src="2.pdf"></iframe><object data="3.pdf"></object>
        <a href="http://x:99999/">bad</a>"""
    )
    found = list(made.links("a, iframe, object"))  # type: ignore[attr-defined]
    assert found[0] == Link("http://x.gov.cn/a/1.pdf", "关于甲局2023年部门决算的公开")
    assert [link.address for link in found if isinstance(link, Link)] == [
        f"http://x.gov.cn/a/{n}.pdf" for n in (1, 2, 3)
    ]
    assert [type(link) for link in found].count(str) == 1


def test_title_and_day_are_those_every_government_page_must_print() -> None:
    made = page(
        '<span class="d">发布时间：2023年10月2日</span>',
        meta='<title>x</title><meta name="ArticleTitle" content="决算">'
        '<meta name="PubDate" content="2023-09-18 09:30">',
    )
    assert made.title() == "决算"  # type: ignore[attr-defined]
    assert made.published_at() == date(2023, 9, 18)  # type: ignore[attr-defined]
    assert made.published_at(".d") == date(2023, 10, 2)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "day"),
    [("2023-9-8", date(2023, 9, 8)), ("2023/09/08 10:00", date(2023, 9, 8)),
     ("2023.02.30 2023.03.01", date(2023, 3, 1)), ("1202309-08", None), ("", None)],
)  # fmt: skip
def test_days(text: str, day: date | None) -> None:
    assert date_in(text) == day


def test_hostile_pages_are_read_or_refused() -> None:
    foreign = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>&e;</p>'
    many = (b"<a" * 100_000, b"<div>" * 100_000, b"&#x110000;" * 1000)
    for content in (b"", b" ", b"<!---->", b"\x00" * 100, *many, foreign):
        try:
            made = read_page(content, AT)
        except PageError as error:
            assert "no web page" in str(error)
        else:
            assert "root:" not in made.text()
            list(made.links("a"))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"), (b"%PDF-1.4", "pdf"), (b"\xef\xbb\xbf junk\n%PDF-1.7", "pdf"),
        (b"Rar!\x1a\x07\x00", "rar"),
        (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b\x08", "gzip"), (b"\xff\xd8\xff\xe0", "image"),
        (b"  \r\n<!-- x --><!DOCTYPE html>", "html"), (b"\xef\xbb\xbf<html>", "html"),
        (b"PK\x03\x04broken", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"), (b"hello", "unknown"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_bytes_are(content: bytes, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "name.pdf"
    path.write_bytes(content)
    assert kind_of(path) == kind
