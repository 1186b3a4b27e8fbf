"""A page of the site from a template: the frame all share, the links, the words of its language.

Templates are Jinja2 with autoescape: whatever a document prints is text, never markup.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from pipelines.oversight import figures
from pipelines.oversight.amounts import Amounts, share
from pipelines.oversight.finding_states import states_of
from pipelines.oversight.views import LongView, Row, View, Warehouse
from pipelines.oversight.wording import LANGUAGES, wording
from pipelines.oversight.writing import SiteFolder

TEMPLATES = Path(__file__).parent / "templates"
#: The pages that every page leads to, in order: name in the messages, path within a language.
NAVIGATION = (
    ("start", "index.html"),
    ("findings", "findings/index.html"),
    ("compare", "compare.html"),
    ("purpose", "purpose/index.html"),
    ("coverage", "coverage/index.html"),
    ("checks", "checks.html"),
    ("method", "method.html"),
)


@dataclass(slots=True)
class Site:
    """A site under way: the warehouse it is made of, the folder it goes to, what every page says.

    ``documents`` are the ids of the files that have a page of their own (and their PDF beside it),
    ``symptoms`` what each finding explains, ``has_data_docs`` whether the Data Docs lie beside the pages.
    """

    warehouse: Warehouse
    folder: SiteFolder
    state: Row
    only_specimens: bool
    documents: Collection[str]
    symptoms: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    has_data_docs: bool = False

    def page(
        self, path: str, template: str, *, here: str = "", state: Row | None = None, **context: Any
    ) -> None:
        """Write the page at ``path`` in every language; ``here`` is its place in the navigation.

        The page tells its kind, the name of its template (``data-page``).

        ``state`` is of what data it tells where that is not all of the site's.
        A value of the context that is callable is called with the language.
        """
        root = "../" * (path.count("/") + 1)
        compiled = environment().get_template(template)
        for lang in LANGUAGES:
            said = {key: value(lang) if callable(value) else value for key, value in context.items()}
            words = wording(lang)
            amounts = Amounts(words, root, self.proof)
            self.folder.write(
                f"{lang}/{path}",
                compiled.render(
                    **said,
                    t=words,
                    lang=lang,
                    other_languages=[other for other in LANGUAGES if other != lang],
                    root=root,
                    path=path,
                    page_kind=template.removesuffix(".html.j2"),
                    here=here,
                    navigation=NAVIGATION,
                    state=state or self.state,
                    only_specimens=self.only_specimens,
                    with_specimens=self.warehouse.with_specimens,
                    proof=self.proof,
                    money=amounts.money,
                    cells=amounts.cells,
                    change=amounts.change,
                    change_ratio=amounts.change_ratio,
                    symptoms=self.symptoms,
                    has_data_docs=self.has_data_docs,
                    headline=_headline(lang),
                ),
            )

    def proof(self, cell_id: str | None) -> str:
        """The address of a cell's place on its page, within a language; empty where it has none."""
        if not cell_id or cell_id[:16] not in self.documents:
            return ""
        return f"document/{cell_id[:16]}.html#{cell_id[17:]}"

    def data(self, view: View | LongView, path: str) -> str:
        """Write a view as CSV under ``data/``; returns its address from the root of the site."""
        with (
            self.folder.opened(f"data/{path}.csv") as target,
            target.open("w", encoding="utf-8", newline="") as file,
        ):
            file.writelines(view.csv())
        return f"data/{path}.csv"

    def json(self, path: str, value: Any) -> None:
        """Write data for a script at ``path``; amounts are texts, so that none passes through a float."""
        self.folder.write(path, to_json(value))


@cache
def environment() -> jinja2.Environment:
    """The templates: autoescape on, a name that is not there is an error."""
    loaded = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    loaded.globals.update(
        amount=figures.amount,
        signed_wan=figures.signed_wan,
        percent=figures.percent,
        share=share,
        states_of=states_of,
    )
    return loaded


def to_json(value: Any) -> str:
    """JSON in one form only: keys in order, no spaces, Chinese as it is, ``Decimal`` as text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain) + "\n"


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in the site's data")


def _headline(lang: str) -> Callable[[Decimal], figures.Shown]:
    return lambda yuan: figures.headline(yuan, lang)


def by_key(rows: Collection[Row], name: str) -> Mapping[Any, list[Row]]:
    """Rows under the value of one column, in the order they come."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found
