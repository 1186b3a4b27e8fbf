"""The kinds of page there are, from the templates, and a page of each kind: so that none is forgotten."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.oversight.rendering import TEMPLATES
from tests.oversight.pages import Page

#: What makes scripts of a kind show what they show; a kind that is not here is opened as it is.
ASKED = {
    "compare": "?d=420100-756f7d3e,420100-574798d7&m=three_public&y=2021-2024",
}
#: What is there once the scripts of a kind have done their work.
READY = {"compare": "#table table", "document": "#page[data-drawn]"}
#: Kinds that only a site of many findings or many regions has.
OF_MANY = {"findings_letters", "findings_regions", "coverage_province", "province"}


def kinds() -> frozenset[str]:
    """Every template that is a page: those that extend the frame all pages share."""
    return frozenset(
        path.name.removesuffix(".html.j2")
        for path in TEMPLATES.glob("*.html.j2")
        if "{% extends 'base.html.j2' %}" in path.read_text(encoding="utf-8")
    )


def kind_of(page: Page) -> str:
    """The kind a page says it is; empty for the page that only leads to a language."""
    return page.all("body")[0].get("data-page")


def examples(pages: Mapping[str, Page]) -> dict[str, str]:
    """Of each kind the page with the most different elements on it, and of these the one with the fewest.

    Its path within a language, with what is asked of it.
    """
    found: dict[str, tuple[int, int, str]] = {}
    for name, page in sorted(pages.items()):
        if name.startswith("zh/"):
            different = len({(one.tag, one.get("class")) for one in page.elements})
            own = (different, -len(page.elements), name.removeprefix("zh/"))
            found[kind_of(page)] = max(found.get(kind_of(page), own), own)
    return {kind: path + ASKED.get(kind, "") for kind, (*_, path) in sorted(found.items())}
