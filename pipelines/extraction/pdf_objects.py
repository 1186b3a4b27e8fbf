"""Values of a PDF's objects, as far as they are what they should be; None where they are not."""

from __future__ import annotations

from typing import Any

from pdfminer.pdfexceptions import PDFObjectNotFound
from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfminer.psparser import PSLiteral
from pdfminer.utils import Matrix


def end_reference_rings() -> None:
    """Make pdfminer give up on references that lead round in a ring: by itself it follows them for ever.

    A file of a kilobyte whose document information is a reference to itself would take all the time there
    is. ``PDFObjRef.resolve`` follows the references to their end here, where pdfminer takes one step.
    """
    PDFObjRef.resolve = _resolve  # type: ignore[method-assign]


def _resolve(self: PDFObjRef, default: object = None) -> Any:
    seen: set[int] = set()
    value: Any = self
    while isinstance(value, PDFObjRef):
        if value.objid in seen or value.doc is None:
            return default
        seen.add(value.objid)
        try:
            value = value.doc.getobj(value.objid)
        except PDFObjectNotFound:
            return default
    return value


def resolved(value: Any) -> Any:
    """What a reference leads to; None where it leads to nothing, to rubbish or round in a ring."""
    if not isinstance(value, PDFObjRef):
        return value
    try:
        return _resolve(value)
    except MemoryError:
        raise
    except Exception:  # the object it leads to cannot be read
        return None


def name_of(value: Any) -> str | None:
    """The text of a name object."""
    if isinstance(value, PSLiteral):
        return value.name if isinstance(value.name, str) else value.name.decode("latin-1")
    return None


def numbers(value: Any, count: int) -> tuple[float, ...] | None:
    """An array of exactly ``count`` numbers."""
    listed = resolved(value)
    if not isinstance(listed, list) or len(listed) != count:
        return None
    found = [resolved(one) for one in listed]
    return tuple(float(one) for one in found) if all(isinstance(one, int | float) for one in found) else None


def matrix_of(form: PDFStream) -> Matrix:
    """The matrix of a form; the one that changes nothing where it has none."""
    found = numbers(form.attrs.get("Matrix"), 6)
    return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0) if found is None else found  # type: ignore[return-value]
