"""A page of the site as a test reads it: its elements, without a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urldefrag

VOID = {"meta", "link", "input", "br", "img", "hr"}


@dataclass(slots=True, eq=False, repr=False)
class Element:
    """An element with its attributes and ancestors. Its text is a span of the page's pieces of text."""

    tag: str
    attributes: dict[str, str]
    within: tuple[Element, ...]
    pieces: list[str]
    first: int
    last: int = 0

    @property
    def text(self) -> str:
        return "".join(self.pieces[self.first : self.last])

    def __repr__(self) -> str:
        return f"<{self.tag} {self.attributes}>"

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")


@dataclass(slots=True, eq=False, repr=False)
class Page:
    """All elements of a page in their order, and its text in pieces."""

    elements: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    @property
    def ids(self) -> list[str]:
        return [element.get("id") for element in self.elements if element.get("id")]

    @property
    def text(self) -> str:
        return next(element.text for element in self.elements if element.tag == "html")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = self._begin(tag, attrs)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open and self.open[-1].tag == tag, f"</{tag}> does not close {self.open[-1:]}"
        self.open.pop().last = len(self.page.pieces)

    def handle_data(self, data: str) -> None:
        self.page.pieces.append(data)

    def _begin(self, tag: str, attrs: list[tuple[str, str | None]]) -> Element:
        pieces = self.page.pieces
        given = {name: value or "" for name, value in attrs}
        element = Element(tag, given, tuple(self.open), pieces, len(pieces), len(pieces))
        self.page.elements.append(element)
        return element


def read_page(path: Path) -> Page:
    """Read a page; fails where its elements do not close in order."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    assert not reader.open, f"{path}: not closed: {[element.tag for element in reader.open]}"
    return reader.page


def resolved(page: str, address: str) -> tuple[str, str]:
    """The file an address on a page leads to, and the place in it; what is asked of a script is left out."""
    target, place = urldefrag(address)
    target = target.partition("?")[0]
    if not target:
        return page, unquote(place)
    parts: list[str] = list(PurePosixPath(page).parent.parts)
    for part in PurePosixPath(unquote(target)).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts), unquote(place)


def within(element: Element, tag: str) -> Element | None:
    """The nearest element of a kind that an element stands in."""
    return next((one for one in reversed(element.within) if one.tag == tag), None)
