"""What a document says of itself: department, year, kind, level, region, title.

Read from what is printed: the cover first, then the statements' own lines and titles, then the
headings of the narrative, and the file's name last. A PDF's embedded title is no evidence: it is
often that of an older document. The register, where there is one, wins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from pipelines.extraction.model import ReadDocument
from pipelines.statements.catalogue import Catalogue, load_catalogue
from pipelines.statements.model import DocumentKind, Identification, Level, Note
from pipelines.statements.printed_text import one_line, plain
from pipelines.statements.regions import region_of
from pipelines.statements.titles import department_in, is_title_like, title_scores

_TITLE_LINES = 4


@dataclass(frozen=True)
class _Said:
    """The lines that speak about the document, by where they stand."""

    cover: tuple[str, ...]
    statement_lines: tuple[str, ...]
    titles: tuple[str, ...]
    others: tuple[str, ...]
    file_name: str


def identify(document: ReadDocument, file_name: str) -> Identification:
    """Say what a document is, from the document alone. Unknown parts stay empty."""
    catalogue = load_catalogue()
    said = _listen(document, file_name, catalogue)
    department = _department(said, catalogue)
    region_text = department or " ".join(said.cover)
    place = _first_group(said.cover, catalogue.identification.place_patterns, "place")
    region = region_of(department, catalogue.identification.regions_file)
    place_region = region_of(place, catalogue.identification.regions_file) if place else ""
    if place_region and (not region or place_region.startswith(region.rstrip("0"))):
        region = place_region
    if not region and region_text:
        region = region_of(region_text, catalogue.identification.regions_file)
    is_form = _is_form(said, catalogue)
    return Identification(
        department_name="" if is_form else department,
        fiscal_year=_year(said, catalogue),
        kind=_kind(said, catalogue),
        level="form" if is_form else _level(said, catalogue),
        region_code=region,
        title=_title(said, catalogue),
    )


def reconcile(said: Identification, registered: Identification | None) -> tuple[Identification, list[Note]]:
    """Put the register's word before the document's; each disagreement becomes a note."""
    if registered is None:
        return said, []
    chosen: dict[str, object] = {}
    notes: list[Note] = []
    for field in fields(Identification):
        theirs, ours = getattr(registered, field.name), getattr(said, field.name)
        chosen[field.name] = theirs or ours
        if theirs and ours and field.name != "title" and _comparable(theirs) != _comparable(ours):
            message = f"{field.name}: the register says {theirs}, the document {ours}"
            notes.append(Note("register_disagrees", message, None, str(ours)))
    return Identification(**chosen), notes  # type: ignore[arg-type]


def _comparable(value: object) -> str:
    return re.sub(r"\(本级\)$", "", plain(str(value)))


def _listen(document: ReadDocument, file_name: str, catalogue: Catalogue) -> _Said:
    pages = document.pages[:2]
    cover = [line.text for page in pages for line in page.lines if not line.in_table]
    cover = cover[: catalogue.identification.cover_lines]
    leads = [[line.text for line in table.lead[-_TITLE_LINES:]] for table in document.tables]
    cells = [
        line
        for table in document.tables
        for cell in table.parts[0].cells
        if cell.row < 2
        for line in cell.text.splitlines()
    ]
    lines = [*(line for lead in leads for line in lead), *cells]
    titles = [line for line in lines if is_title_like(line, catalogue)]
    rest = [line.text for page in document.pages for line in page.lines if not line.in_table]
    name = re.sub(r"\.[A-Za-z]{3,4}$", "", file_name.rpartition("/")[2])
    return _Said(tuple(cover), tuple(lines), tuple(titles), tuple(rest), name)


def _cover_texts(said: _Said) -> list[str]:
    """The cover's first lines, three and two of them joined first, for titles are wrapped there."""
    lines = [plain(line) for line in said.cover[:5]]
    pieces = [lines[i : i + n] for n in (3, 2) for i in range(max(0, len(lines) - n + 1))]
    joined = ["".join(piece) for piece in pieces if not any(":" in line for line in piece)]
    return [*joined, *lines]


def _department(said: _Said, catalogue: Catalogue) -> str:
    wording = catalogue.identification
    printed = Counter(
        name for line in said.statement_lines if (name := department_in(line, catalogue)) and len(name) > 3
    )
    named = _named(_cover_texts(said), wording.cover_patterns, catalogue)
    if named:
        return named[0]
    if printed:
        return max(printed, key=lambda name: (printed[name], name))
    contents = _named([plain(line) for line in said.cover], wording.cover_patterns, catalogue)
    if contents:
        return contents[0]
    headings = _named([plain(line) for line in said.others], wording.heading_patterns, catalogue)
    if headings:
        return Counter(headings).most_common(1)[0][0]
    from_name = _named([plain(said.file_name)], wording.cover_patterns, catalogue)
    return from_name[0] if from_name else ""


def _named(lines: Iterable[str], patterns: Sequence[str], catalogue: Catalogue) -> list[str]:
    names: list[str] = []
    places = catalogue.identification.place_patterns
    for line in lines:
        if any(re.search(pattern, line) for pattern in places):
            continue
        for pattern in patterns:
            found = re.search(pattern, line)
            if found and (name := found.groupdict().get("department")):
                name = re.sub(r"^.*?第[一二三四五六]部分", "", name)
                if _is_department(name, catalogue):
                    names.append(name)
                break
    return names


def _is_department(name: str, catalogue: Catalogue) -> bool:
    refused = catalogue.identification.not_departments
    if re.search(catalogue.wording.placeholder_pattern, name) or title_scores(name, catalogue):
        return False
    if region_of(name, catalogue.identification.regions_file) and len(name) <= 4:
        return False
    return name not in refused and not any(name.startswith(word) for word in refused) and len(name) >= 3


def _year(said: _Said, catalogue: Catalogue) -> int | None:
    wording = catalogue.identification
    patterns = (*wording.cover_patterns, *wording.place_patterns, *wording.year_patterns)
    cover = _first_group(_cover_texts(said), patterns, "year")
    if cover:
        return int(cover)
    printed = Counter(int(year) for title in said.titles for year in re.findall(r"(20\d{2})年", plain(title)))
    if printed:
        return max(printed, key=lambda year: (printed[year], year))
    told = Counter(
        int(found.group("year"))
        for line in said.others
        for pattern in (*wording.heading_patterns, *wording.year_patterns)
        if (found := re.search(pattern, plain(line))) and found.groupdict().get("year")
    )
    if told:
        return max(told, key=lambda year: (told[year], year))
    named = re.search(r"(20\d{2})", said.file_name)
    return int(named.group(1)) if named else None


def _kind(said: _Said, catalogue: Catalogue) -> DocumentKind | None:
    words = catalogue.identification.kind_words
    votes: Counter[DocumentKind] = Counter()
    for title in said.titles:
        for statement_id, score in title_scores(title, catalogue).items():
            if score >= 0.9:
                votes[catalogue.form(statement_id).document_kind] += 1
    for texts in (_cover_texts(said)[:3], None, said.cover, [said.file_name], said.others):
        if texts is None:
            if votes:
                return max(sorted(votes), key=votes.__getitem__)
            continue
        counts = {kind: sum(word in plain(t) for t in texts for word in words[kind]) for kind in words}
        best = sorted(counts, key=lambda kind: -counts[kind])
        if counts[best[0]] > counts[best[-1]]:
            return best[0]
    return None


def _level(said: _Said, catalogue: Catalogue) -> Level | None:
    words = catalogue.identification.level_words
    for texts in (_cover_texts(said), said.cover, said.titles, said.statement_lines, said.others):
        counts: dict[Level, int] = {
            level: sum(word in plain(t) for t in texts for word in listed) for level, listed in words.items()
        }
        if any(counts.values()):
            return max(sorted(counts), key=counts.__getitem__)
    return None


def _is_form(said: _Said, catalogue: Catalogue) -> bool:
    return any(re.search(catalogue.wording.placeholder_pattern, plain(line)) for line in said.cover[:4])


def _title(said: _Said, catalogue: Catalogue) -> str:
    """The document's printed title: the cover's lines up to the one that says what it is."""
    lines = [one_line(line) for line in said.cover[:4]]
    kinds = [word for listed in catalogue.identification.kind_words.values() for word in listed]
    for end, line in enumerate(lines, start=1):
        if any(word in plain(line) for word in kinds) and not is_title_like(line, catalogue):
            return one_line("\n".join(lines[:end]))
        if is_title_like(line, catalogue):
            break
    return ""


def _first_group(lines: Iterable[str], patterns: Sequence[str], group: str) -> str:
    texts = [plain(line) for line in lines]
    for text in texts:
        for pattern in patterns:
            found = re.search(pattern, text)
            if found and found.groupdict().get(group):
                return str(found.group(group))
    return ""
