"""What a figure is called, apart from who says it and of which year, and what the text around it is about.

"县政协2023年支出预算", "本单位2023年度支出预算" and "2. 支出预算" call their figures the same; a heading, or
a sentence that says so itself, tells whether "基本支出" is one of the whole expenditure or of a fund's. Which
words are no part of a name, and which tell what a text is about, is data (``calling`` in
``catalogue/called.yaml``).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from pipelines.statements.patterns import Regex


class Scope(BaseModel):
    """What part of a disclosure a text is about, and the words of a heading that tell so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    says: Regex
    #: Words of a sentence that tell the same where no heading does; none: only headings tell.
    words: Regex = ""
    #: Scopes that it belongs to where an upper heading names them: a section's parts are headed more shortly.
    within: tuple[str, ...] = ()


class Topic(NamedTuple):
    """What a sentence without a telling heading is about: what the one before was, in the same section."""

    section: str = ""
    scope: str = ""


class Calling(BaseModel):
    """How running text calls its figures (see the head of ``called.yaml``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scopes: tuple[Scope, ...]
    before: Regex
    speaker: Regex
    after: Regex
    whole: Regex
    compared: Regex

    def topic(self, section: str, sentence: str, before: Topic) -> Topic:
        """What a sentence is about: by its nearest heading that tells, else by its words or those before."""
        told = [scope for heading in section.split(" ") if (scope := self._scope_of(heading))]
        if told:
            upper = [scope.id for scope in told[:-1] if scope.id in told[-1].within]
            return Topic(section, upper[-1] if upper else told[-1].id)
        for scope in self.scopes:
            if scope.words and re.search(scope.words, sentence):
                return Topic(section, scope.id)
        return before if before.section == section else Topic(section)

    def name(self, words: str, *, opens: bool = False) -> str:
        """What the words call a figure; ``opens``: they begin a sentence, perhaps with who says it."""
        name = self._bare(re.sub(self.after, "", words))
        if opens:
            name = re.sub(self.speaker, "", name)
        return re.sub(self.after, "", name)

    def _bare(self, words: str) -> str:
        name = re.sub('["“”]', "", words).strip(",、:")
        if name.count("(") > name.count(")"):
            name = name.removeprefix("(")
        while (bare := re.sub(self.before, "", name)) != name:
            name = bare.lstrip(":")
        return name

    def _scope_of(self, heading: str) -> Scope | None:
        bare = self._bare(heading)
        return next((scope for scope in self.scopes if bare and re.search(scope.says, bare)), None)

    def whole_of_share(self, words: str) -> str | None:
        """What a share is one of, by the words before it: empty where it does not say, None for no share."""
        said = re.search(self.whole, words)
        return self.name(said["whole"]) if said else None
