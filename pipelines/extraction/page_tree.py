"""The pages of a PDF, found one by one, so that what is wrong with one costs no other.

pdfminer's own generator of pages ends with the first entry of the tree that it cannot make sense of
(a child that is no reference, a missing MediaBox, page labels of rubbish), and recurses as deep as the
tree goes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef
from pdfminer.psparser import LIT

from pipelines.extraction.pdf_objects import resolved

#: A cross-reference may say that it has millions of objects; a file of our kind has some thousand.
MOST_OBJECTS = 1_000_000
#: ... and that many of which there is nothing to be read are not there at all.
MOST_MISSING = 10_000

_PAGE, _PAGES = LIT("Page"), LIT("Pages")


class PageSource(PDFPage):
    """A page of the file that keeps to itself what is wrong with it (``failure``)."""

    failure: Exception | None = None

    def __init__(self, document: PDFDocument, number: object, entries: dict[str, Any]) -> None:
        try:
            super().__init__(document, number, entries, None)
        except Exception as error:
            self.failure = error


def page_sources(document: PDFDocument) -> Iterator[PageSource]:
    """The pages in order, one by one, so that a file of a million pages is noticed before it is held.

    Where there is no tree, every page object that the cross-reference knows is one.
    """
    found = False
    for number, entries in _leaves(document):
        found = True
        yield PageSource(document, number, entries)
    tree = resolved(document.catalog.get("Pages"))
    if found or (isinstance(tree, dict) and isinstance(resolved(tree.get("Kids")), list)):
        return
    seen: set[int] = set()
    n_missing = 0
    for xref in document.xrefs:
        for number in itertools.islice(xref.get_objids(), MOST_OBJECTS):
            if number in seen:
                continue
            seen.add(number)
            try:
                found_object: object = document.getobj(number)
            except Exception:  # an object of rubbish is no page
                n_missing += 1
                if n_missing > MOST_MISSING:
                    return
                continue
            if isinstance(found_object, dict) and found_object.get("Type") is _PAGE:
                yield PageSource(document, number, found_object)


def _leaves(document: PDFDocument) -> Iterator[tuple[object, dict[str, Any]]]:
    """The pages of the tree, each with what it inherits; a node met before is passed over."""
    seen: set[int] = set()
    waiting: list[tuple[object, dict[str, Any]]] = [(document.catalog.get("Pages"), {})]
    while waiting:
        node, inherited = waiting.pop()
        number: object = None
        if isinstance(node, PDFObjRef):
            if node.objid in seen:
                continue
            seen.add(node.objid)
            number = node.objid
        entries = resolved(node)
        if not isinstance(entries, dict):
            continue
        entries = {**inherited, **entries}
        kind = entries.get("Type") or entries.get("type")
        kids = resolved(entries.get("Kids"))
        kids = kids if isinstance(kids, list) else []
        if kind is _PAGE or (kind is not _PAGES and not kids and "Contents" in entries):
            yield number, entries
        elif kids:
            handed = {key: entries[key] for key in PDFPage.INHERITABLE_ATTRS if key in entries}
            waiting.extend((kid, handed) for kid in reversed(kids))
