"""Data Docs that open with no network at all.

Great Expectations' pages load styles and scripts from a dozen hosts, show a remote logo and a
newsletter footer. After each build the assets (from npm, with their licences, in
``data_docs_assets/``) are copied beside the pages, the links rewritten to them, and everything
else that points elsewhere is taken out. The headings get their Chinese wording.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

ASSETS = Path(__file__).parent / "data_docs_assets"
VENDORED = Path("static") / "vendored"

#: What each remote address (without version) is replaced by; None: taken out.
_REPLACED: tuple[tuple[str, str | None], ...] = (
    (r"unpkg\.com/bootstrap-table@[^/]+/dist/bootstrap-table\.min\.css", "bootstrap-table/bootstrap-table.min.css"),
    (
        r"unpkg\.com/bootstrap-table@[^/]+/dist/extensions/filter-control/bootstrap-table-filter-control(\.min)?\.css",
        "bootstrap-table/bootstrap-table-filter-control.min.css",
    ),
    (r"unpkg\.com/bootstrap-table@[^/]+/dist/bootstrap-table\.min\.js", "bootstrap-table/bootstrap-table.min.js"),
    (
        r"unpkg\.com/bootstrap-table@[^/]+/dist/extensions/filter-control/bootstrap-table-filter-control\.min\.js",
        "bootstrap-table/bootstrap-table-filter-control.min.js",
    ),
    (r"maxcdn\.bootstrapcdn\.com/bootstrap/[^/]+/css/bootstrap\.min\.css", "bootstrap/bootstrap.min.css"),
    (r"stackpath\.bootstrapcdn\.com/bootstrap/[^/]+/js/bootstrap\.min\.js", "bootstrap/bootstrap.min.js"),
    (
        r"cdnjs\.cloudflare\.com/ajax/libs/bootstrap-datepicker/[^/]+/css/bootstrap-datepicker\.min\.css",
        "bootstrap-datepicker/bootstrap-datepicker.min.css",
    ),
    (
        r"cdnjs\.cloudflare\.com/ajax/libs/bootstrap-datepicker/[^/]+/js/bootstrap-datepicker\.min\.js",
        "bootstrap-datepicker/bootstrap-datepicker.min.js",
    ),
    (r"cdnjs\.cloudflare\.com/ajax/libs/font-awesome/[^/]+/css/all\.min\.css", "fontawesome/css/all.min.css"),
    (r"code\.jquery\.com/jquery-[^/]+\.min\.js", "jquery/jquery.min.js"),
    (r"cdnjs\.cloudflare\.com/ajax/libs/popper\.js/[^/]+/umd/popper\.min\.js", "popper/popper.min.js"),
    # Charts are not drawn in these pages, and they are light ones.
    (r"cdn\.jsdelivr\.net/npm/(vega|vega-lite|vega-embed)@\d+", None),
    (r"cdn\.jsdelivr\.net/npm/@forevolve/bootstrap-dark[^\"]*", None),
)
_ELEMENT = re.compile(r"<(?:link|script)\b[^>]*?(?:href|src)=\"(https?://[^\"]+)\"[^>]*>(?:\s*</script>)?")
_LOGO = re.compile(r"<img\b[^>]*src=\"https?://[^\"]*\"[^>]*/?>", re.DOTALL)
_LINK = re.compile(r"<a\b[^>]*href=\"https?://[^\"]*\"[^>]*>(.*?)</a>", re.DOTALL)
_FOOTER = re.compile(r"<footer\b.*?</footer>", re.DOTALL)
_STYLE_URL = re.compile(r"background:\s*url\(['\"]?https?://[^)]*\)[^;]*;")

#: Headings of the pages as Great Expectations prints them, with the Chinese in front.
WORDING: Mapping[str, str] = {
    "Data documentation compiled by Great Expectations": "决算勾稽检验 · Juesuan Data Docs",
    "Data Docs created by Great Expectations": "决算勾稽检验 · Juesuan Data Docs",
}


class RemoteLinkError(RuntimeError):
    """A page of Data Docs still loads something from elsewhere; the message names page and address."""


def make_offline(site: Path) -> None:
    """Rewrite every page under ``site`` so that it opens without a network.

    Raises:
        RemoteLinkError: if a page would still load something from another host: what Great
            Expectations prints has changed, and this module must follow.

    """
    shutil.copytree(ASSETS, site / VENDORED, dirs_exist_ok=True)
    for page in sorted(site.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        to_root = os.path.relpath(site, page.parent)
        page.write_text(offline(text, f"{to_root}/{VENDORED.as_posix()}", page.name), encoding="utf-8")


def offline(text: str, assets: str, name: str = "page") -> str:
    """One page with its links turned to ``assets`` (a relative address) and all other hosts taken out."""
    text = _FOOTER.sub("", text)
    text = _ELEMENT.sub(lambda match: _local(match, assets, name), text)
    text = _LOGO.sub("<strong>决算 Juesuan</strong>", text)
    text = _STYLE_URL.sub("", text)
    text = _LINK.sub(r"\1", text)
    for english, both in WORDING.items():
        text = text.replace(english, both)
    left = re.search(r"(?:src|href)=\"(https?://[^\"]+)\"|url\(['\"]?(https?://[^)'\"]+)", text)
    if left:
        raise RemoteLinkError(f"{name} would load {left.group(1) or left.group(2)}")
    return text


def _local(match: re.Match[str], assets: str, name: str) -> str:
    address = match.group(1).split("://", 1)[1]
    for pattern, local in _REPLACED:
        if re.fullmatch(pattern, address):
            if local is None:
                return ""
            element = match.group(0).replace(match.group(1), f"{assets}/{local}")
            # Checksums and origins are of the remote file.
            return re.sub(r"\s(?:integrity|crossorigin)=\"[^\"]*\"", "", element)
    raise RemoteLinkError(f"{name} would load {match.group(1)}")
