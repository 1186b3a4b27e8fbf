"""Files encrypted with AES-256 as ISO 32000-2, 7.6.4.3 says (revision 6), and as Adobe did before (revision 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.extraction.hostile.building import (
    BOX,
    CATALOGUE,
    FONT,
    PAGES,
    RESOURCES,
    TEXT,
    HostileFile,
    assembled,
    stream,
)

_KEY = bytes(range(32))
_SALTS = [bytes([k]) * 8 for k in range(1, 5)]


def encrypted_files() -> Iterator[HostileFile]:
    """With an owner's password only, with a user's one, with parts of the dictionary wrong."""
    for revision in (5, 6):
        yield HostileFile(
            "encryption",
            f"AES-256, revision {revision}, owner's password",
            lambda r=revision: aes256(b"", r),
            frozenset({"read"}),
            True,
        )  # type: ignore[misc]
        yield HostileFile(
            "encryption",
            f"AES-256, revision {revision}, user's password",
            lambda r=revision: aes256("密码".encode(), r),
            frozenset({"encrypted"}),
        )  # type: ignore[misc]
        for entry in (b"/UE", b"/U", b"/O", b"/OE", b"/Perms", b"/CF", b"/P", b"/StmF"):
            broken = frozenset({"encrypted", "broken", "read", "page_failed", "page_damaged", "no_text"})
            yield HostileFile(
                "encryption",
                f"AES-256, revision {revision}, no {entry.decode()}",
                lambda r=revision, e=entry: (
                    aes256(b"", r)
                    .replace(e + b"<", e + b"X<")
                    .replace(e + b" ", e + b"X ")
                    .replace(e + b"/", e + b"X/")
                ),
                broken,
            )  # type: ignore[misc]
    yield HostileFile(
        "encryption",
        "AES-256, another revision",
        lambda: aes256(b"", 6).replace(b"/R 6", b"/R 7"),
        frozenset({"encrypted", "broken", "read"}),
    )
    yield HostileFile(
        "encryption",
        "AES-256, contents of half a block",
        lambda: aes256(b"", 6, cut=5),
        frozenset({"read", "broken", "no_text", "page_failed", "page_damaged"}),
    )


def aes256(password: bytes, revision: int, cut: int = 0) -> bytes:
    """A page encrypted for a user's ``password``; its contents ``cut`` short by so many bytes."""
    user = _hash(password, _SALTS[0], b"", revision) + _SALTS[0] + _SALTS[1]
    user_key = _cbc(_hash(password, _SALTS[1], b"", revision), _KEY)
    owner = _hash(b"owner", _SALTS[2], user, revision) + _SALTS[2] + _SALTS[3]
    owner_key = _cbc(_hash(b"owner", _SALTS[3], user, revision), _KEY)
    permissions = (-4).to_bytes(4, "little", signed=True) + b"\xff" * 4 + b"Tadb" + b"abcd"
    sealed = Cipher(algorithms.AES(_KEY), modes.ECB()).encryptor().update(permissions)
    entries = b"<</Filter/Standard/V 5/R %d/Length 256/P -4/O<%s>/U<%s>/OE<%s>/UE<%s>/Perms<%s>/CF<</StdCF<</CFM/AESV3/AuthEvent/DocOpen/Length 32>>>>/StmF/StdCF/StrF/StdCF>>"  # fmt: skip
    encrypt = entries % (
        revision,
        *(part.hex().encode() for part in (owner, user, owner_key, user_key, sealed)),
    )
    padding = 16 - len(TEXT) % 16
    body = bytes(16) + _cbc(_KEY, TEXT + bytes([padding]) * padding)
    page = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s%s>>" % (BOX, RESOURCES)
    objects = {1: CATALOGUE, 2: PAGES, 3: page, 4: stream(body[: len(body) - cut]), 5: FONT, 6: encrypt}
    return assembled(objects, trailer=b"/Root 1 0 R/Encrypt 6 0 R/ID[<01><01>]")


def _cbc(key: bytes, content: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor().update(content)


def _hash(password: bytes, salt: bytes, user: bytes, revision: int) -> bytes:
    """Algorithm 2.B; in revision 5 its first step alone."""
    key = hashlib.sha256(password + salt + user).digest()
    if revision == 5:
        return key
    last, done = 0, 0
    while done < 64 or last > done - 32:
        cipher = Cipher(algorithms.AES(key[:16]), modes.CBC(key[16:32])).encryptor()
        mixed = cipher.update((password + key + user) * 64)
        name = ("sha256", "sha384", "sha512")[sum(mixed[:16]) % 3]
        key, last, done = hashlib.new(name, mixed).digest(), mixed[-1], done + 1
    return key[:32]
