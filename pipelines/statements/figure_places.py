"""Where a figure that the narrative tells is printed, as the grammar of claims writes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator


def _one_or_several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _three_parts(place: str) -> str:
    if place.count("/") != 2:
        raise ValueError(f"{place!r} is not statement_id/row_key/column_id")
    return place


#: ``statement_id/row_key/column_id``.
FigurePlace = Annotated[str, AfterValidator(_three_parts)]
#: One of them, or a list in the order of preference.
FigurePlaces = Annotated[tuple[FigurePlace, ...], BeforeValidator(_one_or_several)]
