"""What a title says, without the words that titles have or lack from place to place.

部门收入预算情况表, 单位收入总表 and 收入预算表 are one: 部门, 单位, 情况, 总 tell no statements apart.
A title that no form has as printed is compared by what is left of it.
"""

from __future__ import annotations

import re

from pipelines.statements.schema import Wording


def meaning_of_title(core: str, wording: Wording) -> str:
    """What is left of a title (without year and decoration) after ``title_meanings`` of the wording."""
    for pattern, meant in wording.title_meanings:
        core = re.sub(pattern, meant, core)
    return core


def belongs_to_an_owner(rest: str, wording: Wording) -> bool:
    """Whether the words before a title only name whose it is: nothing, or the name of an organisation."""
    if not rest:
        return True
    if any(word in rest for word in wording.title_qualifiers):
        return False
    return re.search(wording.title_owner, rest) is not None
