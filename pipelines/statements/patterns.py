"""Regular expressions in the data of the field: text that is seen to compile where the data is loaded."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator


def _compiles(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
    return value


#: A field that holds a regular expression; ``pydantic.ValidationError`` names it where it is none.
Regex = Annotated[str, AfterValidator(_compiles)]
