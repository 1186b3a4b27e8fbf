"""The title, label and department printed with a table, and which statement forms they speak for.

"支出决算表" ends four other titles, so the longest catalogue title wins, and what is left before
it must not change its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.statements.catalogue import Catalogue
from pipelines.statements.printed_text import one_line, plain

NEAR_LINES = 12
_LONGEST_TITLE = 60


@dataclass(frozen=True)
class PrintedTitle:
    """A title as printed, its label (表 1, 公开01表), and how well each form's title fits (0 to 1).

    ``line_index`` is the place of the title's first line in the text that was searched.
    """

    text: str = ""
    label: str = ""
    scores: dict[str, float] = field(default_factory=dict)
    line_index: int = -1
    looks_like_title: bool = False


def title_core(text: str, catalogue: Catalogue) -> str:
    """A title without year and without the decoration at its end, in comparable form."""
    wording = catalogue.wording
    core = re.sub(wording.year_pattern, "", plain(text))
    for aside in wording.title_asides:
        core = re.sub(aside, "", core)
    labels = "|".join(wording.label_patterns)
    suffixes = "|".join(wording.title_suffixes)
    while True:
        shorter = re.sub(rf"(?:\((?:{labels})\)|(?:{suffixes}))$", "", core)
        if shorter == core or not shorter:
            return core
        core = shorter


def _without_decoration(rest: str, catalogue: Catalogue) -> str:
    """What stands before a title in its line without label and numbering."""
    labels = "|".join(catalogue.wording.label_patterns)
    prefixes = "|".join(catalogue.wording.title_prefixes)
    while True:
        shorter = re.sub(rf"^(?:\(?(?:{labels})\)?|(?:{prefixes}))", "", rest)
        if shorter == rest:
            return rest
        rest = shorter


def is_title_like(text: str, catalogue: Catalogue) -> bool:
    """Whether a line could be the title of some table (also one the catalogue does not know)."""
    core = title_core(text, catalogue)
    if len(core) > _LONGEST_TITLE or len(core) < 3 or label_in(text, catalogue) == plain(text):
        return False
    return any(core.endswith(plain(end)) for end in catalogue.wording.title_ends)


def title_scores(text: str, catalogue: Catalogue) -> dict[str, float]:
    """How well a printed line names each form: 1 exactly, less with other words before it."""
    core = title_core(text, catalogue)
    if len(core) > _LONGEST_TITLE:
        return {}
    best = 0
    scores: dict[str, float] = {}
    for title, form in catalogue.titles:
        if len(title) < best:
            break
        if not core.endswith(title):
            continue
        best = len(title)
        rest = _without_decoration(core[: -len(title)], catalogue)
        changed = any(word in rest for word in catalogue.wording.title_qualifiers)
        score = 1.0 if not rest else 0.3 if changed else 0.95
        scores[form.id] = max(score, scores.get(form.id, 0.0))
    return scores


def find_title(lines: Sequence[str], catalogue: Catalogue) -> PrintedTitle:
    """The title nearest to the end of the text before a table.

    A title may be wrapped over two lines. A nearer line that looks like a title and that the
    catalogue does not know ends the search: its table is another.
    """
    start = max(0, len(lines) - NEAR_LINES)
    for index in range(len(lines) - 1, start - 1, -1):
        single = title_scores(lines[index], catalogue)
        if index > start and not single:
            joined = lines[index - 1] + lines[index]
            if len(plain(lines[index])) <= 12 and (scores := title_scores(joined, catalogue)):
                text = one_line(f"{lines[index - 1]}\n{lines[index]}")
                return PrintedTitle(text, _label_near(lines, index - 1, catalogue), scores, index - 1, True)
        if single:
            before = lines[index - 1] if index > start else ""
            longer = title_scores(before + lines[index], catalogue) if _may_go_on(before, catalogue) else {}
            if longer and max(map(len, longer)) and set(longer) != set(single):
                text = one_line(f"{before}\n{lines[index]}")
                return PrintedTitle(text, _label_near(lines, index - 1, catalogue), longer, index - 1, True)
            return PrintedTitle(
                one_line(lines[index]), _label_near(lines, index, catalogue), single, index, True
            )
        if is_title_like(lines[index], catalogue):
            return PrintedTitle(one_line(lines[index]), _label_near(lines, index, catalogue), {}, index, True)
    return PrintedTitle()


def _may_go_on(before: str, catalogue: Catalogue) -> bool:
    """Whether a line can be the first half of a title (and not a note, a label, another title)."""
    text = plain(before)
    if not text or len(text) > 40 or text[-1] in "。;:，,)" or is_title_like(before, catalogue):
        return False
    if label_in(before, catalogue):
        return False
    states_unit = any(re.search(pattern, text) for pattern in catalogue.wording.unit_patterns)
    return not states_unit and ":" not in text


def label_in(text: str, catalogue: Catalogue) -> str:
    """The label of a statement (表 2, 公开01表) that a line holds, or an empty string."""
    levelled = plain(text)
    for pattern in catalogue.wording.label_patterns:
        found = re.match(rf"\(?({pattern})\)?(?=$|[:：、]|\D)", levelled)
        if found and (found.end() == len(levelled) or levelled[found.end()] in ":：、)"):
            return found.group(1)
        found = re.search(rf"\(({pattern})\)$", levelled)
        if found:
            return found.group(1)
    return ""


def _label_near(lines: Sequence[str], index: int, catalogue: Catalogue) -> str:
    """The label in the title's own line, else on one of the lines next to it."""
    places = [index, index - 1, index + 1, index - 2, index + 2]
    for place in places:
        if 0 <= place < len(lines) and (label := label_in(lines[place], catalogue)):
            if place != index and is_title_like(lines[place], catalogue) and label != plain(lines[place]):
                continue
            return label
    return ""


def department_in(text: str, catalogue: Catalogue) -> str:
    """The department or unit that a line (编制部门：…, 单位名称：…) names, or an empty string."""
    levelled = plain(text)
    for pattern in catalogue.wording.department_patterns:
        found = re.search(pattern, levelled)
        if found and (name := found.group(1).strip("_.,;:")):
            return name
    return ""
