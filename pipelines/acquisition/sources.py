"""The register of sites: where departments publish, and how their pages lead to the files.

One YAML file per site in a folder (``$JUESUAN_SOURCES``; the project's own is ``sites/`` beside this
module). A new site is a new file, not new code. docs/acquisition.md explains every entry with an example.
"""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Any

import yaml
from cssselect import HTMLTranslator, SelectorError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.acquisition.addresses import AddressError, absolute, host_name, host_of
from pipelines.acquisition.hosts import Network
from pipelines.acquisition.model import DocumentKind, Level


class SourcesError(ValueError):
    """A register of sites that cannot be used; the message names file, entry and reason."""


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is no regular expression: {error}") from None
    return value


def _selector(value: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(value)
    except SelectorError as error:
        raise ValueError(f"{value!r} is no CSS selector: {error}") from None
    return value


def _address(value: str) -> str:
    try:
        return absolute(value, value)
    except AddressError as error:
        raise ValueError(str(error)) from None


def _host(value: str) -> str:
    try:
        return host_name(value).strip("[]")
    except AddressError as error:
        raise ValueError(str(error)) from None


def _network(value: str) -> str:
    ipaddress.ip_network(value)
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]
Selector = Annotated[str, AfterValidator(_selector)]
Address = Annotated[str, AfterValidator(_address)]
# Years of a title are those of the register: 1994 to 2100.
Year = Annotated[int, Field(ge=1994, le=2100)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Limits(_Entry):
    """How a site is spoken to, and what one answer may cost."""

    seconds_between: float = Field(
        default=2.0, ge=0, description="pause between two requests to a host, seconds"
    )
    connect_seconds: float = Field(default=15.0, gt=0, description="until a connection stands")
    silent_seconds: float = Field(
        default=30.0, gt=0, description="without a byte before an answer is given up"
    )
    whole_seconds: float = Field(default=900.0, gt=0, description="for one whole transfer")
    page_mb: float = Field(default=8.0, gt=0, description="size of a page")
    file_mb: float = Field(default=200.0, gt=0, description="size of a file")
    redirects: int = Field(default=5, ge=0, description="redirects followed for one address")
    tries: int = Field(
        default=3, ge=1, description="tries of one address in a run, where the failure may pass"
    )
    wait_seconds: float = Field(
        default=120.0, ge=0, description="longest wait before another try in the same run"
    )
    failures: int = Field(
        default=6, ge=1, description="tries in a row without an answer after which a host is left"
    )
    requests: int = Field(default=5000, ge=1, description="requests to one site in a run")
    ask_again_days: float = Field(
        default=6.0, ge=0, description="before what was refused for good is asked again"
    )
    archive_files: int = Field(default=2000, ge=1, description="files in an archive")
    archive_mb: float = Field(default=1000.0, gt=0, description="size of all an archive holds, unpacked")
    archive_depth: int = Field(default=2, ge=1, description="archives within archives")


class LinkRule(_Entry):
    """Which links of a page are followed: all of ``selector`` whose address and words match."""

    selector: Selector = Field(default="a", description="CSS selector of the elements")
    address: Pattern = Field(default="", description="regular expression the address must contain, any case")
    text: Pattern = Field(default="", description="regular expression the link's words must contain")
    not_text: Pattern = Field(default="", description="regular expression the link's words must not contain")

    def takes(self, address: str, text: str) -> bool:
        """Whether a link is one of those."""
        if self.not_text and re.search(self.not_text, text):
            return False
        return bool(re.search(self.address, address, re.IGNORECASE) and re.search(self.text, text))


class PagesRule(_Entry):
    """How a list goes on: by a link to the next page, or by numbered addresses."""

    next: Selector = Field(default="", description="CSS selector of the link to the next page")
    numbered: str = Field(
        default="", description="address of page {n}, relative to the first: index_{n}.html"
    )
    first: int = Field(
        default=1, ge=0, description="number of the second page (the first has the list's address)"
    )
    count: Pattern = Field(
        default="",
        description="regular expression on the first page's source; its group is the number of pages. "
        "Without it pages are asked for until one is not there",
    )
    most: int = Field(default=50, ge=1, description="pages at most")

    @model_validator(mode="after")
    def _one_way(self) -> PagesRule:
        if bool(self.next) == bool(self.numbered):
            raise ValueError("give either next or numbered")
        if self.numbered and "{n}" not in self.numbered:
            raise ValueError("numbered must hold {n}")
        if self.count and (not self.numbered or re.compile(self.count).groups != 1):
            raise ValueError("count must have one group, and goes with numbered")
        return self


class TitleRule(_Entry):
    """What the words of a link, else the title of its page, say of a file."""

    fiscal_year: Pattern = Field(default="", description="regular expression; its group is the year")
    department: Pattern = Field(default="", description="regular expression; its group is the department")
    budget: Pattern = Field(default="", description="regular expression: it is a budget 部门预算")
    final_accounts: Pattern = Field(
        default="", description="regular expression: they are final accounts 部门决算"
    )


class ListRule(_Entry):
    """One list page and what is taken from it. What it does not say of its files the site says."""

    address: Address = Field(description="address of the list's first page")
    department: str = Field(default="", description="whose files they are")
    level: Level | None = Field(default=None, description="department 部门, unit 单位 or form")
    fiscal_year: Year | None = Field(default=None, description="year of all its files")
    kind: DocumentKind | None = Field(default=None, description="budget or final_accounts, of all its files")
    part: str = Field(default="", description="text, tables, …, as in register.csv")
    title: TitleRule = Field(default=TitleRule(), description="what titles say of a file")
    pages: PagesRule | None = Field(default=None, description="how the list goes on")
    articles: LinkRule | None = Field(default=None, description="links to pages that hold the files")
    files: LinkRule = Field(
        default=LinkRule(address=r"\.(pdf|docx?|xlsx?|wps|et|ofd|zip|rar|7z)(\?|$)"),
        description="links to the files, on the list and on the pages it leads to",
    )
    published: Selector | None = Field(
        default=None, description="where a page prints the day; otherwise its head's PubDate"
    )


class Site(_Entry):
    """A site and its lists."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="name in files and messages")
    name: str = Field(min_length=1, description="what the site calls itself")
    enabled: bool = Field(default=False, description="whether a run takes it without being told to")
    region_code: str = Field(pattern=r"^\d{6}$", description="administrative division, GB/T 2260")
    department: str = Field(default="", description="whose files they are, where a list does not say")
    level: Level | None = Field(default=None, description="department 部门 or unit 单位")
    hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = Field(
        default=(), description="hosts besides those of the lists: where files lie, where redirects lead"
    )
    limits: Limits = Field(default=Limits(), description="where this site differs")
    lists: tuple[ListRule, ...] = Field(min_length=1, description="its list pages")

    def may_visit(self, address: str) -> bool:
        """Whether an address lies on one of the site's hosts."""
        return host_of(address) in {*self.hosts, *(host_of(rule.address) for rule in self.lists)}


class Conduct(_Entry):
    """``conduct.yaml`` of the register: how all sites are spoken to."""

    user_agent: str = Field(
        default="juesuan/0.1 (archive of published budgets and final accounts)",
        min_length=1,
        pattern=r"^[\x20-\x7e]+$",
        description="how requests name themselves; an address to write to belongs in it",
    )
    robots: bool = Field(default=True, description="whether robots.txt is heeded")
    allowed_networks: tuple[Annotated[str, AfterValidator(_network)], ...] = Field(
        default=(), description="private networks that may be asked all the same"
    )

    def networks(self) -> tuple[Network, ...]:
        """The allowed networks."""
        return tuple(ipaddress.ip_network(text) for text in self.allowed_networks)


class Sources(_Entry):
    """The whole register of sites, by id."""

    sites: tuple[Site, ...]
    conduct: Conduct = Conduct()

    def chosen(self, ids: tuple[str, ...] = ()) -> tuple[Site, ...]:
        """The sites named, else those switched on; raises ``SourcesError`` for one that is not there."""
        known = {site.id: site for site in self.sites}
        unknown = [name for name in ids if name not in known]
        if unknown:
            raise SourcesError(f"no site {', '.join(unknown)}; there are {', '.join(known) or 'none'}")
        return (
            tuple(known[name] for name in sorted(set(ids)))
            if ids
            else tuple(site for site in self.sites if site.enabled)
        )


def read_sources(folder: Path) -> Sources:
    """Read a register of sites; raises ``SourcesError`` naming every entry that cannot be used.

    Unlike a slip in ``register.csv``, which concerns one file, one here decides where requests go: nothing
    is asked before all of it is right.
    """
    if not folder.is_dir():
        raise SourcesError(f"there is no folder {folder}")
    wrong: list[str] = []
    sites: dict[str, Site] = {}
    conduct = Conduct()
    for path in sorted(folder.glob("*.yaml")):
        try:
            entry = yaml.safe_load(path.read_text(encoding="utf-8"))
            if not isinstance(entry, dict):
                wrong.append(f"{path.name}: holds no entries")
            elif path.stem == "conduct":
                conduct = Conduct.model_validate(entry)
            else:
                site = Site.model_validate(entry)
                if site.id != path.stem:
                    wrong.append(f"{path.name}: id is {site.id}, the file must be named {site.id}.yaml")
                sites[site.id] = site
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            wrong.append(f"{path.name}: {error}")
        except ValidationError as error:
            wrong.extend(_said(path.name, error))
    if wrong:
        raise SourcesError("\n".join(wrong))
    return Sources(sites=tuple(sites[name] for name in sorted(sites)), conduct=conduct)


def _said(name: str, error: ValidationError) -> list[str]:
    said = []
    for detail in error.errors(include_url=False):
        place = ".".join(str(part) for part in detail["loc"]) or "the entry"
        value: Any = detail.get("input")
        shown = "" if isinstance(value, dict | list) else f" (it is {value!r})"
        said.append(f"{name}: {place}: {detail['msg']}{shown}")
    return said
