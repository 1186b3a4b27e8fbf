"""Figures of the narrative that cannot stand beside one another.

Parts that do not make their total, shares that make another amount, lists that do not fit their count or
their mean, words that say which figure is larger, a reason that goes the other way than the change it
explains, the same fact printed twice. Every figure stands for half a unit of its last printed digit either
way; a printed 0 is nothing, without width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.statements.fault_rules import FaultRules, Lists, Repeated, Shares, Sum
from pipelines.statements.model import Claim, NarrativeFault
from pipelines.statements.narrative import Sentence

# How many sentences after its figures a sentence may still speak of them.
REACH = 3
# How many sentences may list the parts of one total.
MOST_PARTS = 40
_ROUNDED = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number with its unit and the words between it and the one before."""

    words: str
    printed: str
    unit: str
    start: int
    end: int

    @property
    def value(self) -> Decimal:
        """As printed, in its own unit."""
        return Decimal(self.printed.replace(",", ""))

    @property
    def half(self) -> Decimal:
        """Half of what its last printed digit is worth; nothing for a zero."""
        decimals = len(self.printed.partition(".")[2])
        return Decimal(1).scaleb(-decimals) / 2 if self.value else Decimal(0)


def figure_faults(
    rules: FaultRules, text: Sequence[Sentence], of_tables: Sequence[Sentence], claims: Sequence[Claim]
) -> Iterator[NarrativeFault]:
    """Faults among the figures of sentences, of running text in table cells, and of the claims."""
    by_sentence: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        by_sentence.setdefault((claim.section, claim.sentence), []).append(claim)
    for at, sentence in enumerate(text):
        yield from _sums(rules, sentence, text[at + 1 : at + 1 + MOST_PARTS])
    for sentence in (*text, *of_tables):
        yield from _lists(rules.lists, sentence)
    yield from _compared(rules, text, by_sentence)
    yield from _reasons(rules, text, by_sentence)
    for shares in rules.shares:
        yield from _shares(shares, text)
    yield from _repeated(rules.repeated, list(by_sentence.values()))


def _figures(text: str, unit: str) -> list[_Figure]:
    found: list[_Figure] = []
    end = 0
    for match in re.finditer(rf"(?<![\d.,])(\d+(?:,\d{{3}})*(?:\.\d+)?)({unit})", text):
        found.append(_Figure(text[end : match.start()], match[1], match[2], match.start(), match.end()))
        end = match.end()
    return found


# --- Parts and totals -----------------------------------------------------------------------------


def _sums(rules: FaultRules, sentence: Sentence, following: Sequence[Sentence]) -> Iterator[NarrativeFault]:
    for rule in rules.sums:
        if not re.search(rule.total.removesuffix("$"), sentence.text):
            continue
        text = sentence.text + _what_goes_on(rule, following)
        figures = _figures(text, rule.unit)
        for at, total in enumerate(figures):
            if total.start >= len(sentence.text) or not re.search(rule.total, total.words):
                continue
            parts = list(_parts(rule, total, figures[at + 1 :]))
            if len(parts) < rule.needs:
                continue
            if rule.relation == "equal":
                whole = re.search(rule.all_parts, text[total.start :]) is not None
                contradicted = _differs(total, parts, must_be_all=whole)
            else:
                contradicted = any(part.value - part.half > total.value + total.half for part in parts)
            if not contradicted:
                continue
            page, box = sentence.place(total.start)
            sign, told = ("≠", parts) if rule.relation == "equal" else (">", parts)
            added = "+".join(part.printed for part in told)
            summed = sum((part.value for part in parts), Decimal(0))
            calculation = (
                f"{added}={summed}{sign}{total.printed}" if len(told) > 1 else f"{added}{sign}{total.printed}"
            )
            yield NarrativeFault(
                kind=rules.sums_told.kind,
                rule=rule.id,
                severity=rules.sums_told.severity,
                section=sentence.section,
                printed=total.printed + total.unit,
                expected=f"{summed}{total.unit}",
                sentence=text,
                page=page,
                box=box,
                told_zh=rule.zh.format(calculation=calculation),
                told_en=rule.en.format(calculation=calculation),
            )


def _what_goes_on(rule: Sum, following: Sequence[Sentence]) -> str:
    """Sentences that tell parts of the same total: one with 其中, or a list as the rule has it."""
    if not rule.goes_on:
        return following[0].text if following and re.match("^,?其中", following[0].text) else ""
    told = ""
    for sentence in following:
        if not re.match(rule.goes_on, sentence.text):
            break
        told += sentence.text
    return told


def _parts(rule: Sum, total: _Figure, after: Sequence[_Figure]) -> Iterator[_Figure]:
    """The figures right after a total that its parts' words stand before, each word once."""
    left = list(rule.parts)
    begun = False
    for figure in after:
        if not begun and rule.passes and re.search(rule.passes, figure.words):
            continue
        begun = True
        fitting = next((words for words in left if re.search(words, figure.words)), None)
        if fitting is None or figure.unit != total.unit or re.search(rule.total, figure.words):
            return
        if len(rule.parts) > 1:
            left.remove(fitting)
        yield figure


def _differs(total: _Figure, parts: Sequence[_Figure], must_be_all: bool) -> bool:
    over = sum((part.value for part in parts), Decimal(0)) - total.value
    width = sum((part.half for part in parts), total.half)
    # Counts are no roundings.
    if not any("元" in figure.unit for figure in (total, *parts)):
        width = Decimal(0)
    return over > width or (must_be_all and -over > width)


def _shares(rule: Shares, text: Sequence[Sentence]) -> Iterator[NarrativeFault]:
    """Shares of kinds against the amount that all of them make."""
    whole: tuple[Sentence, _Figure] | None = None
    bases: dict[str, _Figure] = {}
    shares: dict[str, tuple[Sentence, _Figure]] = {}
    for sentence in text:
        if not re.search(rule.section, sentence.section):
            continue
        for figure in _figures(sentence.text, "万元|%"):
            if figure.unit == "万元" and whole is None and re.search(rule.whole, figure.words):
                whole = (sentence, figure)
            for name in rule.bases:
                if figure.unit == "万元" and name not in bases and re.search(rule.bases[name], figure.words):
                    bases[name] = figure
                if figure.unit == "%" and name not in shares and re.search(rule.parts[name], figure.words):
                    shares[name] = (sentence, figure)
    if whole is None or not shares or not set(shares) <= set(bases):
        return
    low, high = _bounds(shares, bases)
    amount = whole[1]
    # What no share is given for may add to it, but nothing takes away.
    told_all = all(name in shares or not base.value for name, base in bases.items())
    too_small = amount.value + amount.half < low
    too_large = told_all and amount.value - amount.half > high
    if not too_small and not too_large:
        return
    made = sum((figure.value * bases[name].value / 100 for name, (_, figure) in shares.items()), Decimal(0))
    expected = format(made.quantize(Decimal("0.01")), "f")
    calculation = "+".join(f"{bases[name].printed}×{figure.printed}%" for name, (_, figure) in shares.items())
    sentence, figure = next(iter(shares.values()))
    page, box = sentence.place(figure.start)
    printed = amount.printed + amount.unit
    yield NarrativeFault(
        kind=rule.kind,
        rule=rule.id,
        severity=rule.severity,
        section=sentence.section,
        printed=printed,
        expected=f"{expected}万元",
        sentence=sentence.text,
        page=page,
        box=box,
        told_zh=rule.zh.format(expected=expected, printed=printed, calculation=calculation),
        told_en=rule.en.format(expected=expected, printed=printed, calculation=calculation),
    )


def _bounds(
    shares: Mapping[str, tuple[Sentence, _Figure]], bases: Mapping[str, _Figure]
) -> tuple[Decimal, Decimal]:
    low = high = Decimal(0)
    for name, (_, share) in shares.items():
        base = bases[name]
        low += (share.value - share.half) * (base.value - base.half) / 100
        high += (share.value + share.half) * (base.value + base.half) / 100
    return low, high


def _lists(rule: Lists, sentence: Sentence) -> Iterator[NarrativeFault]:
    """A count, the values listed for it, their mean."""
    values_pattern = rule.values.replace("{unit}", f"(?:{rule.unit})")
    for counted in re.finditer(rule.count, sentence.text):
        listed = re.match(values_pattern, sentence.text[counted.end() :])
        if listed is None:
            continue
        values = _figures(listed[0], rule.unit)
        if len({value.unit for value in values}) != 1:
            continue
        mean = re.search(rule.mean, sentence.text[counted.end() + listed.end() :])
        found = sum((value.value for value in values), Decimal(0)) / len(values)
        wrong = [
            f"写“{counted[0].partition(',')[0]}”，列出{len(values)}个数值"
            if len(values) != int(counted["count"])
            else ""
        ]
        if mean is not None and mean["unit"] == values[0].unit:
            half = _Figure("", mean["mean"], "", 0, 0).half
            if abs(found - Decimal(mean["mean"])) > half:
                shown = format(found.quantize(_ROUNDED), "f")
                wrong.append(f"平均应为{shown}{mean['unit']}，写为{mean['mean']}{mean['unit']}")
        if not any(wrong):
            continue
        page, box = sentence.place(counted.start())
        calculation = "；".join(filter(None, wrong))
        yield NarrativeFault(
            kind=rule.kind,
            rule="lists",
            severity=rule.severity,
            section=sentence.section,
            # The same list may be printed in several places.
            printed=listed[0],
            expected=str(len(values)),
            sentence=sentence.text,
            page=page,
            box=box,
            told_zh=rule.zh.format(calculation=calculation),
            told_en=rule.en.format(calculation=calculation),
        )


# --- Words and figures ----------------------------------------------------------------------------


def _compared(
    rules: FaultRules, text: Sequence[Sentence], by_sentence: Mapping[tuple[str, str], Sequence[Claim]]
) -> Iterator[NarrativeFault]:
    """“决算数大于年初预算数” against the two figures before these words."""
    told = rules.compared_told
    for at, sentence in enumerate(text):
        for rule in rules.compared:
            match = re.search(rule.says, sentence.text)
            if match is None:
                continue
            figures = _spoken_of(text, at, by_sentence, rule.figure)
            own = [claim for claim in figures if claim.claim_kind in rule.figure]
            other = [claim for claim in figures if claim.claim_kind in rule.against]
            # Of several finals it is not sure which is meant.
            if len(own) != 1 or not other or not all(_contradicts(rule.word, own[0], o) for o in other):
                continue
            # A percentage that says so too: the amounts are as good as equal, or it is they that are wrong.
            if any(_agrees(rule.word, claim) for claim in figures if claim.claim_kind == "completion"):
                continue
            sign = "=" if own[0].value == other[-1].value else "<" if own[0].value < other[-1].value else ">"
            calculation = f"{own[0].value_printed}{sign}{other[-1].value_printed}"
            page, box = sentence.place(match.start())
            yield NarrativeFault(
                kind=told.kind,
                rule="compared",
                severity=told.severity,
                section=sentence.section,
                printed=match[0],
                expected=calculation,
                # The figures may stand in the sentence before.
                sentence=sentence.text
                if own[0].sentence == sentence.text
                else own[0].sentence + sentence.text,
                page=page,
                box=box,
                told_zh=told.zh.format(calculation=calculation),
                told_en=told.en.format(calculation=calculation),
            )
            break


def _spoken_of(
    text: Sequence[Sentence],
    at: int,
    by_sentence: Mapping[tuple[str, str], Sequence[Claim]],
    kinds: Sequence[str],
) -> Sequence[Claim]:
    """The claims of the nearest sentence, this one or one before in its section, that has such a figure."""
    for back in range(at, max(-1, at - REACH - 1), -1):
        if text[back].section != text[at].section:
            return ()
        claims = by_sentence.get((text[back].section, text[back].text), ())
        if any(claim.claim_kind in kinds for claim in claims):
            return claims
        # Figures of something else stand between.
        if claims:
            return ()
    return ()


def _contradicts(word: str, own: Claim, other: Claim) -> bool:
    """Whether the words cannot be true, whatever was rounded off; of equal figures they are not."""
    width = (own.precision + other.precision) / 2
    if word == "larger":
        return own.value == other.value or own.value + width <= other.value
    if word == "smaller":
        return own.value == other.value or own.value - width >= other.value
    return abs(own.value - other.value) > width


def _agrees(word: str, completion: Claim) -> bool:
    """Whether 完成预算的 …% is on the side of the words."""
    if word == "equal":
        return completion.value == 100
    return completion.value > 100 if word == "larger" else completion.value < 100


def _reasons(
    rules: FaultRules, text: Sequence[Sentence], by_sentence: Mapping[tuple[str, str], Sequence[Claim]]
) -> Iterator[NarrativeFault]:
    """A change in one direction, explained by the same amount going in the other."""
    rule = rules.reasons
    for at, sentence in enumerate(text):
        claims = by_sentence.get((sentence.section, sentence.text), ())
        changes = [c for c in claims if c.claim_kind in ("change", "growth") and c.value]
        directions = {change.direction for change in changes}
        if len(directions) != 1:
            continue
        (direction,) = directions
        end = max(sentence.text.rfind(change.value_printed) + len(change.value_printed) for change in changes)
        rest = sentence.text[end:].lstrip(",:")
        place, reason = (sentence, rest) if len(rest) > 1 else (sentence, "")
        if not reason and at + 1 < len(text) and text[at + 1].section == sentence.section:
            place, reason = text[at + 1], text[at + 1].text
        opening = re.match(rule.says, reason)
        if opening is None:
            continue
        against = rule.decrease if direction == "increase" else rule.increase
        if not re.match(against, reason[opening.end() :]):
            continue
        before = changes[-1]
        word = ("增加" if direction == "increase" else "减少") + before.value_printed
        page, box = place.place(len(place.text) - len(reason))
        yield NarrativeFault(
            kind=rule.kind,
            rule="reasons",
            severity=rule.severity,
            section=place.section,
            printed=reason,
            expected=word,
            sentence=sentence.text if place is sentence else sentence.text + place.text,
            page=page,
            box=box,
            told_zh=rule.zh.format(before=word),
            told_en=rule.en.format(before=word),
        )


def _repeated(rule: Repeated, groups: Sequence[Sequence[Claim]]) -> Iterator[NarrativeFault]:
    """The same figures for the same thing in two sentences, all alike but one."""
    told = [
        group
        for group in groups
        if len(group) >= rule.figures and re.search(rule.subject, group[0].subject) is not None
    ]
    known: set[tuple[str, str]] = set()
    for at, later in enumerate(told):
        for earlier in told[:at]:
            if [c.claim_kind for c in earlier] != [c.claim_kind for c in later]:
                continue
            pairs = list(zip(earlier, later, strict=True))
            apart = [(a, b) for a, b in pairs if abs(a.value - b.value) > (a.precision + b.precision) / 2]
            telling = [
                a
                for a, b in pairs
                if (a, b) not in apart
                and a.unit == "yuan"
                and len(re.sub(r"\D", "", a.value_printed)) >= rule.digits
            ]
            if len(apart) != 1 or len(telling) < 2:
                continue
            ((first, second),) = apart
            # Printed a third time it is the same question.
            if (first.value_printed, second.value_printed) in known:
                break
            known.add((first.value_printed, second.value_printed))
            fields = {
                "printed": second.value_printed,
                "expected": first.value_printed,
                "other_page": first.page,
            }
            yield NarrativeFault(
                kind=rule.kind,
                rule="repeated",
                severity=rule.severity,
                section=second.section,
                printed=second.value_printed,
                expected=first.value_printed,
                sentence=second.sentence,
                page=second.page,
                box=second.box,
                told_zh=rule.zh.format(**fields),
                told_en=rule.en.format(**fields),
            )
            break
