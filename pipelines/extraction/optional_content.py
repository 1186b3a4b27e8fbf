"""Optional content: which parts of a page are shown when the file is opened (ISO 32000-1, 8.11).

Readers differ where a group's own usage says that it is not to be viewed and the file does not ask for it to
be applied: browsers hide it, others show it. It is taken as not seen, so that it is told and is no figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pdfminer.pdftypes import PDFObjRef

from pipelines.extraction.pdf_objects import name_of, resolved

#: Visibility expressions and references nested deeper than this are an attack.
_DEEPEST = 20
#: A visibility expression of more parts than this is an attack.
_MOST_PARTS = 1000


@dataclass(frozen=True, slots=True)
class Layers:
    """The groups of a file, by object number: all there are, and those that are off when it is opened."""

    groups: frozenset[int] = frozenset()
    off: frozenset[int] = frozenset()

    def is_off(self, member: Any) -> bool:
        """Whether what belongs to a group or a membership dictionary (8.11.2) is not shown."""
        if not self.groups or member is None:
            return False
        for _ in range(_DEEPEST):
            if not isinstance(member, PDFObjRef) or member.doc is None:
                break
            if member.objid in self.groups:
                return member.objid in self.off
            try:
                member = member.doc.getobj(member.objid)  # one step: groups are told by their numbers
            except Exception:
                return False
        if not isinstance(member, dict) or name_of(member.get("Type")) != "OCMD":
            return False
        expression = resolved(member.get("VE"))
        if isinstance(expression, list):
            shown = self._holds(expression, 0, iter(range(_MOST_PARTS)))
            if shown is not None:
                return not shown
        return not self._is_shown(member)

    def _is_shown(self, member: Mapping[str, Any]) -> bool:
        """Whether a membership dictionary's groups are as its policy wants them (8.11.2.2)."""
        groups = resolved(member.get("OCGs"))
        listed = groups if isinstance(groups, list) else [member.get("OCGs")]
        are_off = [one.objid in self.off for one in listed if isinstance(one, PDFObjRef)]
        if not are_off:
            return True
        policy = name_of(resolved(member.get("P")))
        if policy == "AllOn":
            return not any(are_off)
        if policy == "AnyOff":
            return any(are_off)
        if policy == "AllOff":
            return all(are_off)
        return not all(are_off)

    def _holds(self, expression: Any, depth: int, left: Iterator[int]) -> bool | None:
        """Whether a visibility expression holds; None where it is none or goes too deep."""
        if isinstance(expression, PDFObjRef) and expression.objid in self.groups:
            return expression.objid not in self.off
        expression = resolved(expression)
        if depth > _DEEPEST or next(left, None) is None or not isinstance(expression, list) or not expression:
            return None
        operator = name_of(expression[0])
        parts = [self._holds(part, depth + 1, left) for part in expression[1:]]
        if not parts or None in parts:
            return None
        if operator == "Not":
            return not parts[0] if len(parts) == 1 else None
        return all(parts) if operator == "And" else any(parts) if operator == "Or" else None


def layers_of(catalogue: Mapping[str, Any]) -> Layers:
    """The groups of a file and which of them are off when it is opened for viewing (8.11.4.3)."""
    properties = resolved(catalogue.get("OCProperties"))
    if not isinstance(properties, dict):
        return Layers()
    default = resolved(properties.get("D"))
    default = default if isinstance(default, dict) else {}
    groups = _references(properties.get("OCGs"))
    off = set(_references(default.get("OFF")))
    if name_of(resolved(default.get("BaseState"))) == "OFF":
        off |= groups.keys() - _references(default.get("ON")).keys()
    groups |= _references(default.get("OFF"))
    automatic = _set_by_usage(default)
    for number, group in groups.items():
        wanted = _usage(group)
        if wanted is False:
            off.add(number)
        elif wanted and number in automatic:
            off.discard(number)
        if not _is_for_viewing(group):
            off.discard(number)
    return Layers(frozenset(groups), frozenset(off))


def _references(value: Any) -> dict[int, PDFObjRef]:
    listed = resolved(value)
    return (
        {one.objid: one for one in listed if isinstance(one, PDFObjRef)} if isinstance(listed, list) else {}
    )


def _set_by_usage(default: Mapping[str, Any]) -> set[int]:
    """The groups that are set by their usage when the file is opened for viewing (8.11.4.4)."""
    found: set[int] = set()
    listed = resolved(default.get("AS"))
    for one in map(resolved, listed if isinstance(listed, list) else []):
        if not isinstance(one, dict) or name_of(resolved(one.get("Event"))) != "View":
            continue
        categories = resolved(one.get("Category"))
        if isinstance(categories, list) and "View" in [name_of(resolved(each)) for each in categories]:
            found |= _references(one.get("OCGs")).keys()
    return found


def _usage(group: PDFObjRef) -> bool | None:
    """Whether a group's usage says that it is to be viewed (8.11.4.4); None where it says nothing."""
    entries = resolved(group)
    usage = resolved(entries.get("Usage")) if isinstance(entries, dict) else None
    view = resolved(usage.get("View")) if isinstance(usage, dict) else None
    state = name_of(resolved(view.get("ViewState"))) if isinstance(view, dict) else None
    return None if state not in ("ON", "OFF") else state == "ON"


def _is_for_viewing(group: PDFObjRef) -> bool:
    """Whether a group is meant to be shown and hidden at all, not only for its author's use (8.11.2.1)."""
    entries = resolved(group)
    intent = resolved(entries.get("Intent")) if isinstance(entries, dict) else None
    names = [name_of(resolved(one)) for one in (intent if isinstance(intent, list) else [intent])]
    return intent is None or "View" in names or "All" in names
