"""The words of the site, Chinese and English, from ``messages/*.yaml``: none stands in code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

MESSAGES = Path(__file__).parent / "messages"
#: The languages of the site, the first is where a visitor begins.
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language."""

    lang: str
    texts: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of ``key`` (``page.word``), its ``{names}`` filled. Raises ``KeyError``.

        Of one thing (``n=1``) the text of ``key_one``, where the language has another form for it.
        """
        text = self.texts[key]
        if values.get("n") == 1:
            text = self.texts.get(f"{key}_one", text)
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Whether there is a text of that key."""
        return key in self.texts

    def section(self, name: str) -> Mapping[str, str]:
        """The texts of a section, for a script."""
        return {key[len(name) + 1 :]: text for key, text in self.texts.items() if key.startswith(f"{name}.")}

    def either(self, row: Mapping[str, Any], name: str) -> str:
        """Of a row with ``NAME_zh`` and ``NAME_en`` the one of this language, else the Chinese."""
        return str(row[f"{name}_{self.lang}"] or row[f"{name}_zh"] or "")


@cache
def wording(lang: str) -> Wording:
    """The words of a language. Raises ``FileNotFoundError`` where the site does not speak it."""
    tree = yaml.safe_load((MESSAGES / f"{lang}.yaml").read_text(encoding="utf-8"))
    return Wording(lang, dict(_flat(tree, "")))


def _flat(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
