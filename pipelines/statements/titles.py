"""The title, label and department printed with a table, and which statement forms they speak for.

"支出决算表" ends four other titles, so the longest catalogue title wins, and what is left before
it must not change its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipelines.statements.catalogue import Catalogue, KnownForm
from pipelines.statements.model import DocumentKind
from pipelines.statements.printed_text import one_line, plain
from pipelines.statements.title_meaning import belongs_to_an_owner, meaning_of_title

NEAR_LINES = 12
_LONGEST_TITLE = 60
_LONG_TITLE = 8
SLIP = 0.6
#: A title with words before it that do not change its meaning, and with words that do.
BEFORE, CHANGED = 0.95, 0.3
#: A title that no form has, but that says the same as one of its titles.
SAME_MEANING = 0.8


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
    core = plain(text)
    core = re.sub(wording.title_tail_pattern, "", core) or core
    core = re.sub(wording.year_pattern, "", core)
    for aside in wording.title_asides:
        core = re.sub(aside, "", core)
    labels = "|".join(wording.label_patterns)
    suffixes = "|".join(wording.title_suffixes)
    while True:
        shorter = re.sub(rf"(?:\((?:{labels})\)|(?:{suffixes}))$", "", core)
        if shorter == core or not shorter:
            return re.sub(wording.title_money_behind, r"\2\1", core)
        core = shorter


def without_decoration(rest: str, catalogue: Catalogue) -> str:
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
    if re.search(catalogue.wording.title_parts, core):
        return True
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
        rest = without_decoration(core[: -len(title)], catalogue)
        changed = any(word in rest for word in catalogue.wording.title_qualifiers)
        # 专项支出预算表 is not the whole 支出预算表.
        changed = changed or re.search(catalogue.wording.title_narrowed, rest) is not None
        score = 1.0 if not rest else CHANGED if changed else BEFORE
        scores[form.id] = max(score, scores.get(form.id, 0.0))
    fits = max(scores.values(), default=0.0)
    if fits < BEFORE and (meant := _with_the_same_meaning(core, catalogue, catalogue.title_meanings)):
        return meant
    if fits < 1.0 and core.endswith("表"):
        return _with_a_slip(core, best, catalogue) or scores
    return scores


def in_document_of(title: PrintedTitle, kind: DocumentKind | None, catalogue: Catalogue) -> PrintedTitle:
    """A title as it is meant in a document of a kind.

    Final accounts print 收入总表 and 一般公共预算财政拨款支出表 too: a title that has neither 预算 nor 决算
    names their forms whose titles say the same but for 决算.
    """
    wording = catalogue.wording
    core = title_core(title.text, catalogue)
    if kind != "final_accounts" or re.search(f"{wording.title_settled}|{wording.title_planned}", core):
        return title
    if any(
        catalogue.form(form).document_kind == kind and score >= BEFORE for form, score in title.scores.items()
    ):
        return title
    said = _with_the_same_meaning(core, catalogue, catalogue.settled_titles)
    # Then it is no budget's, however well that would fit.
    return replace(title, scores=dict.fromkeys(said, BEFORE)) if said else title


def _with_the_same_meaning(
    core: str, catalogue: Catalogue, titles: Sequence[tuple[str, KnownForm]]
) -> dict[str, float]:
    """The forms one of whose titles says the same as a printed one (``title_meaning.py``)."""
    aside = re.search(r"\([^()]+\)$", core)
    if aside and not any(word in aside.group() for word in catalogue.wording.title_qualifiers):
        core = core[: aside.start()]  # 支出预算表（到项）
    scores: dict[str, float] = {}
    if not core.endswith("表"):
        return scores
    meaning = meaning_of_title(without_decoration(core, catalogue), catalogue.wording)
    best = 0
    for title, form in titles:
        if len(title) < best:
            break
        if meaning.endswith(title):
            best = len(title)
            if belongs_to_an_owner(meaning[: len(meaning) - len(title)], catalogue.wording):
                scores[form.id] = SAME_MEANING
    return scores


def _with_a_slip(core: str, longer_than: int, catalogue: Catalogue) -> dict[str, float]:
    """The forms of the longest title that a printed one differs from by one character.

    Only long titles count, and no character that tells one statement from another may be the slip:
    预算 is not 决算. Such a title needs header and rows that fit well.
    """
    scores: dict[str, float] = {}
    best = 0
    for title, form in catalogue.titles:
        if len(title) < max(best, longer_than + 1, _LONG_TITLE):
            break
        rest = _rest_before_slip(core, title, catalogue.wording.telling_characters)
        if rest is None:
            continue
        rest = without_decoration(rest, catalogue)
        if any(word in rest for word in catalogue.wording.title_qualifiers):
            continue
        best = len(title)
        scores[form.id] = SLIP
    return scores


def _rest_before_slip(core: str, title: str, telling: str) -> str | None:
    """What stands before a title that a line ends with but for one character; None if it does not."""
    end = 0
    while end < min(len(core), len(title)) and core[-1 - end] == title[-1 - end]:
        end += 1
    if end == len(title):
        return core[: len(core) - end]
    wanted = title[: len(title) - end]
    printed = core[: len(core) - end]
    others = ((wanted[:-1], printed[:-1]), (wanted[:-1], printed), (wanted, printed[:-1]))
    # What is printed instead counts: 收人支出 can only be 收入支出, 预算 may well be meant.
    for (left, before), slip in zip(others, (printed[-1:], wanted[-1:], printed[-1:]), strict=True):
        if before.endswith(left) and not any(character in telling for character in slip):
            return before[: len(before) - len(left)]
    return None


def find_title(lines: Sequence[str], catalogue: Catalogue) -> PrintedTitle:
    """The title nearest to the end of the text before a table.

    A title may be wrapped over two lines. A nearer line that looks like a title and that the
    catalogue does not know ends the search: its table is another.
    """
    start = max(0, len(lines) - NEAR_LINES)
    for index in range(len(lines) - 1, start - 1, -1):
        single = title_scores(lines[index], catalogue)
        is_tail = re.match(catalogue.wording.title_tail_pattern, plain(lines[index])) is not None
        if index > start and not single and not is_tail:
            joined = lines[index - 1] + lines[index]
            if len(plain(lines[index])) <= 12 and (scores := title_scores(joined, catalogue)):
                text = one_line(f"{lines[index - 1]}\n{lines[index]}")
                return PrintedTitle(text, _label_near(lines, index - 1, catalogue), scores, index - 1, True)
        if single:
            before = lines[index - 1] if index > start else ""
            longer = title_scores(before + lines[index], catalogue) if _may_go_on(before, catalogue) else {}
            enough = min(BEFORE, max(single.values()))
            if longer and max(longer.values()) >= enough and set(longer) != set(single):
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
