"""Families that are told by how they differ from another one.

A section of a family file (``final_accounts``, ``budget``) may begin with ``like: NAME``: its statements
are then those of that family, changed as its own entries say. In this order:

- ``settings`` of the section are laid over every statement;
- an entry under ``statements`` is laid over the statement of the same ``id`` (or of the one it names as
  ``like``) of the other family; only the statements entered are printed, in the order of the entries; an
  entry may be the bare id;
- ``words`` of the section, then of the entry, replace header words and labels of lines that are equal to
  a key (a label keeps its numbering and indent);
- ``without`` drops columns of the header by their leaf (``left:number``), with their widths and captions.

Settings that are mappings (``page``, ``table``, ``number``) are merged key by key, all others replaced.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from tests.corpus.grid import node

Settings = dict[str, Any]
_NUMBERED = re.compile(
    r"^(\s*(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.、])?)(.*)$", re.S
)


def inherited(
    section: Mapping[str, Any], parent: Mapping[str, Settings], defaults: Mapping[str, Any]
) -> list[Settings]:
    """The statements of a section out of those of the family it is like, by id.

    A statement which that family does not have begins from its ``defaults``.
    """
    statements = []
    for entry in section["statements"]:
        own = {"id": entry} if isinstance(entry, str) else dict(entry)
        base = parent.get(own.pop("like", own["id"]), defaults)
        if "header" in own:
            # Widths and column numbers of another header fit no longer.
            base = {key: value for key, value in base.items() if key not in ("widths", "caption", "stub")}
        settings = overlaid(overlaid(base, section.get("settings", {})), own)
        settings = without_columns(settings, settings.pop("without", ()))
        words = {**section.get("words", {}), **settings.pop("words", {})}
        statements.append(reworded(settings, words) if words else settings)
    return statements


def overlaid(base: Mapping[str, Any], own: Mapping[str, Any]) -> Settings:
    """``own`` over ``base``; mappings are merged, everything else is replaced."""
    merged = dict(base)
    for key, value in own.items():
        old = merged.get(key)
        merged[key] = {**old, **value} if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def leaves_of(settings: Mapping[str, Any]) -> list[str]:
    """The leaves of a statement's header from left to right."""
    return [leaf for each in settings["header"] for leaf in node(each).leaves]


def without_columns(settings: Settings, dropped: Collection[str]) -> Settings:
    """The statement without the columns of some leaves; what stood over them alone goes too."""
    if not dropped:
        return settings
    kept = [leaf not in dropped for leaf in leaves_of(settings)]
    changed = {**settings, "header": _pruned(settings["header"], dropped)}
    for key in ("widths", "caption"):
        if settings.get(key):
            changed[key] = [each for each, keep in zip(settings[key], kept, strict=True) if keep]
    return changed


def _pruned(nodes: list[Any], dropped: Collection[str]) -> list[Any]:
    pruned = []
    for each in nodes:
        if isinstance(each, str):
            pruned.append(each)
        elif each.get("children"):
            children = _pruned(each["children"], dropped)
            if children:
                pruned.append({**each, "children": children})
        else:
            columns = [leaf for leaf in each.get("columns", [each.get("column", "")]) if leaf not in dropped]
            if columns:
                pruned.append({**each, "columns": columns})
    return pruned


def reworded(settings: Settings, words: Mapping[str, str]) -> Settings:
    """The statement with header words and labels of lines replaced."""
    changed = {**settings, "header": [_reworded_node(each, words) for each in settings["header"]]}
    if "sides" in settings:
        changed["sides"] = [
            {
                **side,
                **{
                    part: [_reworded_line(line, words) for line in side[part]]
                    for part in ("lines", "tail")
                    if isinstance(side.get(part), list)
                },
            }
            for side in settings["sides"]
        ]
    if "kinds" in settings:
        changed["kinds"] = [_reworded_line(line, words) for line in settings["kinds"]]
    return changed


def _reworded_node(each: Any, words: Mapping[str, str]) -> Any:
    if isinstance(each, str):
        return words.get(each, each)
    changed = {**each, "text": words.get(each.get("text", ""), each.get("text", ""))}
    if each.get("children"):
        changed["children"] = [_reworded_node(child, words) for child in each["children"]]
    return changed


def _reworded_line(line: list[str] | None, words: Mapping[str, str]) -> list[str] | None:
    if line is None:
        return None
    key, label = line[0], str(line[1])
    found = _NUMBERED.match(label)
    assert found is not None
    number, name = found.groups()
    return [key, words[label] if label in words else number + words.get(name, name)]
