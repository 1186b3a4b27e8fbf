"""What identities prove about figures in doubt: on a small table whose every figure is known by hand.

Rows have a total of basic and project; the last row is the sum of the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from pipelines.warehouse.equations import Equation
from pipelines.warehouse.repair import Figure, Proposal, Solution, solve
from tests.warehouse.misreadings import CONFUSED

#: Rows r1, r2, r3 and their sum; columns t (total), b (basic), p (project).
TRUE: Mapping[str, str] = {
    "r1t": "813.49", "r1b": "513.00", "r1p": "300.49",
    "r2t": "105.95", "r2b": "85.95", "r2p": "20.00",
    "r3t": "411.20", "r3b": "400.20", "r3p": "11.00",
    "st": "1330.64", "sb": "999.15", "sp": "331.49",
}  # fmt: skip
ROWS = ("r1", "r2", "r3")


def equation(name: str, reported: str, *parts: str, blanks: Sequence[str] = ()) -> Equation:
    weights = ((reported, 1), *((part, -1) for part in parts))
    return Equation(name, "", "eq", weights, frozenset(blanks))


EQUATIONS = [
    *(equation(f"row {row}", f"{row}t", f"{row}b", f"{row}p") for row in (*ROWS, "s")),
    *(equation(f"column {c}", f"s{c}", *(f"{row}{c}" for row in ROWS)) for c in "tbp"),
]


def figure(cell: str, read: str, *offered: str, is_recognised: bool = True) -> Figure:
    proposals = tuple(Proposal(text, Decimal(text), Decimal("0.01"), 0.3) for text in offered)
    return Figure(cell, Decimal(read), Decimal("0.01"), is_recognised, proposals)


def solved(
    read: Mapping[str, tuple[str, ...]], equations: Sequence[Equation] = EQUATIONS, **true: str
) -> Solution:
    """The solution where cells were read so, each with what else it may be; the others are read right."""
    figures = [figure(cell, *read.get(cell, (text,))) for cell, text in (TRUE | true).items()]
    return solve(figures, equations)


def repairs(solution: Solution) -> dict[str, str]:
    return {each.cell_id: each.proposal.printed for each in solution.proved}


def test_a_digit_is_repaired_where_row_and_column_prove_it() -> None:
    solution = solved({"r1b": ("518.00", "513.00", "516.00")})
    (proved,) = solution.proved
    assert (proved.cell_id, proved.proposal.printed) == ("r1b", "513.00")
    assert [each.identity_id for each in proved.proof] == ["row r1", "column b"]
    assert proved.together == ()
    assert solution.in_doubt == frozenset()


def test_a_digit_that_no_reader_proposed_is_never_invented() -> None:
    solution = solved({"r1b": ("518.00", "516.00")})
    assert solution.proved == ()
    # Row and column together leave only this figure, whatever it were.
    assert solution.in_doubt == {"r1b"}


def test_figures_of_a_text_layer_are_never_repaired_nor_doubted() -> None:
    figures = [
        figure(cell, "518.00" if cell == "r1b" else text, "513.00", is_recognised=False)
        for cell, text in TRUE.items()
    ]
    assert solve(figures, EQUATIONS) == Solution()


def test_one_identity_proves_nothing() -> None:
    equations = [each for each in EQUATIONS if not each.identity_id.startswith("column")]
    solution = solved({"r1b": ("518.00", "513.00")}, equations)
    assert solution.proved == ()
    assert "r1b" in solution.in_doubt


def test_two_readings_that_fit_leave_the_figure_in_doubt() -> None:
    # A misprint in the last digit lies within what rounding explains.
    solution = solved({"r1b": ("518.00", "513.00", "513.01")})
    assert solution.proved == ()
    assert "r1b" in solution.in_doubt


def test_another_combination_with_more_changes_leaves_all_in_doubt() -> None:
    # r1b alone explains it; so do r2b and the three that then must change too.
    read = {"r1b": ("518.00", "513.00"), "r1p": ("300.49", "295.49")}
    more = {"sb": ("999.15", "1004.15"), "sp": ("331.49", "326.49")}
    assert repairs(solved(read)) == {"r1b": "513.00"}
    assert solved(read | more).proved == ()


def test_two_errors_in_one_column_are_proved_together() -> None:
    solution = solved({"r1b": ("518.00", "513.00"), "r2b": ("35.95", "85.95", "86.95")})
    assert repairs(solution) == {"r1b": "513.00", "r2b": "85.95"}
    assert [each.together for each in solution.proved] == [("r2b",), ("r1b",)]


def test_a_wrong_figure_that_nobody_doubts_is_not_covered_by_another_one() -> None:
    # r1b is misread and not doubted; what is in doubt beside it has a digit that would fit the row.
    solution = solved({"r1b": ("518.00",), "r1t": ("813.49", "818.49")})
    assert solution.proved == ()
    assert "r1b" in solution.in_doubt


def test_the_same_number_misread_alike_in_two_places_outvotes_no_third() -> None:
    """t1 and t3 print the same number and were misread alike, surely; t2 was read right, with doubt."""
    figures = [
        figure("t1", "128.45"),
        figure("t2", "123.45", "128.45"),
        figure("t3", "128.45"),
    ]
    same = [equation("one", "t1", "t2"), equation("two", "t2", "t3"), equation("three", "t1", "t3")]
    assert solve(figures, same).proved == ()


def test_a_figure_missed_in_a_blank_place_is_an_explanation_too() -> None:
    equations = [
        replace(each, blanks=frozenset({"r1x"})) if each.identity_id in ("row r1", "column b") else each
        for each in EQUATIONS
    ]
    assert solved({"r1b": ("518.00", "513.00")}, equations).proved == ()
    # ... unless another identity, which holds, reads nothing there.
    also = equation("elsewhere", "r2t", "r2b", "r2p", blanks=["r1x"])
    kept = [each for each in equations if each.identity_id != "row r2"]
    assert repairs(solved({"r1b": ("518.00", "513.00")}, [*kept, also])) == {"r1b": "513.00"}


def test_nothing_is_proved_by_figures_that_do_not_add_up_elsewhere() -> None:
    wrong = equation("summary", "sb", "x")
    figures = [
        figure(cell, *({"r1b": ("518.00", "513.00")}.get(cell, (text,)))) for cell, text in TRUE.items()
    ]
    assert solve([*figures, figure("x", "999.00")], [*EQUATIONS, wrong]).proved == ()


def test_identities_that_say_the_same_count_once() -> None:
    twice = [equation("again", "r1t", "r1p", "r1b"), *EQUATIONS[:4]]
    assert solved({"r1b": ("518.00", "513.00")}, twice).proved == ()


def test_containment_proves_nothing_and_may_not_be_broken() -> None:
    most = Equation("at most", "", "le", (("r1b", 1), ("limit", -1)))
    figures = [
        figure(cell, *({"r1b": ("518.00", "513.00")}.get(cell, (text,)))) for cell, text in TRUE.items()
    ]
    rows_only = [each for each in EQUATIONS if not each.identity_id.startswith("column")]
    limit = figure("limit", "515.00")
    assert solve([*figures, limit], [*rows_only, most]).proved == ()
    assert repairs(solve([*figures, limit], [*EQUATIONS, most])) == {"r1b": "513.00"}
    least = Equation("at least", "", "le", (("limit", 1), ("r1b", -1)))
    assert solve([*figures, limit], [*EQUATIONS, least]).proved == ()


@pytest.mark.parametrize("read", ["51.30", "5130.00", "53.00"])
def test_a_missing_character_is_a_reading_like_others(read: str) -> None:
    assert repairs(solved({"r1b": (read, "513.00")})) == {"r1b": "513.00"}


def test_too_many_combinations_are_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.warehouse.repair.MOST_SETS", 0)
    solution = solved({"r1b": ("518.00", "513.00")})
    assert solution.proved == ()
    assert "r1b" in solution.in_doubt


def chance_table(random: Random) -> tuple[dict[str, Decimal], list[Equation]]:
    """Two statements with the same small round amounts, so that differences agree by chance.

    Rows add up to totals, columns to sums, the two statements' totals are equal; not all of it is asked.
    """
    rows = [f"r{k}" for k in range(random.randint(2, 6))]
    true: dict[str, Decimal] = {}
    equations: list[Equation] = []
    for statement in "AB":
        for row in rows:
            for column in "bp":
                small = Decimal(random.choice([0, 1, 2, 3, 5, 8, 10, 13, 30, 33, 80]))
                true[f"{statement}{row}{column}"] = true.get(f"A{row}{column}", small)
            true[f"{statement}{row}t"] = true[f"{statement}{row}b"] + true[f"{statement}{row}p"]
        for column in "tbp":
            parts = [f"{statement}{row}{column}" for row in rows]
            true[f"{statement}s{column}"] = sum((true[part] for part in parts), Decimal(0))
            equations.append(equation(f"{statement} column {column}", f"{statement}s{column}", *parts))
        for row in (*rows, "s"):
            cells = (f"{statement}{row}{column}" for column in "tbp")
            equations.append(equation(f"{statement} row {row}", *cells))
    same = [*(f"s{column}" for column in "tbp"), *(f"{row}t" for row in rows)]
    equations += [equation(f"same {place}", f"A{place}", f"B{place}") for place in same]
    return true, [each for each in equations if random.random() < 0.85]


def test_numbers_that_agree_by_chance_are_no_proof() -> None:
    """Errors in doubt and not, proposals true and false, a number misread alike: nothing wrong is proved."""
    right = 0
    for seed in range(400):
        random = Random(seed)
        true, equations = chance_table(random)
        rate = random.choice([0.02, 0.06, 0.15])
        alike: dict[str, str] = {}
        figures: list[Figure] = []
        for cell, amount in true.items():
            printed = read = f"{amount:.2f}"
            at = random.choice([k for k, character in enumerate(printed) if character.isdigit()])
            other = printed[:at] + random.choice(CONFUSED[printed[at]]) + printed[at + 1 :]
            offered: list[str] = []
            point = random.random()
            if printed in alike and random.random() < 0.5:
                read = alike[printed]
            elif point < rate:
                read = other
                if random.random() < 0.5:
                    alike[printed] = read
            elif point < 2 * rate:
                read, offered = other, [printed]
            if random.random() < 4 * rate:
                offered += [read[:at] + digit + read[at + 1 :] for digit in CONFUSED[read[at]]]
            figures.append(figure(cell, read, *(text for text in dict.fromkeys(offered) if text != read)))
        solution = solve(figures, equations)
        for proved in solution.proved:
            assert proved.proposal.amount_yuan == true[proved.cell_id], (seed, proved)
        right += len(solution.proved)
    assert right > 40
