"""What a site says of a file: where it is linked, by which words, under which name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from pipelines.acquisition.addresses import decoded_name
from pipelines.acquisition.content import ContentKind
from pipelines.acquisition.fetching import Fetched
from pipelines.acquisition.journal import Document
from pipelines.acquisition.model import DocumentKind
from pipelines.acquisition.sources import ListRule, Site


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a file where it is linked.

    ``texts`` are the link's words, the name in its address, then the words of the link to the page it is
    on and that page's title: nearest first. ``published_at`` is the page's day, ISO 8601.
    """

    site: Site
    rule: ListRule
    texts: tuple[str, ...]
    published_at: str = ""
    asked_from: str = ""


def document_of(
    said: Said, *, sha256: str, suffix: str, address: str, fetched_at: str, name: str
) -> Document:
    """A file as the register tells of it: what the register of sites says, else what titles say."""
    rule, title = said.rule, said.rule.title
    year = rule.fiscal_year
    if year is None and title.fiscal_year:
        found = _first_group(title.fiscal_year, said.texts)
        # The years a register may hold.
        year = int(found) if found.isdigit() and 1994 <= int(found) <= 2100 else None
    kind = rule.kind or _kind(title.budget, title.final_accounts, said.texts)
    department = rule.department or (_first_group(title.department, said.texts) if title.department else "")
    return Document(
        sha256=sha256,
        suffix=suffix,
        address=address,
        fetched_at=fetched_at,
        published_name=name,
        region_code=said.site.region_code,
        department=department or said.site.department,
        level=rule.level or said.site.level or "",
        fiscal_year=year,
        kind=kind or "",
        part=rule.part,
        published_at=said.published_at,
    )


def name_of(disposition: str, said: Said) -> str:
    """The name a file was published under.

    The server's (``Content-Disposition``), else the link's words if they end like a file's name, else the
    address's, else the link's words.
    """
    extended = re.search(r"filename\*\s*=\s*([\w-]*)'[^']*'([^;]+)", disposition, re.IGNORECASE)
    if extended and extended[2].strip():
        return decoded_name(unquote_to_bytes(extended[2].strip().strip('"')), extended[1] or "utf-8")
    plain = re.search(r'filename\s*=\s*("[^"]*"|[^;]+)', disposition, re.IGNORECASE)
    if plain and plain[1].strip(' "'):
        # Headers come as Latin-1; what was sent is most often UTF-8 or GBK, percent-encoded or not.
        return decoded_name(unquote_to_bytes(plain[1].strip(' "').encode("latin-1", "replace")))
    linked, addressed = said.texts[0][:200], said.texts[1]
    return linked if re.search(r"\.\w{2,4}$", linked) else addressed or linked


def oddities(fetched: Fetched, kind: ContentKind) -> str:
    """What was unusual about how a file came, in words to go on with; empty if nothing was."""
    odd = []
    if fetched.redirects:
        odd.append(f"redirected to {fetched.final_address}")
    if fetched.tries > 1:
        odd.append(f"at the {fetched.tries}. try")
    if fetched.status == 206:
        odd.append("gone on with where it had been broken off")
    called = fetched.header("content-type").partition(";")[0].strip().lower()
    if called and called != "application/octet-stream" and (called == "application/pdf") != (kind == "pdf"):
        odd.append(f"the server calls it {called}")
    return "".join(f"; {words}" for words in odd)


def _first_group(pattern: str, texts: tuple[str, ...]) -> str:
    for text in texts:
        found = re.search(pattern, text)
        if found is not None:
            return (found[1] if found.re.groups else found[0]) or ""
    return ""


def _kind(budget: str, final_accounts: str, texts: tuple[str, ...]) -> DocumentKind | None:
    """Budget or final accounts, by the first text that says one of them and not the other."""
    for text in texts:
        is_budget = bool(budget and re.search(budget, text))
        is_final = bool(final_accounts and re.search(final_accounts, text))
        if is_budget != is_final:
            return "budget" if is_budget else "final_accounts"
    return None
