"""A web page: its text whatever its encoding, its links, its title and day of publication.

What every site of the government must print in the head of an article (``PubDate``, ``ArticleTitle``) is
fixed by 政府网站发展指引 (国办发〔2017〕47号), annex 网页标签规范; what a site does in another way is said in
its entry of the register of sites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import lxml.html
from cssselect import SelectorError
from lxml import etree

from pipelines.acquisition.addresses import AddressError, absolute

# Most Chinese pages that say GB 2312 or GBK use characters of GB 18030, which holds both.
_GB = {"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "hz-gb-2312", "euc-cn", "cp936"}
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.I)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]{2,20})", re.I)
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})(?!\d)")
# Attributes in which elements name another address, in the order in which they are believed.
_REFERENCES = ("href", "src", "data", "data-href", "data-url")


class PageError(ValueError):
    """A page that cannot be understood, or a selector that is none; the message says which."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address a page names, in its one form, with the words by which it names it."""

    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was read. ``address`` is where it lies (relative links start there)."""

    address: str
    encoding: str
    root: lxml.html.HtmlElement = field(repr=False)

    def links(self, selector: str) -> Iterable[Link | str]:
        """The links of the elements a CSS selector names, in order; in words what is no address."""
        for element in self._select(selector):
            reference = next((value for name in _REFERENCES if (value := element.get(name))), None)
            if reference is None or reference.strip().lower().startswith(("javascript:", "mailto:", "#")):
                continue
            try:
                yield Link(absolute(self._base(), reference, self.encoding), _words(element))
            except AddressError as error:
                yield str(error)

    def text(self, selector: str = "") -> str:
        """The words of the first element a selector names, or of the whole page."""
        if not selector:
            return " ".join(self.root.text_content().split())
        first = next(iter(self._select(selector)), None)
        return " ".join(first.text_content().split()) if first is not None else ""

    def title(self) -> str:
        """The article's title as its head prints it, else the page's."""
        return self._meta("ArticleTitle") or self.text("title")

    def published_at(self, selector: str = "") -> date | None:
        """The day the article was published, as its head prints it, or where ``selector`` says."""
        return date_in(self.text(selector) if selector else self._meta("PubDate"))

    def _meta(self, name: str) -> str:
        for element in self.root.iter("meta"):
            if (element.get("name") or "").strip().lower() == name.lower():
                return " ".join((element.get("content") or "").split())
        return ""

    def _base(self) -> str:
        for element in self.root.iter("base"):
            if element.get("href"):
                try:
                    return absolute(self.address, element.get("href"), self.encoding)
                except AddressError:
                    break
        return self.address

    def _select(self, selector: str) -> list[lxml.html.HtmlElement]:
        try:
            return list(self.root.cssselect(selector))
        except SelectorError as error:
            raise PageError(f"{selector!r} is no CSS selector: {error}") from None


def read_page(content: bytes, address: str, content_type: str = "") -> Page:
    """Read a page from its bytes.

    Its encoding is the one the server says, else the one the page says, else UTF-8 if it is that, else
    GB 18030. Raises ``PageError`` where there is no element in it.
    """
    encoding = _encoding(content, content_type)
    text = content.decode(encoding, "replace").replace("\x00", "")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.removeprefix("\ufeff"))
    try:
        root = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise PageError(f"no web page: {error}") from None
    return Page(address, encoding, root)


def date_in(text: str) -> date | None:
    """The first day named in a text, as 2023-09-18, 2023年9月18日, 2023/9/18 or 2023.9.18."""
    for match in _DATE.finditer(text):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            continue
    return None


def _encoding(content: bytes, content_type: str) -> str:
    header = _HEADER_CHARSET.search(content_type)
    meta = _CHARSET.search(content[:4096])
    said = [header[1]] if header else []
    said += [meta[1].decode("ascii", "replace")] if meta else []
    for name in (*said, "utf-8"):
        encoding = "gb18030" if name.lower() in _GB else name.lower()
        try:
            content.decode(encoding)
        except LookupError:
            continue  # an encoding nobody knows
        except UnicodeDecodeError as error:
            # A page cut off or with one bad character is still what it says it is.
            if said and error.start > 0.9 * len(content):
                return encoding
            continue
        return encoding
    return "gb18030"


def _words(element: lxml.html.HtmlElement) -> str:
    """By what an element names its link: the longer of its words and its title; both may be cut short."""
    text = " ".join(element.text_content().split())
    named = [" ".join((element.get(name) or "").split()) for name in ("title", "download")]
    shown = text.rstrip(".… ")
    for name in named:
        if len(name) > len(text) and (not shown or name.startswith(shown[:8])):
            return name
    return text or next((name for name in named if name), "")
