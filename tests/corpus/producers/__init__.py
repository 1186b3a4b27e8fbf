"""Programs that turn a plan into a PDF: ReportLab, Typst, Chromium's print, LibreOffice Calc.

ReportLab and Typst come with the development dependencies; Chromium and LibreOffice are used where they
are installed (``available``). Each prints the same statements with the tools it has: what differs is how
text, rules and pages come out.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Sequence

from tests.corpus.document import Plan, make
from tests.corpus.producers import calc, chromium, typst_pages

PRODUCERS = ("reportlab", "typst", "chromium", "libreoffice")


def available(producer: str) -> bool:
    """Whether the program is there."""
    if producer == "typst":
        return importlib.util.find_spec("typst") is not None
    programs = {"chromium": chromium.PROGRAMS, "libreoffice": calc.PROGRAMS}.get(producer, ())
    return not programs or any(shutil.which(program) for program in programs)


def print_plans(producer: str, plans: Sequence[Plan]) -> list[bytes]:
    """The PDFs of some plans, in order. Raises RuntimeError where the program does not print them."""
    if producer == "reportlab":
        return [make(plan).pdf for plan in plans]
    if producer == "typst":
        return [typst_pages.print_plan(plan) for plan in plans]
    if producer == "chromium":
        return [chromium.print_plan(plan) for plan in plans]
    return calc.print_plans(plans)
