"""Good PDFs with a few bytes or tokens changed, the same ones for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence

from tests.extraction.hostile.building import HostileFile

_NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
_NAME = re.compile(rb"/[A-Za-z][A-Za-z0-9]*")
_OBJECT = re.compile(rb"\d+ 0 obj.*?endobj\n?", re.DOTALL)
_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"2147483648",
    b"-2147483649",
    b"1e400",
    b"0.00001",
    b"999999999999",
    b"nan",
)


def mutated(content: bytes, random_: random.Random) -> bytes:
    """``content`` changed in one to four ways."""
    for _ in range(random_.randint(1, 4)):
        content = random_.choice(_WAYS)(content, random_)
    return content


def mutations(bases: Sequence[tuple[str, bytes]], count: int, seed: int) -> Iterator[HostileFile]:
    """``count`` mutations of the named good files in turn."""
    for k in range(count):
        name, content = bases[k % len(bases)]
        yield HostileFile(
            "mutations", f"{name} {k}", lambda c=content, k=k: mutated(c, random.Random(f"{seed} {k}"))
        )  # type: ignore[misc]


def _bits(content: bytes, r: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(r.choice((1, 4, 30))):
        if changed:
            changed[r.randrange(len(changed))] = r.randrange(256)
    return bytes(changed)


def _cut(content: bytes, r: random.Random) -> bytes:
    return content[: r.randrange(len(content) + 1)]


def _hole(content: bytes, r: random.Random) -> bytes:
    at = r.randrange(len(content) + 1)
    return content[:at] + content[at + r.choice((1, 7, 100, 3000)) :]


def _zeros(content: bytes, r: random.Random) -> bytes:
    at, size = r.randrange(len(content) + 1), r.choice((4, 512, 4096))
    return content[:at] + bytes(len(content[at : at + size])) + content[at + size :]


def _doubled(content: bytes, r: random.Random) -> bytes:
    at, size = r.randrange(len(content) + 1), r.choice((20, 500, 5000))
    return content[: at + size] + content[at:]


def _moved(content: bytes, r: random.Random) -> bytes:
    a, b, size = r.randrange(len(content) + 1), r.randrange(len(content) + 1), r.choice((10, 200, 2000))
    return content[:a] + content[b : b + size] + content[a + size :]


def _in_place(
    pattern: re.Pattern[bytes], other: Callable[[bytes, list[bytes], random.Random], bytes]
) -> Callable[[bytes, random.Random], bytes]:
    def change(content: bytes, r: random.Random) -> bytes:
        found = list(pattern.finditer(content))
        if not found:
            return content
        one = r.choice(found)
        texts = [match[0] for match in r.sample(found, min(len(found), 8))]
        return content[: one.start()] + other(one[0], texts, r) + content[one.end() :]

    return change


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _bits,
    _cut,
    _hole,
    _zeros,
    _doubled,
    _moved,
    _in_place(_NUMBER, lambda _, __, r: r.choice(_NUMBERS)),
    _in_place(_NUMBER, lambda _, texts, r: r.choice(texts)),
    _in_place(_NAME, lambda _, texts, r: r.choice(texts)),
    _in_place(_OBJECT, lambda _, texts, r: r.choice(texts)),
    _in_place(_OBJECT, lambda text, _, __: text[: len(text) // 2]),
    _in_place(
        re.compile(rb"<<|>>|\[|\]|\(|\)|endstream|stream|endobj|obj| R\b"),
        lambda _, texts, r: r.choice([*texts, b""]),
    ),
)
