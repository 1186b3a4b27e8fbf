"""What is at fault where identities contradict each other: on small tables known by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import pytest

from pipelines.warehouse.contradictions import Contradiction, PrintedFigure, find_contradictions
from pipelines.warehouse.equations import Equation
from pipelines.warehouse.slips import Slip, digits_changed, slip_between

#: Rows r1 to r4 and their sum s; columns t (total) = b (basic) + p (project).
TRUE: Mapping[str, str] = {
    "r1t": "813.49", "r1b": "513.00", "r1p": "300.49",
    "r2t": "105.95", "r2b": "85.95", "r2p": "20.00",
    "r3t": "411.20", "r3b": "400.20", "r3p": "11.00",
    "r4t": "77.07", "r4b": "70.07", "r4p": "7.00",
    "st": "1407.71", "sb": "1069.22", "sp": "338.49",
}  # fmt: skip
ROWS = ("r1", "r2", "r3", "r4")
CENT = Decimal("0.01")


def wan(text: str) -> Decimal:
    """An amount in 万元, in yuan."""
    return Decimal(text) * 10_000


def equation(name: str, reported: str, *parts: str, relation: str = "eq") -> Equation:
    weights = ((reported, 1), *((part, -1) for part in parts))
    return Equation(name, "", relation, weights, verdict="?", disclosure_id="d")  # type: ignore[arg-type]


EQUATIONS = [
    *(equation(f"row {row}", f"{row}t", f"{row}b", f"{row}p") for row in (*ROWS, "s")),
    *(equation(f"column {c}", f"s{c}", *(f"{row}{c}" for row in ROWS)) for c in "tbp"),
]
YUAN = {"元": 1, "百元": 100, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}


def figure(name: str, printed: str, *, statement: str = "doc-1", unit: str = "万元") -> PrintedFigure:
    """A figure printed to a hundredth; an empty text is a blank place. Rows stand in the order of ROWS."""
    row = [*ROWS, "s"].index(name[:-1]) if name[:-1] in (*ROWS, "s") else 0
    yuan = {"元": 1, "百元": 100, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}[
        unit
    ]
    amount, precision = Decimal(printed or 0) * yuan, CENT * yuan
    return PrintedFigure(name, amount, precision, 2, statement, row, name[-1], unit, is_blank=not printed)


def explained(equations: Iterable[Equation] = EQUATIONS, **printed: str) -> list[Contradiction]:
    figures = {name: figure(name, text) for name, text in (TRUE | printed).items()}
    return find_contradictions(figures, list(equations))


def symptoms(contradiction: Contradiction) -> set[str]:
    return {symptom.identity_id for symptom in contradiction.symptoms}


def test_what_adds_up_is_not_contradicted() -> None:
    assert explained() == []


def test_one_wrong_figure_is_one_contradiction_that_names_it() -> None:
    (found,) = explained(r2p="20.60")
    assert found.kind == "figure"
    assert symptoms(found) == {"row r2", "column p"}
    suspect = found.suspects[0]
    assert (suspect.figure_id, suspect.value_yuan, suspect.slip) == ("r2p", wan("20.00"), Slip.ONE_DIGIT)
    # The row leaves 0.015 to each side of 20.00.
    assert (suspect.low_yuan, suspect.high_yuan) == (wan("19.99"), wan("20.01"))
    assert len(found.suspects) == 1


def test_a_total_that_is_wrong_is_named_and_not_what_it_adds_up() -> None:
    (found,) = explained(st="1407.17")
    assert (found.suspects[0].figure_id, found.suspects[0].value_yuan) == ("st", wan("1407.71"))
    assert symptoms(found) == {"row s", "column t"}


def test_two_wrong_figures_are_two_contradictions() -> None:
    found = explained(r1b="518.00", r3p="17.00")
    assert [(c.suspects[0].figure_id, c.suspects[0].value_yuan) for c in found] == [
        ("r1b", wan("513.00")),
        ("r3p", wan("11.00")),
    ]
    assert [symptoms(c) for c in found] == [{"row r1", "column b"}, {"row r3", "column p"}]


def test_two_wrong_figures_of_one_row_are_told_apart_by_their_columns() -> None:
    found = explained(r1b="518.00", r1t="873.49")
    assert {c.suspects[0].figure_id: c.suspects[0].value_yuan for c in found if c.suspects} == {
        "r1b": wan("513.00"),
        "r1t": wan("813.49"),
    }


def test_a_blank_may_be_the_one_cause() -> None:
    (found,) = explained(r3b="")
    suspect = found.suspects[0]
    assert (suspect.figure_id, suspect.value_yuan, suspect.slip) == ("r3b", wan("400.20"), Slip.BLANK)
    assert symptoms(found) == {"row r3", "column b"}


def test_where_nothing_decides_all_that_are_as_likely_are_told() -> None:
    lone = [equation("row", "xt", "xb", "xp")]
    figures = {name: figure(name, text) for name, text in {"xt": "9.00", "xb": "5.00", "xp": "3.00"}.items()}
    (found,) = find_contradictions(figures, lone)
    assert {s.figure_id: s.value_yuan for s in found.suspects if s.is_tied} == {
        "xt": wan("8.00"),
        "xb": wan("6.00"),
        "xp": wan("4.00"),
    }


def test_what_other_identities_confirm_is_not_suspected() -> None:
    # r1b is confirmed by its column, and moving it would break that; so only r1t and r1p are left, and
    # of these r1p stands in no other identity.
    without = [each for each in EQUATIONS if each.identity_id not in ("column p", "column t")]
    (found,) = explained(without, r1t="113.49")
    assert {s.figure_id for s in found.suspects} == {"r1t", "r1p"}
    # One digit is likelier than a whole figure of another sign.
    assert found.suspects[0].figure_id == "r1t"
    assert not found.suspects[1].is_tied


def test_an_identity_that_nothing_explains_stands_alone() -> None:
    # Both sides are confirmed by identities of their own.
    equations = [
        equation("a", "ax", "ay", "az"),
        equation("b", "bx", "by", "bz"),
        equation("between", "ax", "bx"),
        equation("a again", "ax", "aw"),
        equation("b again", "bx", "bw"),
    ]
    printed = {"ax": "5.00", "ay": "2.00", "az": "3.00", "aw": "5.00"}
    printed |= {"bx": "6.00", "by": "2.00", "bz": "4.00", "bw": "6.00"}
    (found,) = find_contradictions({name: figure(name, text) for name, text in printed.items()}, equations)
    assert (found.kind, found.suspects, symptoms(found)) == ("figures", (), {"between"})


def test_figures_in_each_others_places() -> None:
    (found,) = explained(r4b="7.00", r4p="70.07")
    assert found.kind == "exchange"
    assert {s.figure_id: s.value_yuan for s in found.suspects} == {
        "r4b": wan("70.07"),
        "r4p": wan("7.00"),
    }
    assert symptoms(found) == {"column b", "column p"}


@pytest.mark.parametrize("unit", ["元", "百元", "千元", "百万元", "亿元"])
def test_another_unit_explains_a_statement_at_once(unit: str) -> None:
    """Every unit of the catalogue that a statement in 万元 may print by mistake."""
    figures = {name: figure(name, text) for name, text in TRUE.items()}
    figures |= {
        name: figure(name, text, statement="doc-2", unit=unit)
        for name, text in {"ct": "813.49", "dt": "1407.71"}.items()
    }
    across = [equation("across r1", "r1t", "ct"), equation("across s", "st", "dt")]
    (found,) = find_contradictions(figures, [*EQUATIONS, *across])
    # Either may have slipped; the smaller statement is asked.
    assert (found.kind, found.statement_key, found.unit) == ("unit", "doc-2", "万元")
    assert symptoms(found) == {"across r1", "across s"}


def test_what_is_printed_to_the_fen_is_rounded_if_its_unit_is_larger() -> None:
    figures = {name: figure(name, text) for name, text in TRUE.items()}
    # 0.01 万元 more than the other statement, which is rounding; in 元 it would be exact.
    figures |= {
        name: figure(name, text, statement="doc-2", unit="元")
        for name, text in {"ct": "813.50", "dt": "1407.71"}.items()
    }
    across = [equation("across r1", "r1t", "ct"), equation("across s", "st", "dt")]
    (found,) = find_contradictions(figures, [*EQUATIONS, *across])
    assert (found.kind, found.statement_key, found.unit) == ("unit", "doc-2", "万元")


def test_amounts_that_slid_against_their_names() -> None:
    # All of the column of totals stands one row too high from the second row on.
    slid = {"r2t": TRUE["r3t"], "r3t": TRUE["r4t"], "r4t": TRUE["st"], "st": ""}
    (found,) = explained(**slid)
    assert (found.kind, found.statement_key, found.column_id, found.moved) == ("rows", "doc-1", "t", 1)
    assert {"row r2", "row r3", "row r4"} <= symptoms(found)


def test_what_holds_one_by_one_may_not_hold_together() -> None:
    # x would have to be 10.005 for y and 9.995 for z.
    equations = [equation("x and y", "xt", "yt"), equation("x and z", "xt", "zt")]
    printed = {"xt": "10.00", "yt": "10.01", "zt": "9.99"}
    (found,) = find_contradictions({name: figure(name, text) for name, text in printed.items()}, equations)
    assert found.is_joint
    assert symptoms(found) == {"x and y", "x and z"}
    # x stands between the two, and no value of it helps.
    assert {s.figure_id for s in found.suspects} == {"yt", "zt"}


def test_what_is_printed_to_the_fen_is_exact() -> None:
    # 0.01 yuan is within the rounding of either identity, but there is nothing to round.
    printed = TRUE | {"r2p": "20.01"}
    figures = {name: figure(name, text, unit="元") for name, text in printed.items()}
    (found,) = find_contradictions(figures, EQUATIONS)
    assert found.is_joint
    assert (found.suspects[0].figure_id, found.suspects[0].value_yuan) == ("r2p", Decimal("20.00"))
    assert found.suspects[0].is_only_value
    # In 万元 it is nothing.
    assert explained(r2p="20.01") == []
    # And one identity alone is told by its verdict.
    lone = [equation("row", "xt", "xb")]
    two = {name: figure(name, text, unit="元") for name, text in {"xt": "9.00", "xb": "9.01"}.items()}
    assert find_contradictions(two, lone) == []


def test_what_can_be_rounded_both_ways_holds_together() -> None:
    equations = [equation("x and y", "xt", "yt"), equation("x and z", "xt", "zt")]
    printed = {"xt": "10.00", "yt": "10.01", "zt": "10.01"}
    assert find_contradictions({n: figure(n, text) for n, text in printed.items()}, equations) == []


def test_a_part_must_not_be_more_than_its_whole() -> None:
    equations = [equation("part", "xp", "xt", relation="le"), equation("row", "xt", "xa", "xb")]
    printed = {"xp": "12.00", "xt": "10.00", "xa": "4.00", "xb": "6.00"}
    (found,) = find_contradictions({name: figure(name, text) for name, text in printed.items()}, equations)
    (suspect,) = found.suspects
    assert (suspect.figure_id, suspect.value_yuan, suspect.high_yuan) == ("xp", None, wan("10.005"))
    assert suspect.low_yuan is None


@pytest.mark.parametrize(
    ("printed", "meant", "slip"),
    [
        (123456, 123457, Slip.ONE_DIGIT),
        (52, 352, Slip.ONE_DIGIT),  # 0.52 for 3.52
        (124209, 122409, Slip.ONE_DIGIT),  # two exchanged
        (12345, 123456, Slip.ONE_MORE_OR_LESS),
        (123400, 1234, Slip.ONE_MORE_OR_LESS),
        (-1234, 1234, Slip.ONE_MORE_OR_LESS),
        (1728, 1608, Slip.OTHER),
        (1000, 999, Slip.OTHER),
    ],
)
def test_slips_of_print(printed: int, meant: int, slip: Slip) -> None:
    assert slip_between(printed, meant, 2) == slip
    assert slip_between(meant, printed, 2) == slip


def test_places_in_which_numbers_differ() -> None:
    assert digits_changed(137790, 138190) == 2
    assert digits_changed(137790, 138189) == 4
    assert digits_changed(5, 105) == 1
