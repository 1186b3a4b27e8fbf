"""Items that the narrative lists as paid: 公用经费149.2万元，主要包括：办公费、印刷费、咨询费。

It gives no amount for each, but says that there is one. Where such lists stand, and in which statement
their rows do, is data (``listings`` in ``catalogue/claims.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.extraction.model import ReadDocument
from pipelines.statements.claim_grammar import Listing, load_grammar
from pipelines.statements.model import DocumentKind, ListedItem
from pipelines.statements.naming import Name, row_key_of
from pipelines.statements.narrative import sentences
from pipelines.statements.other_documents import NAME


def listed_items(document: ReadDocument, kind: DocumentKind | None) -> tuple[ListedItem, ...]:
    """The items in reading order, each name once per sentence; none where the kind is not known."""
    grammar = load_grammar()
    found: list[ListedItem] = []
    for sentence in sentences(document):
        for listing in grammar.listings:
            if listing.document_kind != kind or not re.search(listing.section, sentence.section):
                continue
            for name, start in _names(listing, sentence.text):
                row = row_key_of((Name(0, name),))
                page, _ = sentence.place(start)
                found.append(
                    ListedItem(
                        item_number=len(found) + 1,
                        section=sentence.section,
                        name=name,
                        about=tuple(place.replace(NAME, row) for place in listing.about),
                        sentence=sentence.text,
                        page=page,
                    )
                )
            break
    return tuple(found)


def _names(listing: Listing, text: str) -> Iterator[tuple[str, int]]:
    opening = re.search(listing.says, text)
    if opening is None:
        return
    seen: set[str] = set()
    for match in re.finditer(listing.item, text[opening.end() :]):
        name = re.sub(listing.after, "", match[0])
        if name and name not in seen:
            seen.add(name)
            yield name, opening.end() + match.start()
