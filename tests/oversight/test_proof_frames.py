"""The frame of a proof, in Chromium: on the cell, and on the digits that are printed there.

Three witnesses that know nothing of each other: the cell as our reader found it, the text as pdf.js places
it on its own drawing of the page, and, of generated documents, where the generator put the figure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page

from pipelines.settings import Settings
from pipelines.warehouse.build import build
from tests.built_raw import GROUP
from tests.corpus.document import make
from tests.corpus.panel import department_documents, departments
from tests.corpus.raw import Registered, register_row, register_text
from tests.corpus.variation import Variation
from tests.oversight.browsing import Watched, served
from tests.oversight.conftest import CORPUS, BuiltSite, made
from tests.warehouse.models_only import models_only

#: Points that the frame may be off the cell.
NEAR = 2.0

# The frame in parts of the page as pdf.js drew it, which has its own idea of the page's size and turn.
FRAMED = """() => {
    const paper = document.getElementById('page').getBoundingClientRect();
    const frame = document.querySelector('#page .marked').getBoundingClientRect();
    return [(frame.left - paper.left) / paper.width, (frame.top - paper.top) / paper.height,
            (frame.right - paper.left) / paper.width, (frame.bottom - paper.top) / paper.height];
}"""
# The characters of the page with the middle of each, in parts of the page. The characters of a run share its
# length by their share of an em: a full-width one has two, another one.
PRINTED = r"""async ([address, number]) => {
    window.pdfjsOfTest ??= await import(new URL('../../assets/pdfjs/pdf.min.js', location.href));
    window.papers ??= {};
    const assets = new URL('../../assets/pdfjs/', location.href).href;
    window.papers[address] ??= window.pdfjsOfTest.getDocument(
        {url: address, cMapUrl: assets + 'cmaps/', cMapPacked: true,
         standardFontDataUrl: assets + 'standard_fonts/'}).promise;
    const page = await (await window.papers[address]).getPage(number);
    const viewport = page.getViewport({scale: 1});
    const found = [];
    for (const run of (await page.getTextContent({disableNormalization: true})).items) {
        const all = [...run.str];
        const wide = (one) => one.codePointAt(0) > 0x2e7f ? 2 : 1;
        const whole = all.reduce((sum, one) => sum + wide(one), 0);
        const at = window.pdfjsOfTest.Util.transform(viewport.transform, run.transform);
        const size = Math.hypot(at[0], at[1]);
        let passed = 0;
        for (const one of all) {
            const along = run.width * (passed + wide(one) / 2) / whole;
            passed += wide(one);
            if (!one.trim()) continue;
            const x = at[4] + at[0] / size * along + at[2] * 0.35;
            const y = at[5] + at[1] / size * along + at[3] * 0.35;
            found.push([one, x / viewport.width, y / viewport.height]);
        }
    }
    return found;
}"""


Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a document: where its cell is, what is printed there, whether its page is turned."""

    cell: str
    document: str
    page: int
    box: Box
    width: float
    height: float
    printed: str


def figures_of(site: BuiltSite, where: str, most: int, each: int) -> list[Figure]:
    """At most ``most`` figures read from text, ``each`` of a document, drawn by a hash."""
    with site.warehouse() as warehouse:
        rows = warehouse.execute(
            "select c.cell_id, c.document_id, c.page, c.x0, c.top, c.x1, c.bottom, c.page_width, "
            "c.page_height, c.printed_text "
            "from fct_cells as c semi join intermediate.int_line_items as i on c.cell_id = i.cell_id "
            "inner join dim_document as d on c.document_id = d.document_id "
            f"where c.read_by = 'text' and d.document_status = 'current' and {where} "
            "qualify row_number() over (partition by c.document_id order by md5(c.cell_id)) <= $each "
            "order by c.document_id, md5(c.cell_id) limit $most",
            {"each": each, "most": most},
        ).fetchall()
    return [Figure(r[0], r[1], r[2], (r[3], r[4], r[5], r[6]), *r[7:]) for r in rows]


def framed(page: Page, figure: Figure) -> Box:
    """The frame of a figure in points of its page, as a visitor gets it who follows its address."""
    page.wait_for_selector(f"#page[data-drawn='{figure.page}'] .marked", timeout=30_000)
    left, top, right, bottom = page.evaluate(FRAMED)
    return (
        left * figure.width,
        top * figure.height,
        right * figure.width,
        bottom * figure.height,
    )


def printed_in(page: Page, figure: Figure, box: Box) -> str:
    """The characters that pdf.js has within a frame, sorted: a cell may have several lines."""
    address = f"../../pdf/{figure.document}.pdf"
    return "".join(
        sorted(
            one
            for one, x, y in page.evaluate(PRINTED, [address, figure.page])
            if box[0] <= x * figure.width <= box[2] and box[1] <= y * figure.height <= box[3]
        )
    )


def look(site: BuiltSite, browser: Browser, figures: Sequence[Figure]) -> dict[str, Box]:
    """Open the proof of every figure; its frame is on its cell and around its digits. Returns the frames."""
    frames = {}
    with (
        served(site.folder) as address,
        Watched(browser, address, viewport={"width": 1440, "height": 900}) as watched,
    ):
        for figure in figures:
            page = watched.go(f"zh/document/{figure.document}.html#{figure.cell[17:]}")
            frame = frames[figure.cell] = framed(page, figure)
            assert frame == pytest.approx(figure.box, abs=NEAR), figure
            assert page.locator("td.chosen").count() == 1, figure
            assert printed_in(page, figure, frame) == "".join(sorted("".join(figure.printed.split()))), figure
    return frames


def published(settings: Settings) -> BuiltSite:
    """The warehouse and the site of a raw folder."""
    with models_only():
        build(settings, wait_seconds=600)
    return made(settings, with_specimens=True)


@pytest.mark.xdist_group(GROUP)
def test_the_frame_is_on_the_figure_in_committed_documents(site: BuiltSite, browser: Browser) -> None:
    figures = figures_of(site, "true", 48, 4)
    assert len(figures) == 48
    look(site, browser, figures)


def test_the_frame_is_on_the_figure_where_pages_are_turned(tmp_path: Path, browser: Browser) -> None:
    """Generated documents (样例) whose landscape pages are stored upright, with /Rotate 90 and 270."""
    raw = tmp_path / "raw"
    rows, truth = [], {}
    for rotation, year in ((90, 2022), (270, 2023)):
        for entry in department_documents(
            departments()[0], year, "budget", with_faults=False, variation=Variation(rotation=rotation)
        ):
            document = make(entry.plan)
            path = raw / entry.plan.document
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(document.pdf)
            rows.append(
                register_row(
                    Registered(**{name: getattr(entry, name) for name in Registered.__slots__}), document
                )
            )
            truth[hashlib.sha256(document.pdf).hexdigest()[:16]] = document.truth
    (raw / "register.csv").write_text(register_text(rows), encoding="utf-8")
    site = published(Settings.from_environment(raw=raw, data=tmp_path / "data"))
    figures = figures_of(site, "c.page_width > c.page_height", 40, 20)
    assert len(figures) == 40
    frames = look(site, browser, figures)
    for figure in figures:
        drawn = [row.box for row in truth[figure.document] if row.page == figure.page]
        left, top, right, bottom = frames[figure.cell]
        inside = [
            box
            for box in drawn
            if left - NEAR <= box[0]
            and top - NEAR <= box[1]
            and box[2] <= right + NEAR
            and box[3] <= bottom + NEAR
        ]
        assert len(inside) == 1, figure


@pytest.mark.xdist_group(CORPUS)
def test_the_frame_is_on_the_figure_in_published_documents(corpus_site: BuiltSite, browser: Browser) -> None:
    """At least 200 figures of real documents, turned pages among them."""
    figures = figures_of(corpus_site, "true", 230, 14)
    turned = [figure for figure in figures if figure.page in turned_pages(corpus_site, figure.document)]
    assert len(figures) >= 200
    assert len(turned) >= 20
    look(corpus_site, browser, figures)


def turned_pages(site: BuiltSite, document: str) -> set[int]:
    """The pages of a document that its file stores turned (/Rotate)."""
    with pypdfium2.PdfDocument(site.folder / f"pdf/{document}.pdf") as pdf:
        return {number + 1 for number in range(len(pdf)) if pdf[number].get_rotation()}
