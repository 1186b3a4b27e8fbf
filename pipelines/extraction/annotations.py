"""Annotations of a page and its form fields: what they look like is part of what a reader sees.

Clauses are those of ISO 32000-1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream
from pdfminer.utils import Matrix, apply_matrix_pt, mult_matrix

from pipelines.extraction.pdf_objects import matrix_of, name_of, numbers, resolved

#: Annotation flags (12.5.3): hidden, not to be shown on the screen.
_HIDDEN, _NO_VIEW = 2, 32


def annotations_of(source: PDFPage) -> list[dict[str, Any]]:
    """The annotations of a page, form fields among them, as dictionaries."""
    listed = resolved(source.attrs.get("Annots"))
    found = [resolved(one) for one in listed] if isinstance(listed, list) else []
    return [one for one in found if isinstance(one, dict)]


def appearance(annotation: Mapping[str, Any]) -> PDFStream | None:
    """What an annotation looks like where nobody touches it (12.5.5)."""
    looks = resolved(annotation.get("AP"))
    normal = resolved(looks.get("N")) if isinstance(looks, dict) else None
    if isinstance(normal, dict):
        normal = resolved(normal.get(name_of(resolved(annotation.get("AS")))))
    return normal if isinstance(normal, PDFStream) else None


#: The entry that holds the text of an annotation, by its kind (12.5.6.6, 12.7.4.3).
_TEXT_ENTRIES = {"Widget": "V", "FreeText": "Contents"}


def undrawn_values(source: PDFPage) -> list[str]:
    """The text of form fields and notes without an appearance in the file: each reader draws its own."""
    values = []
    for one in annotations_of(source):
        entry = _TEXT_ENTRIES.get(name_of(resolved(one.get("Subtype"))) or "")
        value = resolved(one.get(entry)) if entry else None
        if isinstance(value, bytes) and appearance(one) is None:
            encoding = "utf-16" if value[:2] in (b"\xfe\xff", b"\xff\xfe") else "latin-1"
            values.append(value.decode(encoding, "replace"))
    return values


def appearances(source: PDFPage) -> list[tuple[PDFStream, Matrix, bool, object]]:
    """Of each annotation its appearance, its matrix onto the page, whether it is hidden, and its layer.

    The matrix is that of 12.5.5; the layer is the optional content it belongs to, None where it is none.
    """
    found = []
    for one in annotations_of(source):
        form = appearance(one)
        rect = numbers(one.get("Rect"), 4)
        if form is None or rect is None or name_of(one.get("Subtype")) == "Popup":
            continue
        box, matrix = numbers(form.attrs.get("BBox"), 4), matrix_of(form)
        if box is None:
            continue
        corners = [apply_matrix_pt(matrix, (x, y)) for x in (box[0], box[2]) for y in (box[1], box[3])]
        left, right = min(x for x, _ in corners), max(x for x, _ in corners)
        low, high = min(y for _, y in corners), max(y for _, y in corners)
        x0, x1, y0, y1 = (
            min(rect[0], rect[2]),
            max(rect[0], rect[2]),
            min(rect[1], rect[3]),
            max(rect[1], rect[3]),
        )
        if right <= left or high <= low:
            continue
        wide, tall = (x1 - x0) / (right - left), (y1 - y0) / (high - low)
        fitted = (wide, 0.0, 0.0, tall, x0 - left * wide, y0 - low * tall)
        flags = resolved(one.get("F"))
        is_hidden = isinstance(flags, int) and bool(flags & (_HIDDEN | _NO_VIEW))
        found.append((form, mult_matrix(matrix, fitted), is_hidden, one.get("OC")))
    return found
