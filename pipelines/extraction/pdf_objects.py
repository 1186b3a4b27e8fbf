"""Values of a PDF's objects, as far as they are what they should be; None where they are not."""

from __future__ import annotations

from typing import Any

from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfminer.psparser import PSLiteral
from pdfminer.utils import Matrix


def resolved(value: Any) -> Any:
    """What a reference leads to; None where it leads to nothing or round in a ring."""
    for _ in range(20):
        if not isinstance(value, PDFObjRef):
            return value
        try:
            value = value.resolve()
        except MemoryError:
            raise
        except Exception:
            return None
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
