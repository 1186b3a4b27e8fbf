"""Addresses of the web as sites write them, and as they are asked for.

Sites of the government write addresses with Chinese names, spaces and backslashes, relative to the
page, in pages that are GBK. Here they become what a browser would ask for, and every address has one
form, so that nothing is fetched twice.
"""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes, urljoin, urlsplit, urlunsplit

import idna

SCHEMES = {"http": 80, "https": 443}
# What may stand in a path or query as it is; a percent sign that is there already is left alone.
_KEPT = "%/:@!$&'()*+,;=~-._"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class AddressError(ValueError):
    """An address that cannot be asked for; the message says why."""


def absolute(base: str, reference: str, encoding: str = "utf-8") -> str:
    """The address a reference in a page leads to, in its one form, without a fragment.

    ``base`` is the page's own address; ``encoding`` is the page's, in which a query is written (paths
    are UTF-8 everywhere, as browsers have it). Raises ``AddressError`` for what is not HTTP, has no
    host or a user name, or cannot be parsed.
    """
    # Browsers drop line ends and tabs, and take \ for /.
    cleaned = _CONTROL.sub("", reference).strip().replace("\\", "/")
    try:
        parts = urlsplit(urljoin(base, cleaned))
        port = parts.port
    except ValueError as error:
        raise AddressError(f"{reference!r} is no address: {error}") from None
    if parts.scheme not in SCHEMES:
        raise AddressError(f"{cleaned[:200]!r} is not http or https")
    if parts.username is not None or parts.password is not None:
        raise AddressError(f"{cleaned[:200]!r} holds a user name")
    host = host_name(parts.hostname or "")
    if port is not None and port != SCHEMES[parts.scheme]:
        host = f"{host}:{port}"
    path = quote(_without_dots(parts.path) or "/", safe=_KEPT)
    query = quote_from_bytes(parts.query.encode(encoding, "xmlcharrefreplace"), safe=_KEPT + "?")
    return urlunsplit((parts.scheme, host, path, query, ""))


def host_name(host: str) -> str:
    """A host in its one form: lower case, international names in ASCII; an IPv6 address in brackets."""
    host = host.rstrip(".").lower()
    if not host:
        raise AddressError("the address has no host")
    if ":" in host:
        return f"[{host}]"
    if re.fullmatch(r"[a-z0-9._-]+", host):
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise AddressError(f"{host!r} is no name of a host: {error}") from None


def host_of(address: str) -> str:
    """Host of an address in its one form, without port and brackets."""
    return urlsplit(address).hostname or ""


def port_of(address: str) -> int:
    """Port of an address in its one form."""
    parts = urlsplit(address)
    return parts.port or SCHEMES[parts.scheme]


def file_name(address: str, encoding: str = "utf-8") -> str:
    """The last part of an address's path as a person reads it; empty where the path ends with /."""
    return decoded_name(unquote_to_bytes(posixpath.basename(urlsplit(address).path)), encoding)


def decoded_name(name: bytes, encoding: str = "utf-8") -> str:
    """A file's name from bytes in UTF-8, else ``encoding``, else GB 18030; only the name, never a folder."""
    return plain_name(_decoded(name, encoding))


def decoded_path(path: bytes) -> str:
    """A path in an archive from bytes as ``decoded_name`` reads them, with folders but none that climbs."""
    parts = _decoded(path, "utf-8").replace("\\", "/").split("/")
    return "/".join(name for part in parts if part not in {".", ".."} and (name := plain_name(part)))


def _decoded(name: bytes, encoding: str) -> str:
    for tried in ("utf-8", encoding, "gb18030"):
        try:
            return name.decode(tried)
        except (UnicodeDecodeError, LookupError):
            continue
    return name.decode("utf-8", "backslashreplace").replace("\\", "_")


def plain_name(text: str) -> str:
    """A name without folders and without characters that do something to a terminal."""
    name = posixpath.basename(text.replace("\\", "/"))
    return "".join(char for char in name if char.isprintable()).strip()[:200]


def _without_dots(path: str) -> str:
    """A path without ``.`` and ``..``: ``urljoin`` leaves those of an absolute reference in it."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part != ".":
            kept.append(part)
    ends_in_folder = path.rsplit("/", 1)[-1] in {".", ".."}
    return "/".join(kept) + ("/" if ends_in_folder and kept[-1:] != [""] else "")
