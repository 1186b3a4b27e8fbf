"""A letter to a department as DOCX (询问函): the same words as the page that is printed.

``word/document.xml`` is stored as it is, and each question stands in a content control tagged with its
finding: so the page can leave questions out without knowing more of the format (``static/letter.js``).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from functools import cache

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from pipelines.oversight.figures import signed_wan
from pipelines.oversight.views import Row
from pipelines.oversight.wording import Wording, wording

#: The part of the package that holds the text.
BODY = "word/document.xml"
# What XML 1.0 has no form for, lone surrogates among it.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = re.compile("[\t\n\r]")
# The same letter gives the same bytes: ZIP cannot say less than this day.
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_FONT = "SimSun"


def letter_document(department: Row, findings: Sequence[Row], state: Row, t: Wording) -> bytes:
    """The letter with a question for each finding; ``state`` has the date of the data."""
    document, package = _blank(t.lang)
    body = document.element.body
    for element in body[:-1]:  # the last says what paper it is set on
        body.remove(element)
    _line(document, t("letter.title"), style="Title")
    _line(document, t("letter.to", name=department["department_name"]))
    if department["is_synthetic"]:
        _line(document, f"{t('specimen.mark')} {t('specimen.one')}")
    _line(document, t("letter.opening"))
    for number, row in enumerate(findings, start=1):
        question = _line(document, f"{number}. {t.either(row, 'question')}")
        where = _line(document, _where(row, t))
        for run in where.runs:
            run.font.size = Pt(9)
        _held(row["finding_id"], (question, where))
    _line(document, t("letter.closing"))
    _line(document, f"{t('letter.sender')} ____________________")
    _line(document, f"{t('letter.date')} ____________________")
    _line(document, t("letter.origin", date=state["data_date"] or t("footer.no_date")))
    packed = io.BytesIO(package)
    with zipfile.ZipFile(packed, "a") as whole:
        whole.writestr(zipfile.ZipInfo(BODY, _NO_DATE), document.part.blob)
    return packed.getvalue()


@cache
def _blank(lang: str) -> tuple[Document, bytes]:
    """An empty letter of a language, and its package without the text: what letters have in common."""
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(11)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    document.core_properties.title = wording(lang)("letter.title")
    document.core_properties.author = ""
    saved, packed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            if name != BODY:
                entry = zipfile.ZipInfo(name, _NO_DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(entry, old.read(name))
    return document, packed.getvalue()


def plain(text: str) -> str:
    """Text that XML can hold: control characters, which no printed name has, are left out."""
    return _NOT_XML.sub("", text)


def _line(document: Document, text: str, *, style: str | None = None) -> Paragraph:
    said = plain(text)
    if _BREAKS.search(said):
        return document.add_paragraph(said, style=style)
    # Without breaks python-docx need not look at the text sign by sign, which is most of a letter's time.
    line = document.add_paragraph(style=style)
    if said:
        line.add_run()._r.add_t(said)
    return line


def _where(row: Row, t: Wording) -> str:
    said = [f"{t('letter.where')} {row['published_name'] or ''}"]
    if row["page"]:
        said.append(t("page_number", page=row["page"]))
    if row["statement_name_zh"]:
        said.append(t.either(row, "statement_name"))
    if row["difference_yuan"] is not None:
        difference = signed_wan(row["difference_yuan"])
        said.append(f"{t('finding.difference')} {difference.text} {t('unit.wan_short')}")
    return ", ".join(said)


def _held(finding_id: str, paragraphs: Sequence[Paragraph]) -> None:
    """Put paragraphs into a content control whose tag is the finding."""
    control, properties = OxmlElement("w:sdt"), OxmlElement("w:sdtPr")
    tag, content = OxmlElement("w:tag"), OxmlElement("w:sdtContent")
    tag.set(qn("w:val"), finding_id)
    properties.append(tag)
    paragraphs[0]._p.addprevious(control)
    control.append(properties)
    control.append(content)
    for paragraph in paragraphs:
        content.append(paragraph._p)
