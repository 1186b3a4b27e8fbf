"""A dozen sites, well kept and otherwise: everything meant is there once, nothing else, all of it told."""

from __future__ import annotations

import gzip
import hashlib
import io
import itertools
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.acquisition.acquire import Acquired, acquire
from pipelines.acquisition.hosts import Network
from pipelines.acquisition.inventory import take_inventory
from pipelines.acquisition.journal import Entry, read_journal
from pipelines.acquisition.sources import Conduct, Site, Sources
from pipelines.acquisition.transfer import Transport
from tests.acquisition.server import (
    PRIVATE,
    SLOW,
    Governments,
    Response,
    cut_off,
    endless,
    file,
    governments,
    html,
    pdf,
    redirect,
)

RAR = b"Rar!\x1a\x07\x01\x00" + b"rar" * 9
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
XLS = OLE + b"\x00" * 600 + "Workbook".encode("utf-16-le")
DOC = OLE + b"\x00" * 600 + "WordDocument".encode("utf-16-le")
LIMITS = {"file_mb": 1.0, "page_mb": 0.25}


@pytest.fixture
def web() -> Iterator[Governments]:
    with governments() as server:
        yield server


class OldName(zipfile.ZipInfo):
    """A member named in GBK, as Chinese systems long wrote them, without saying so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


def zipped(*members: tuple[str, bytes], kind: type[zipfile.ZipInfo] = zipfile.ZipInfo) -> bytes:
    """A ZIP of these files, packed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members:
            info = kind(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return stream.getvalue()


def encrypted(content: bytes) -> bytes:
    """The same ZIP with its files marked as encrypted."""
    made = bytearray(content)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(magic)
        made[at + offset] |= 1
    return bytes(made)


def site(web: Governments, name: str, host: str, *lists: dict[str, Any], **more: Any) -> Site:
    entry = {
        "id": name,
        "name": name,
        "region_code": "420100",
        "lists": [{"address": web.address(host, "/index.html"), **rule} for rule in lists or ({},)],
        **more,
    }
    entry["limits"] = {**LIMITS, **more.get("limits", {})}
    return Site.model_validate(entry)


def run(web: Governments, raw: Path, *sites: Site, networks: tuple[str, ...] = ("127.0.0.1/32",)) -> Acquired:
    conduct = Conduct(user_agent="juesuan/test", allowed_networks=networks)
    allowed: tuple[Network, ...] = conduct.networks()
    transport = Transport(
        user_agent=conduct.user_agent, resolver=web.resolve, allowed=allowed, timer=web.timer
    )
    return acquire(raw, Sources(sites=sites, conduct=conduct), sites, clock=web.clock, transport=transport)


def entries(raw: Path, done: Acquired) -> list[Entry]:
    folder = raw / "acquired" / "journal"
    return [entry for path in sorted(folder.glob(f"*/{done.run}.jsonl")) for entry in read_journal(path)]


def told(raw: Path, done: Acquired, path: str) -> Entry:
    """The one entry of the journal for the address that ends so."""
    (entry,) = [entry for entry in entries(raw, done) if entry.address.endswith(path)]
    return entry


def stored(raw: Path) -> list[bytes]:
    """The files taken, without the pages they were found on."""
    files = (raw / "acquired" / "files").rglob("*.*")
    return sorted(path.read_bytes() for path in files if path.suffix not in {".html", ".txt"})


def check_store(raw: Path) -> None:
    """Every file lies under its own hash; nothing is left over."""
    for path in (raw / "acquired" / "files").rglob("*.*"):
        assert path.stem == hashlib.sha256(path.read_bytes()).hexdigest()
        assert path.parent.name == path.stem[:2]


ARTICLES = {"articles": {"selector": "ul a"}}


def paged_list(web: Governments) -> tuple[Site, list[bytes]]:
    """Next links, relative addresses, articles with attachments, names in Chinese, a mailto, a script."""
    host = "czj.test"
    web.put(host, "/zwgk/index.html", html(
        """<ul><li><a href="./2023/a.html">甲局2023年度部门决算</a></li>
        <a href="mailto:a@b.c">x</a><a href="javascript:void(0)">y</a>
        <li><a href="2023\\b.html">乙局2023年度部门决算</a></li><li><a href="c.html">新闻</a></li></ul>
        <a class="next" href="index_2.html">下一页</a>"""
    ))  # fmt: skip
    web.put(host, "/zwgk/index_2.html", html(
        """<ul><li><a href="/zwgk/2022/d.html#top">丙局2022年部门预算</a></li></ul>
        <a class="next" href="index_2.html">下一页</a>"""
    ))  # fmt: skip
    published = '<meta name="PubDate" content="2024-09-18 10:00"><meta name="ArticleTitle" content="公开">'
    web.put(host, "/zwgk/2023/a.html", html('<a href="../files/甲局 决算.pdf">附件</a>', head=published))
    web.put(host, "/zwgk/2023/b.html", html(
        """<a href="b.docx">说明.docx</a><a href="b.xls">表</a><iframe src="b.pdf"></iframe>""",
        head=published,
    ))  # fmt: skip
    web.put(host, "/zwgk/2022/d.html", html('<base href="/down/"><a href="d.pdf">丙局</a>'))
    docx = zipped(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>"))
    files = {
        "/zwgk/files/%E7%94%B2%E5%B1%80%20%E5%86%B3%E7%AE%97.pdf": pdf("a"),
        "/zwgk/2023/b.docx": docx,
        "/zwgk/2023/b.xls": XLS,
        "/zwgk/2023/b.pdf": pdf("b"),
        "/down/d.pdf": pdf("d"),
    }
    for path, content in files.items():
        web.put(host, path, file(content))
    made = site(web, "paged", host, {
        "address": web.address(host, "/zwgk/index.html"),
        "pages": {"next": "a.next"},
        "articles": {"selector": "ul a", "text": "决算|预算"},
        "files": {"selector": "a, iframe", "address": r"\.(pdf|docx?|xlsx?)$"},
        "title": {
            "fiscal_year": r"(20\d\d)年", "department": r"^(.+?)20\d\d年",
            "budget": "预算", "final_accounts": "决算",
        },
    })  # fmt: skip
    return made, list(files.values())


def numbered_list(web: Governments) -> tuple[Site, list[bytes]]:
    """Pages by number, counted in a script; and a list that ends where its next page is not there."""
    host = "numbered.test"
    script = "<script>createPageHTML(3, 0, 'index', 'html');</script>"
    for number, name in enumerate(("index", "index_1", "index_2", "index_3")):
        web.put(host, f"/{name}.html", html(f'<a href="{number}.pdf">{number}</a>{script}'))
        web.put(host, f"/{number}.pdf", file(pdf(f"numbered {number}")))
    for number, name in enumerate(("list", "list_1")):
        web.put(host, f"/other/{name}.html", html(f'<a href="{number}.pdf">{number}</a>'))
        web.put(host, f"/other/{number}.pdf", file(pdf(f"other {number}")))
    made = site(
        web, "numbered", host,
        {"pages": {"numbered": "index_{n}.html", "count": r"createPageHTML\((\d+)"}},
        {"address": web.address(host, "/other/list.html"), "pages": {"numbered": "list_{n}.html"}},
    )  # fmt: skip
    return made, [pdf(f"numbered {n}") for n in range(3)] + [pdf(f"other {n}") for n in range(2)]


def gbk_pages(web: Governments) -> tuple[Site, list[bytes]]:
    """GBK that a page does not name, or calls GB 2312; a query in GBK; a name in a header in GBK."""
    host = "gbk.test"
    listed = '<ul><a href="a.html">部门决算公开——測試</a></ul>'
    web.put(host, "/index.html", html(listed, encoding="gb18030", said=False))
    article = html('<a href="/down?name=决算&id=1">下载決算</a>', encoding="gbk").body.replace(
        b"gbk", b"gb2312"
    )
    web.put(host, "/a.html", Response(article))
    name = 'attachment; filename="决算.pdf"'.encode("gbk").decode("latin-1")
    web.put(host, "/down?name=%BE%F6%CB%E3&id=1", file(pdf("gbk"), Content_Disposition=name))
    rule = {
        "articles": {"selector": "ul a", "text": "测试|測試"},
        "files": {"address": "/down", "text": "下载"},
    }
    return site(web, "gbk", host, rule), [pdf("gbk")]


def redirects(web: Governments) -> tuple[Site, list[bytes]]:
    """To a file, to another host of the site; and to where nothing must be asked."""
    host, files = "redirects.test", "files.redirects.test"
    web.name("inside.test", PRIVATE)
    web.put(host, "/good.pdf", redirect("/down/%E5%A5%BD.pdf"))
    web.put(host, "/down/%E5%A5%BD.pdf", file(pdf("good")))
    web.put(host, "/moved.pdf", redirect(web.address(files, "/moved.pdf"), 301))
    web.put(files, "/moved.pdf", file(pdf("moved")))
    web.put(host, "/loopback.pdf", redirect(f"http://127.0.0.1:{web.port}/secret.pdf"))
    web.put(host, "/private.pdf", redirect("http://inside.test/secret.pdf"))
    web.put(host, "/elsewhere.pdf", redirect("http://elsewhere.test/x.pdf"))
    web.put(host, "/file.pdf", redirect("file:///etc/passwd"))
    web.put(host, "/ring.pdf", redirect("/ring.pdf"))
    for number in range(9):
        web.put(host, f"/far{number}.pdf", redirect(f"/far{number + 1}.pdf"))
    names = ("good", "moved", "loopback", "private", "elsewhere", "file", "ring", "far0")
    web.put(host, "/index.html", html("".join(f'<a href="{name}.pdf">{name}</a>' for name in names)))
    return site(web, "redirects", host, hosts=[files, "inside.test"]), [pdf("good"), pdf("moved")]


def slow_and_endless(web: Governments) -> tuple[Site, list[bytes]]:
    """Bytes one by one, silence, no end, a size that is too large, a page that unpacks to a gigabyte."""
    host = "slow.test"
    web.put(host, "/index.html", html(
        '<ul><a href="bomb.html">b</a></ul><a href="slow.pdf">s</a><a href="silent.pdf">t</a>'
        '<a href="endless.pdf">e</a><a href="large.pdf">l</a><a href="fine.pdf">f</a>'
    ))  # fmt: skip
    web.put(host, "/bomb.html", Response(gzip.compress(b"<html>" + b" " * (50 << 20)), headers={
        "Content-Encoding": "gzip", "Content-Type": "text/html"}))  # fmt: skip
    web.put(
        host, "/slow.pdf", Response(headers={"Content-Length": "900000", "ETag": '"slow"'}, send=web.trickle)
    )
    web.put(
        host,
        "/silent.pdf",
        Response(headers={"Content-Length": "900"}, send=lambda _, over: over.wait(3) and None),
    )
    web.put(host, "/endless.pdf", Response(send=endless))
    web.put(host, "/large.pdf", Response(headers={"Content-Length": str(5 << 30)}, send=endless))
    web.put(host, "/fine.pdf", file(pdf("fine")))
    return site(
        web, "slow", host, ARTICLES, limits={"tries": 1, "whole_seconds": SLOW, "silent_seconds": 1.5}
    ), [pdf("fine")]


def errors(web: Governments) -> tuple[Site, list[bytes]]:
    """403, 404, 410, 429 and 500 that pass, 500 that does not."""
    host = "errors.test"
    for status in (403, 404, 410, 500):
        web.put(host, f"/{status}.pdf", Response(b"<html>sorry</html>", status))
    passing = {"busy": Response(b"", 429, {"Retry-After": "7"}), "broken": Response(b"", 503)}
    for name, answer in passing.items():
        web.put(
            host, f"/{name}.pdf", lambda n, name=name, answer=answer: answer if n < 1 else file(pdf(name))
        )
    names = ("403", "404", "410", "500", "busy", "broken")
    web.put(host, "/index.html", html("".join(f'<a href="{name}.pdf">{name}</a>' for name in names)))
    return site(web, "errors", host), [pdf("busy"), pdf("broken")]


def wrong_types(web: Governments) -> tuple[Site, list[bytes]]:
    """A web page called a PDF, a PDF called a page, a PDF named .doc, an empty file, rubbish."""
    host = "types.test"
    web.put(host, "/page.pdf", file(b"<!DOCTYPE html><html>log in</html>", "application/pdf"))
    web.put(host, "/real.pdf", file(pdf("real"), "text/html; charset=utf-8"))
    web.put(host, "/named.doc", file(pdf("named"), "application/msword"))
    web.put(host, "/word.doc", file(DOC, "application/pdf"))
    web.put(host, "/empty.pdf", file(b"", "application/pdf"))
    web.put(host, "/rubbish.pdf", file(b"\x00\x01\x02rubbish", "application/pdf"))
    names = ("page.pdf", "real.pdf", "named.doc", "word.doc", "empty.pdf", "rubbish.pdf")
    web.put(host, "/index.html", html("".join(f'<a href="{name}">{name}</a>' for name in names)))
    return site(web, "types", host), [pdf("real"), pdf("named"), DOC]


def archives(web: Governments) -> tuple[Site, list[bytes]]:
    """ZIPs with names in GBK and names that climb out, a ZIP in a ZIP, RAR, an encrypted one, bombs."""
    host = "archives.test"
    inner = zipped(("里面/内.pdf", pdf("inner")))
    good = zipped(
        ("甲局/2023决算.pdf", pdf("in zip")), ("../../../../evil.pdf", pdf("evil")), ("/abs.pdf", pdf("abs")),
        ("表.xls", XLS + b"2"), ("说明.txt", b"text"), ("inner.zip", inner), kind=OldName,
    )  # fmt: skip
    bomb = zipped(("a.pdf", b"%PDF-1.7" + b"\x00" * (8 << 20)), ("b.pdf", pdf("after the bomb")))
    many = zipped(*((f"{number}.pdf", pdf(f"many {number}")) for number in range(30)))
    locked = encrypted(zipped(("locked.pdf", pdf("locked"))))
    broken = good[:200]
    packed = {
        "good.zip": good,
        "bomb.zip": bomb,
        "many.zip": many,
        "locked.zip": locked,
        "broken.zip": broken,
    }
    for name, content in {**packed, "old.rar": RAR}.items():
        web.put(host, f"/{name}", file(content))
    web.put(
        host, "/index.html", html("".join(f'<a href="{name}">{name}</a>' for name in [*packed, "old.rar"]))
    )
    made = site(web, "archives", host, {"title": {"fiscal_year": r"(20\d\d)"}},
                limits={"archive_mb": 2.0, "archive_files": 10})  # fmt: skip
    taken = [
        pdf("in zip"),
        pdf("evil"),
        pdf("abs"),
        XLS + b"2",
        pdf("inner"),
        *(pdf(f"many {n}") for n in range(10)),
    ]
    return made, [*packed.values(), RAR, *taken]


def robots(web: Governments) -> tuple[Site, list[bytes]]:
    """A file the host asks not to fetch, a pause it asks for."""
    host = "robots.test"
    web.put(host, "/robots.txt", Response(b"User-agent: *\nDisallow: /private/*.pdf\nCrawl-delay: 9\n"))
    web.put(
        host, "/index.html", html('<a href="private/a.pdf">a</a><a href="b.pdf">b</a><a href="c.pdf">c</a>')
    )
    for name in ("private/a", "b", "c"):
        web.put(host, f"/{name}.pdf", file(pdf(f"robots {name}")))
    return site(web, "robots", host), [pdf("robots b"), pdf("robots c")]


def no_robots(web: Governments) -> tuple[Site, list[bytes]]:
    """A host whose robots.txt cannot be had: nothing may be asked."""
    host = "norobots.test"
    web.put(host, "/robots.txt", Response(b"", 500))
    web.put(host, "/index.html", html('<a href="a.pdf">a</a>'))
    web.put(host, "/a.pdf", file(pdf("not to be asked")))
    return site(web, "norobots", host), []


def straight_files(web: Governments) -> tuple[Site, list[bytes]]:
    """Articles that are files, the same file twice, a broken-off transfer that goes on."""
    host = "straight.test"
    long = pdf("long", 200_000)
    web.put(host, "/index.html", html(
        '<ul><a href="show?id=1">2023决算</a><a href="a.html">页</a></ul>'
    ))  # fmt: skip
    web.put(host, "/show?id=1", file(pdf("straight")))
    web.put(host, "/a.html", html(
        '<a href="one.pdf">1</a><a href="two.pdf">2</a><a href="ONE.pdf?">1</a><a href="long.pdf">3</a>'
        '<a href="http://other.test/x.pdf">elsewhere</a>'
    ))  # fmt: skip
    for name in ("one", "two"):
        web.put(host, f"/{name}.pdf", file(pdf("twice")))
    whole = file(long)
    web.put(host, "/long.pdf", lambda n: Response(
        long, headers={**whole.headers, "Content-Length": str(len(long))}, send=cut_off(long, 150_000)
    ) if n == 0 else Response(long, headers={**whole.headers, "Content-Length": str(len(long))})
    )  # fmt: skip
    return site(web, "straight", host, ARTICLES), [pdf("straight"), pdf("twice"), long]


def not_there(web: Governments) -> tuple[Site, list[bytes]]:
    """A host without an address."""
    web.name("gone.test")
    return site(web, "gone", "gone.test"), []


def left_alone(web: Governments) -> tuple[Site, list[bytes]]:
    """A host that asks to be left alone for a day."""
    host = "busy.test"
    web.put(host, "/index.html", html('<a href="a.pdf">a</a><a href="b.pdf">b</a>'))
    web.put(host, "/a.pdf", Response(b"", 429, {"Retry-After": "86400"}))
    web.put(host, "/b.pdf", file(pdf("b of busy")))
    return site(web, "busy", host), []


def private(web: Governments) -> tuple[Site, list[bytes]]:
    """A site whose name leads into the network of whoever asks."""
    web.name("private.test", PRIVATE)
    return site(web, "private", "private.test"), []


DOZEN = (
    paged_list, numbered_list, gbk_pages, redirects, slow_and_endless, errors, wrong_types, archives, robots,
    no_robots, straight_files, not_there, left_alone, private,
)  # fmt: skip


def test_everything_meant_is_there_once_and_nothing_else(web: Governments, tmp_path: Path) -> None:
    played = [play(web) for play in DOZEN]
    sites = [made for made, _ in played]
    meant = sorted(content for _, contents in played for content in contents)
    done = run(web, tmp_path, *sites)
    assert [report.error for report in done.sites] == [""] * len(sites)
    assert stored(tmp_path) == meant
    check_store(tmp_path)
    assert "127.0.0.1" not in {asked.host for asked in web.asked}
    assert not [asked for asked in web.asked if "secret" in asked.path or asked.host == "other.test"]
    left = {path.name.split(".")[0] for path in (tmp_path / "acquired" / "partial").iterdir()}
    assert len(left) <= 1, "but the beginning of what goes on at the next run"

    # What is there is what the inventory reads, each with its place in the register.
    found = take_inventory(tmp_path)
    assert found.problems == ()
    pdfs = [content for content in meant if content.startswith(b"%PDF")]
    assert len(found.files) == len(pdfs) == done.registered
    assert all(one.registered.obtained_from.startswith("http://") for one in found.files)
    assert all(one.registered.fetched_at and one.registered.region_code == "420100" for one in found.files)

    # A second run: nothing new, and only conditions are asked of what was got.
    got = {entry.address for entry in entries(tmp_path, done) if entry.sha256}
    before = {path: path.read_bytes() for path in (tmp_path / "acquired" / "files").rglob("*.*")}
    register = (tmp_path / "acquired" / "register.csv").read_bytes()
    web.forget()
    web.clock.passes(days=1)
    again = run(web, tmp_path, *sites)
    for asked in web.asked:
        address = web.address(asked.host, asked.path)
        assert asked.is_conditional or address not in got, address
    new = [entry for entry in entries(tmp_path, again) if entry.result in {"taken", "changed", "page"}]
    assert new == []
    after = {path: path.read_bytes() for path in (tmp_path / "acquired" / "files").rglob("*.*")}
    assert after == before
    assert (tmp_path / "acquired" / "register.csv").read_bytes() == register


WORDS = {
    "/2023/b.docx": "a Word document (DOCX): kept, not read yet",
    "/2023/b.xls": "an Excel workbook (XLS): kept, not read yet",
    "/other/list_2.html": "the list ends before it",
    "/down?name=%BE%F6%CB%E3&id=1": "a PDF",
    "/good.pdf": "a PDF; redirected to",
    "/moved.pdf": "a PDF; redirected to http://files.redirects.test",
    "/loopback.pdf": "redirects to http://127.0.0.1",
    "/private.pdf": "inside.test (10.11.12.13) is an address of a private network",
    "/elsewhere.pdf": "elsewhere.test is not among the hosts of site redirects",
    "/file.pdf": "'file:///etc/passwd' is not http or https",
    "/ring.pdf": "in a ring",
    "/far0.pdf": "redirects too often",
    "/bomb.html": "larger than 0.25 MB",
    "/slow.pdf": "not whole after 7 seconds",
    "/silent.pdf": "not a byte for 1.5 seconds",
    "/endless.pdf": "larger than 1 MB",
    "/large.pdf": "larger than 1 MB",
    "/403.pdf": "403 (forbidden)",
    "/404.pdf": "404 (not found)",
    "/410.pdf": "410 (gone for good)",
    "/500.pdf": "500 (internal error)",
    "/busy.pdf": "a PDF; at the 2. try",
    "/broken.pdf": "a PDF; at the 2. try",
    "/page.pdf": "not a document: page.pdf is a web page",
    "/real.pdf": "a PDF; the server calls it text/html",
    "/named.doc": "a PDF; the server calls it application/msword",
    "/word.doc": "a Word document (DOC): kept, not read yet; the server calls it application/pdf",
    "/empty.pdf": "is empty",
    "/rubbish.pdf": "of no known kind",
    "/good.zip": "a ZIP archive: kept, its files are taken out",
    "/good.zip!/甲局/2023决算.pdf": "a PDF, out of an archive",
    "/good.zip!/evil.pdf": "a PDF, out of an archive",
    "/good.zip!/inner.zip/里面/内.pdf": "a PDF, out of an archive",
    "/good.zip!/说明.txt": "not a document: it is of no known kind",
    "/locked.zip!/locked.pdf": "is encrypted",
    "/old.rar": "a RAR archive: kept, not read yet",
    "/private/a.pdf": "robots.txt asks not to fetch it",
    "norobots.test/index.html": "robots.txt could not be had: the server answers 500",
    "/show?id=1": "a PDF",
    "/two.pdf": "a PDF whose bytes are stored already",
    "/long.pdf": "at the 2. try; gone on with where it had been broken off",
    "other.test/x.pdf": "other.test is not among the hosts of site straight",
    "gone.test/index.html": "the name gone.test is not known",
    "busy.test/a.pdf": "429 (too many requests); the host asked to be left alone for 86400 seconds",
    "private.test/index.html": "is an address of a private network: not asked",
}


def test_every_oddity_is_told_in_words(web: Governments, tmp_path: Path) -> None:
    done = run(web, tmp_path, *(play(web)[0] for play in DOZEN))
    said = {
        entry.address.replace(f":{web.port}", "").removeprefix("http://"): entry.said
        for entry in entries(tmp_path, done)
    }
    for path, words in WORDS.items():
        found = [text for address, text in said.items() if address.endswith(path)]
        assert any(words in text for text in found), (path, words, found)
    archive = [
        entry.said for entry in entries(tmp_path, done) if entry.address.endswith(("bomb.zip", "many.zip"))
    ]
    assert (
        "the archive unpacks to more than an archive may hold: kept whole, not taken apart further" in archive
    )
    assert "the archive holds more files than an archive may: kept whole, not taken apart further" in archive
    # Nothing that was asked is missing from the journal, and the terminal hears of every trouble.
    journal = {entry.address for entry in entries(tmp_path, done)}
    hops = {hop for entry in entries(tmp_path, done) for hop in entry.redirects}
    assert {web.address(asked.host, asked.path) for asked in web.asked} <= journal | hops
    assert all(entry.said for report in done.sites for entry in report.troubles)


def test_what_titles_say_is_in_the_register(web: Governments, tmp_path: Path) -> None:
    made, _ = paged_list(web)
    run(web, tmp_path, made)
    said = {
        one.registered.published_name: (
            one.registered.department, one.registered.fiscal_year, one.registered.kind,
            one.registered.published_at,
        )
        for one in take_inventory(tmp_path).files
    }  # fmt: skip
    assert {name: (of[0], of[1], of[2], str(of[3])) for name, of in said.items()} == {
        "甲局 决算.pdf": ("甲局", 2023, "final_accounts", "2024-09-18"),
        "b.pdf": ("乙局", 2023, "final_accounts", "2024-09-18"),
        "d.pdf": ("丙局", 2022, "budget", "None"),
    }


def test_the_name_a_server_gives_in_gbk_is_read(web: Governments, tmp_path: Path) -> None:
    run(web, tmp_path, gbk_pages(web)[0])
    assert [one.registered.published_name for one in take_inventory(tmp_path).files] == ["决算.pdf"]


def test_a_host_is_asked_slowly_and_more_slowly_if_it_wants(web: Governments, tmp_path: Path) -> None:
    run(web, tmp_path, robots(web)[0])
    at = [asked.at for asked in web.asked]
    assert len(at) == 4
    assert [later - before for before, later in itertools.pairwise(at)] == [9.0, 9.0, 9.0]
    web.forget()
    run(web, tmp_path, numbered_list(web)[0])
    at = [asked.at for asked in web.asked]
    assert {later - before for before, later in itertools.pairwise(at)} == {2.0}


def test_waiting_is_as_long_as_the_server_asks(web: Governments, tmp_path: Path) -> None:
    run(web, tmp_path, errors(web)[0])
    of_busy = [asked.at for asked in web.asked if asked.path == "/busy.pdf"]
    assert of_busy[1] - of_busy[0] == 7.0


def test_what_passes_is_tried_again_and_what_does_not_is_not(web: Governments, tmp_path: Path) -> None:
    made, _ = errors(web)
    run(web, tmp_path, made)
    tries = {path: web.of("errors.test").count(path) for path in web.of("errors.test")}
    assert {path: tries[path] for path in ("/403.pdf", "/404.pdf", "/410.pdf", "/500.pdf")} == {
        "/403.pdf": 1, "/404.pdf": 1, "/410.pdf": 1, "/500.pdf": 3,
    }  # fmt: skip
    web.forget()
    web.clock.passes(days=1)
    run(web, tmp_path, made)
    assert not {"/403.pdf", "/404.pdf", "/410.pdf"} & set(web.of("errors.test")), (
        "refused yesterday: it rests"
    )
    web.forget()
    web.clock.passes(days=7)
    web.put("errors.test", "/404.pdf", file(pdf("there at last")))
    run(web, tmp_path, made)
    assert {"/403.pdf", "/404.pdf", "/410.pdf"} <= set(web.of("errors.test"))
    assert pdf("there at last") in stored(tmp_path)


def test_a_slow_file_goes_on_at_the_next_run(web: Governments, tmp_path: Path) -> None:
    made, _ = slow_and_endless(web)
    run(web, tmp_path, made)
    content = b"%PDF-1.7\n" + b"x" * 90_000
    (begun,) = [path for path in (tmp_path / "acquired" / "partial").iterdir() if path.suffix != ".json"]
    held = begun.stat().st_size
    assert 0 < held < len(content)
    begun.write_bytes(content[:held])  # the server trickled x; its file is this one
    web.put("slow.test", "/slow.pdf", Response(content, headers={"ETag": '"slow"'}))
    web.forget()
    run(web, tmp_path, made)
    (asked,) = [asked for asked in web.asked if asked.path == "/slow.pdf"]
    assert asked.headers["range"] == f"bytes={held}-"
    assert asked.headers["if-range"] == '"slow"'
    assert content in stored(tmp_path)
