"""Parts that a text names after their whole: "支出合计100万元，其中：基本支出60万元".

A part is printed where its whole is: in another column of its row, or in a row of its column. So what
"基本支出" means follows from the figure it is a part of, and not from the heading. Which words are which
column or row is data (``part_places`` in ``catalogue/called.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from pipelines.statements.model import DocumentKind
from pipelines.statements.naming import Name, row_key_of
from pipelines.statements.other_documents import NAME
from pipelines.statements.patterns import Regex


class Whole(NamedTuple):
    """A figure that parts may follow: its kind, its places, and the number of its claim."""

    kind: str = ""
    about: tuple[str, ...] = ()
    claim_number: int | None = None


class PartPlace(BaseModel):
    """Where a part is printed: ``of`` fits the whole's place, ``about`` is made of it, ``called`` its name.

    ``later``: it is a part of the whole that the section told before, also where no word says so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: Regex
    called: Regex
    about: tuple[str, ...]
    later: bool = False


class Parts(BaseModel):
    """What tells that a figure is a part of the one before, and of which kinds that has to be.

    ``alone``: statements whose figures have parts that are rows of no other statement, whatever they are
    called (机关运行经费5万元，其中：其他支出1万元 is not the class of that name).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    document_kind: DocumentKind
    says: Regex
    of: tuple[str, ...]
    alone: frozenset[str] = frozenset()

    def may_be_row(self, whole: Whole, places: Sequence[str]) -> bool:
        """Whether a part of a figure may be what these places hold."""
        own = {place.split("/")[0] for place in whole.about} & self.alone
        return not own or any(place.split("/")[0] in own for place in places)


def places_of_part(
    rules: Sequence[PartPlace], whole: Sequence[str], name: str, path: tuple[Name, ...]
) -> tuple[str, ...]:
    """The places of a part with this name, or path of names, of a figure with these places."""
    found: list[str] = []
    for place in whole:
        for rule in rules:
            at = re.fullmatch(rule.of, place)
            if at is None or re.fullmatch(rule.called, name) is None:
                continue
            for about in rule.about:
                if NAME not in about:
                    found.append(at.expand(about))
                elif path:
                    found.append(at.expand(about).replace(NAME, row_key_of(path)))
            break
    return tuple(dict.fromkeys(found))
