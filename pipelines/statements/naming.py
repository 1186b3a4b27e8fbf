"""Codes that running text calls by name: 教育支出（类）普通教育（款）小学教育（项）.

The narrative prints no codes. What it names is looked up in the statement that is meant, by name and
by the names of what stands above it; here a name only becomes a path of names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from pipelines.statements.patterns import Regex

# A row key that is a path of names begins with this; its parts are divided by that.
NAMED, BELOW = "@", ">"


class Name(NamedTuple):
    """One name of a path. ``digits``: of how many digits its code is, 0 where the text does not say."""

    digits: int
    text: str


class Names(BaseModel):
    """How running text names codes (``names`` of ``claims.yaml``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    before: Regex
    after: Regex
    tag: Regex
    code: Regex
    levels: Mapping[str, int]
    joined: Regex

    def path(self, words: str, section: str) -> tuple[Name, ...]:
        """The names in ``words``, the upper first; under the class that the section's heading names.

        Levels are those that the text says, （类）（款）（项）, or follow from their order in 类-款-项;
        words that say none are one name of any level. Empty for words that are no name.
        """
        # What divides places and paths cannot be part of a name.
        if set(words + section) & {NAMED, BELOW, "/"}:
            return ()
        name = self._bare(words)
        # "2010301行政运行": the code itself is printed.
        code = re.match(self.code, name)
        if code and len(code[0]) in self.levels.values():
            return (Name(len(code[0]), code[0]),)
        path = self._tagged(name) or self._joined(name)
        if not path:
            return (Name(0, name),) if name and not re.search(r"[\"“”()\d]", name) else ()
        above = self._tagged(self._bare(section.rpartition(" ")[2]))
        return (*above, *path) if above and above[-1].digits < path[0].digits else path

    def _bare(self, words: str) -> str:
        bare = re.sub(self.after, "", re.sub(self.before, "", words))
        return re.sub(self.tag, r"(\1)", bare)

    def _tagged(self, text: str) -> tuple[Name, ...]:
        parts = re.split(rf"\(({'|'.join(self.levels)})\)", text)
        if len(parts) < 3 or parts[-1]:
            return ()
        # "社会保障和就业(类)支出行政事业单位养老(款)支出"
        names = [parts[0], *(re.sub("^(?:支出)?[-—、]*", "", part) for part in parts[2:-1:2])]
        if not all(names):
            return ()
        return tuple(Name(self.levels[tag], name) for name, tag in zip(names, parts[1::2], strict=True))

    def _joined(self, text: str) -> tuple[Name, ...]:
        parts = re.split(self.joined, text)
        if not 1 < len(parts) <= len(self.levels) or not all(parts):
            return ()
        return tuple(Name(digits, name) for digits, name in zip(self.levels.values(), parts, strict=False))


def row_key_of(path: tuple[Name, ...]) -> str:
    """A path as the row key of a place: ``@3:教育支出>5:普通教育``; a code that the text prints as it is."""
    if len(path) == 1 and path[0].text.isdigit():
        return path[0].text
    return NAMED + BELOW.join(f"{name.digits}:{name.text}" for name in path)
