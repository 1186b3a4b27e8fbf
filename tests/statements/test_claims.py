"""Claims of the narrative: sentences over line and page ends, what a figure is, what it must agree with."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extraction.model import Box, Page, ReadDocument, TextLine
from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.claim_grammar import load_grammar
from pipelines.statements.claims import figures_not_understood, read_claims
from pipelines.statements.listed_items import listed_items
from pipelines.statements.model import Claim, DocumentKind
from pipelines.statements.naming import row_key_of
from pipelines.statements.narrative import sentences
from pipelines.statements.reading import understand


def document(*pages: list[str]) -> ReadDocument:
    """A document of running text: one list of printed lines per page."""
    made = []
    for number, lines in enumerate(pages, start=1):
        printed = tuple(
            TextLine(number, text, Box(80, 100 + 20 * at, 500, 114 + 20 * at))
            for at, text in enumerate(lines)
        )
        made.append(Page(number, 595, 842, 0, printed, ()))
    return ReadDocument("d" * 16, "read", len(made), tuple(made), ())


def test_a_sentence_broken_by_the_page_end_is_one_and_keeps_the_place_of_each_figure() -> None:
    read = document(
        [
            "一、收入支出决算总体情况说明",
            "2023年度收、支总计3, 295.68 万元。与上年相比，收、支总计各",
            "- 1 -",
        ],
        ["增加 85.51 万元，增长2.7%。"],
    )
    assert [s.text for s in sentences(read)] == [
        "2023年度收、支总计3,295.68万元。",
        "与上年相比,收、支总计各增加85.51万元,增长2.7%。",
    ]
    claims = read_claims(read, "final_accounts")
    assert [(c.claim_kind, c.value, c.unit, c.precision, c.direction, c.page) for c in claims] == [
        ("amount", Decimal("32956800"), "yuan", Decimal("100"), "none", 1),
        ("change", Decimal("855100"), "yuan", Decimal("100"), "increase", 2),
        ("growth", Decimal("2.7"), "percent", Decimal("0.1"), "increase", 2),
    ]
    assert claims[0].about == "final_summary/grand_total_revenue/amount"
    assert claims[0].section == "一、收入支出决算总体情况说明"
    assert claims[1].box.top == 100


@pytest.mark.parametrize(
    ("sentence", "kind", "value", "direction"),
    [
        ("比上年减少12.5万元。", "change", "125000", "decrease"),
        ("比上年下降10.97%。", "growth", "10.97", "decrease"),
        ("占本年支出合计的99.21%。", "share", "99.21", "none"),
        ("完成年初预算的118.7%。", "completion", "118.7", "none"),
        ("年初预算为2776.35万元。", "initial_budget", "27763500", "none"),
        ("全年预算为321.02万元。", "adjusted_budget", "3210200", "none"),
        ("支出决算为1.2亿元。", "final", "120000000", "none"),
        ("安排14,348,853.34元。", "amount", "14348853.34", "none"),
    ],
)
def test_the_words_before_a_figure_say_what_it_is(
    sentence: str, kind: str, value: str, direction: str
) -> None:
    (claim,) = read_claims(document([sentence]), None)
    assert (claim.claim_kind, claim.value, claim.direction) == (kind, Decimal(value), direction)


@pytest.mark.parametrize(
    ("sentence", "claims", "listed"),
    [
        ("支出1234,567.00万元。", [], ["1234,567.00万元"]),
        ("支出1,2345.67万元。", [], ["1,2345.67万元"]),
        ("其中3.5.6万元。", [], ["3.5.6万元"]),
        ("支出10-20万元。", [], ["10-20万元"]),
        ("分别为10,20万元。", [], ["10,20万元"]),
        ("比例为5%-10%。", [Decimal(5), Decimal(10)], []),
        ("增长-5.2%。", [Decimal("-5.2")], []),
        ("收入(-3.2万元)。", [Decimal(-32000)], []),
        ("合计,1,234.56万元,增长2%。", [Decimal("12345600"), Decimal(2)], []),
    ],
)
def test_the_end_of_a_longer_number_and_of_a_range_are_no_figures(
    sentence: str, claims: list[Decimal], listed: list[str]
) -> None:
    """Found by mutating sentences: 1234,567.00 was read as 234,567.00, 10-20 as -20."""
    read = document([sentence])
    assert [claim.value for claim in read_claims(read, None)] == claims
    assert [note.text for note in figures_not_understood(read)] == listed


def test_a_numbered_line_that_ends_inside_a_figure_is_no_heading() -> None:
    # Found by fuzzing: the line and its figures were lost with it.
    read = document(["（一）占0%、本年收入合计10.05", "万元，比上年增加1.20万元。"])
    found = read_claims(read, "final_accounts")
    assert [claim.value_printed for claim in found] == ["0%", "10.05万元", "1.20万元"]


def test_counts_years_and_codes_are_no_claims() -> None:
    assert read_claims(document(["2023年共有车辆4辆，接待109批次，设备1台（套）。"]), "final_accounts") == ()


def test_a_sentence_without_figures_names_the_subject_of_the_next() -> None:
    read = document(["1. 一般公共服务支出（类）。主要用于：日常运转。年初预算为 2196. 49 万元。"])
    (claim,) = read_claims(read, "final_accounts")
    assert claim.subject == "1.一般公共服务支出(类)"


def test_running_heads_do_not_run_into_sentences() -> None:
    pages = [["某某局 2023 年决算", f"第{n}项支出决算为"] for n in range(1, 5)]
    pages[3] = ["某某局 2023 年决算", "5万元。"]
    (claim,) = read_claims(document(*pages), "final_accounts")
    assert "某某局" not in claim.sentence
    assert claim.page == 4


def test_the_same_words_mean_another_statement_in_a_budget() -> None:
    text = ["（一）收入预算总计 10,150.48 万元。1.其他资金收入预算总计 80 万元。"]
    first, second = read_claims(document(text), "budget")
    assert first.about == "budget_summary/grand_total_revenue/amount"
    assert second.about == ""


def test_what_claims_are_about_are_figures_the_catalogue_knows() -> None:
    forms = [known.form for known in load_catalogue().forms]
    columns = {(form.id, column.id) for form in forms for column in form.columns}
    grammar = load_grammar()
    subjects = (*grammar.subjects, *grammar.called)
    places = [place for subject in subjects for place in subject.about]
    places += [place for ratio in grammar.ratios for place in ratio.total if not ratio.at]
    places += [subject.at_most for subject in subjects if subject.at_most]
    # Of places that are made of others: whatever these may be.
    for part in grammar.part_places:
        wholes = [place for place in places if re.fullmatch(part.of, place)]
        assert wholes, part.of
        places += [re.sub(part.of, about, whole) for whole in wholes for about in part.about]
    for ratio in grammar.ratios:
        fits = [at for at in (re.fullmatch(ratio.at, place) for place in places) if ratio.at and at]
        assert bool(fits) is bool(ratio.at)
        places += [at.expand(total) for at in fits for total in ratio.total]
    named = {(about[0], about[2]) for about in (place.split("/") for place in places)}
    assert named <= columns


def ratio_of(claims: tuple[Claim, ...]) -> list[tuple[str, str, Decimal | None, Decimal | None]]:
    """Kind, relation and the two figures of each percentage."""
    values = {claim.claim_number: claim.value for claim in claims}
    return [
        (
            claim.claim_kind,
            claim.relation,
            values.get(claim.numerator_claim or 0),
            values.get(claim.denominator_claim or 0),
        )
        for claim in claims
        if claim.unit == "percent"
    ]


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (
            "年初预算为100万元，全年预算为120万元，支出决算为90万元，完成年初预算的90%。",
            ("completion", "ratio", Decimal(900000), Decimal(1000000)),
        ),
        (
            "全年预算为120万元，支出决算为90万元，完成全年预算数的75%。",
            ("completion", "ratio", Decimal(900000), Decimal(1200000)),
        ),
        (
            "项目全年预算数为200万元，全年执行数为150万元，完成预算的75%。",
            ("completion", "ratio", Decimal(1500000), Decimal(2000000)),
        ),
        (
            "全年预算数200万元，执行数150万元，执行率为75%。",
            ("execution_rate", "ratio", Decimal(1500000), Decimal(2000000)),
        ),
        (
            "收支预算总计110万元，与上年相比收、支预算总计各增加10万元，增长10%。",
            ("growth", "growth", Decimal(100000), Decimal(1100000)),
        ),
        (
            "2.项目支出110万元，主要用于业务。与上年相比增加10万元，增长10%。",
            ("growth", "growth", Decimal(100000), Decimal(1100000)),
        ),
        (
            "2022年当年预算执行数为100万元，2023年预算安排110万元，比2022年预算执行数增加10%。",
            ("growth", "increase", Decimal(1100000), Decimal(1000000)),
        ),
    ],
)
def test_a_percentage_names_the_figures_it_follows_from(
    sentences: str, expected: tuple[str, str, Decimal, Decimal]
) -> None:
    assert ratio_of(read_claims(document([sentences]), "final_accounts")) == [expected]


@pytest.mark.parametrize(
    "sentences",
    [
        # The amount in the brackets is last year's.
        "2017年度支出预算安排与2016年度相比（2016年度支出预算安排为100万元），增加10万元，增长10%。",
        # Another figure stands between, or something else has changed.
        "支出合计110万元，其中：人员经费增加10万元，增长10%。",
        "支出决算为90万元，完成年初预算的90%。",
        "收入110万元。支出80万元，其中：项目支出20万元。与上年相比增加10万元，增长10%。",
        "年初预算为100万元，比上年多5万元，支出决算为90万元，完成年初预算的90%。",
    ],
)
def test_a_percentage_whose_figures_are_not_sure_names_none(sentences: str) -> None:
    (found,) = ratio_of(read_claims(document([sentences]), "final_accounts"))
    assert found[1:] == ("", None, None)


def test_a_share_is_of_what_its_section_is_about() -> None:
    read = document(["三、支出决算情况说明", "本年支出合计100万元，其中：基本支出40万元，占40%。"])
    share = read_claims(read, "final_accounts")[-1]
    assert (share.relation, share.denominator_about[0]) == ("ratio", "final_expenditure/total/total")
    read = document(["九、其他情况说明", "基本支出40万元，占40%。"])
    assert read_claims(read, "final_accounts")[-1].relation == ""


def test_several_forms_print_the_same_figure_in_different_places() -> None:
    read = document(["三、支出预算情况说明", "其中：基本支出40万元。"])
    (claim,) = read_claims(read, "budget")
    assert claim.about == "budget_expenditure_by_kind/total/basic"
    assert claim.about_alternatives == ("budget_expenditure_by_function/total/basic",)


@pytest.mark.parametrize(
    ("section", "sentence", "about"),
    [
        (
            "一、收支预算总体情况说明",
            "包括：1.财政拨款收入预算总计 5 万元。",
            "budget_summary/rev_fiscal_appropriation/amount",
        ),
        (
            "一、收支预算总体情况说明",
            "（1）一般公共预算收入预算 5 万元。",
            "budget_summary/rev_general_public/amount",
        ),
        (
            "一、收支预算总体情况说明",
            "2．社会保障和就业（类）支出 5 万元。",
            "budget_summary/@3:社会保障和就业/amount",
        ),
        ("一、收支预算总体情况说明", "此外，基本支出预算数为 5 万元。", "budget_summary/use_basic/amount"),
        (
            "二、收入预算情况说明",
            "某某厅本年收入预算合计 5 万元。",
            "budget_summary/grand_total_revenue/amount",
        ),
        ("三、支出预算情况说明", "单位预留机动经费 5 万元。", "budget_summary/use_reserve/amount"),
        (
            "五、财政拨款支出预算情况说明",
            "某某厅 2018 年度财政拨款预算支出 5 万元。",
            "budget_appropriation_summary/grand_total_expenditure/amount",
        ),
        (
            "六、财政拨款基本支出预算情况说明",
            "某某厅 2018 年度财政拨款基本支出预算 5 万元。",
            "budget_appropriation_basic/total/amount",
        ),
        (
            "七、一般公共预算支出预算情况说明",
            "某某厅 2018 年度一般公共预算财政拨款支出预算 5 万元。",
            "budget_general_expenditure/total/total",
        ),
        (
            "八、一般公共预算基本支出预算情况说明",
            "某某厅 2018 年度一般公共预算财政拨款基本支出预算 5 万元。",
            "budget_general_basic/total/amount",
        ),
        (
            "十一、一般公共预算机关运行经费支出预算情况说明",
            "某某厅 2018 年一般公共预算机关运行经费预算支出 5 万元。",
            "budget_running_cost/total/amount",
        ),
        (
            "五、财政拨款支出预算情况说明",
            "2.社会保障和就业（类）支出 5 万元。",
            "budget_appropriation_by_function/@3:社会保障和就业/total",
        ),
        # The same words in another section, or with more words, are another figure.
        ("二、收入预算情况说明", "2.社会保障和就业（类）支出 5 万元。", ""),
        ("三、支出预算情况说明", "其中：某单位单位预留机动经费 5 万元。", ""),
        ("九、“三公”经费支出预算情况说明", "上年公务用车购置费之外的支出 5 万元。", ""),
    ],
)
def test_a_figure_of_a_budgets_narrative_names_the_statement_it_explains(
    section: str, sentence: str, about: str
) -> None:
    (claim,) = read_claims(document([section, sentence]), "budget")
    assert claim.about == about


def test_a_figure_keeps_how_it_is_printed() -> None:
    claims = read_claims(document(["收入总计 10,150.48 万元，增长 2.70%。"]), "budget")
    assert [claim.value_printed for claim in claims] == ["10,150.48万元", "2.70%"]


def test_the_page_of_contents_is_no_section_and_names_the_headings_without_number() -> None:
    read = document(
        ["目 录", "一、部门主要职能 …………3", "二、部门预算编制说明 ……4", "三、其他相关情况说明 ……9"],
        ["2023年部门预算编制说明", "2023年收入预算100万元。"],
        ["三、其他相关情况说明", "其他收入1万元。"],
    )
    assert [(s.section, s.text) for s in sentences(read)] == [
        ("2023年部门预算编制说明", "2023年收入预算100万元。"),
        ("三、其他相关情况说明", "其他收入1万元。"),
    ]


@pytest.mark.parametrize("unit", ["元", "万元", "亿元", "%"])
@pytest.mark.parametrize("digits", ["9" * 23, "9" * 60, "1" + ",000" * 9, "-" + "9" * 40])
def test_a_figure_with_too_many_digits_costs_itself_alone_and_is_listed(digits: str, unit: str) -> None:
    read = document(
        ["二、收入决算情况说明"], [f"收入合计{digits}{unit}，其中财政拨款收入12.50万元，占收入的3%。"]
    )
    understood = understand(read)
    assert [(c.claim_number, c.value) for c in understood.claims] == [
        (1, Decimal("125000")),
        (2, Decimal(3)),
    ]
    (note,) = (note for note in understood.notes if note.kind == "amount_not_understood")
    assert (note.page, note.text) == (2, f"{digits}{unit}")


@pytest.mark.parametrize(
    ("figure", "value", "precision"),
    [
        ("9" * 22 + "元", Decimal("9" * 22), Decimal(1)),
        ("1." + "5" * 60 + "%", Decimal("1." + "5" * 27), Decimal("0.000001")),
        ("0.12345678亿元", Decimal("12345678"), Decimal(1)),
    ],
)
def test_a_figure_is_as_large_and_as_precise_as_can_be_kept(
    figure: str, value: Decimal, precision: Decimal
) -> None:
    (claim,) = read_claims(document([f"安排{figure}。"]), None)
    assert claim.precision == precision
    assert abs(claim.value - value) < Decimal("0.000001")


@settings(max_examples=200, deadline=None)
@given(
    digits=st.text("0123456789", min_size=1, max_size=80),
    decimals=st.text("0123456789", max_size=80),
    unit=st.sampled_from(["元", "万元", "亿元", "%"]),
)
def test_whatever_is_printed_before_a_unit_can_be_stored(digits: str, decimals: str, unit: str) -> None:
    figure = f"{digits}{'.' + decimals if decimals else ''}{unit}"
    understood = understand(document([f"安排{figure}。"]))
    listed = [note for note in understood.notes if note.kind == "amount_not_understood"]
    assert len(understood.claims) + len(listed) == 1
    for claim in understood.claims:
        assert abs(claim.value) < 10**22
        assert claim.precision >= Decimal("0.000001")


@pytest.mark.parametrize(
    ("section", "words", "path"),
    [
        ("", "5.“社会保障和就业支出-行政事业单位养老支出-行政单位离退休”科目",
         "@3:社会保障和就业支出>5:行政事业单位养老支出>7:行政单位离退休"),
        ("",
         "8.“社会保障和就业支出(类)行政事业单位养老支出(款)机关事业单位基本养老保险缴费支出(项)”",
         "@3:社会保障和就业支出>5:行政事业单位养老支出>7:机关事业单位基本养老保险缴费支出"),
        ("五、财政拨款支出预算情况说明 (二)社会保障和就业支出(类)",
         "1.行政事业单位离退休(款)机关事业单位职业年金缴费支出(项)支出",
         "@3:社会保障和就业支出>5:行政事业单位离退休>7:机关事业单位职业年金缴费支出"),
        # The heading of the class that the words name themselves adds nothing.
        ("五、说明 (二)社会保障和就业支出(类)", "2.社会保障和就业(类)支出", "@3:社会保障和就业"),
        ("", "(一)一般公共服务支出(类)政府办公厅(室)及相关机构事务(款)行政运行(项)",
         "@3:一般公共服务支出>5:政府办公厅(室)及相关机构事务>7:行政运行"),
        ("", "(7)维修(护)费(款)支出", "@5:维修(护)费"),
        ("", "其中:1、社会保障和就业(类)支出行政事业单位养老(款)支出",
         "@3:社会保障和就业>5:行政事业单位养老"),
        ("", "住房公积金", "@0:住房公积金"),
        # No names: a year, an unfinished bracket, nothing.
        ("", "2023年度", ""),
        ("", "比上年预算增加(减少", ""),
        ("", "(类)", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_code_called_by_name_is_a_path_of_names(section: str, words: str, path: str) -> None:
    found = load_grammar().names.path(words, section)
    assert (row_key_of(found) if found else "") == path


def test_what_follows_a_name_is_about_what_it_names_until_another_is_named() -> None:
    read = document(
        [
            "一、2023年部门预算编制说明",
            "5.“教育支出（类）普通教育（款）小学教育（项）”科目155.42万元，主要用于小学。",
            "2022年当年预算执行数为140.00万元，2023年预算安排155.42万元，比2022年预算执行数增加11.01%。",
            "6.“教育支出（类）普通教育（款）初中教育（项）”12万元，主要用于初中。",
        ]
    )
    claims = read_claims(read, "budget", 2023)
    school, middle = (
        f"budget_general_expenditure/@3:教育支出>5:普通教育>7:{name}/total"
        for name in ("小学教育", "初中教育")
    )
    assert [(c.claim_kind, c.value_printed, c.about) for c in claims if c.unit == "yuan"] == [
        ("amount", "155.42万元", school),
        ("execution", "140.00万元", ""),
        ("budget", "155.42万元", school),
        ("amount", "12万元", middle),
    ]
    assert claims[0].subject == "5.“教育支出(类)普通教育(款)小学教育(项)”科目"
    # In another year's document the same sentence speaks of a year that is not its own.
    assert [c.about for c in read_claims(read, "budget", 2024) if c.claim_kind == "budget"] == [""]


def test_the_final_figure_of_a_named_item_is_held_against_its_row() -> None:
    read = document(
        [
            "五、一般公共预算财政拨款支出决算情况说明",
            "1.社会保障和就业支出（类）。年初预算为278.13万元，支出决算为279.23万元，完成年初预算的100.4%。",
        ]
    )
    initial, final, _ = read_claims(read, "final_accounts", 2023)
    assert initial.about == ""
    assert final.about == "final_general_expenditure/@3:社会保障和就业支出/total"


@given(
    st.text(alphabet="教育支出(类款项)-“”科目1.、其中:/>@", max_size=30),
    st.text(alphabet="一、 (类)教育", max_size=12),
)
def test_any_words_are_a_path_whose_levels_fall_or_none(words: str, section: str) -> None:
    path = load_grammar().names.path(words, section)
    assert all(name.text and not set(name.text) & set("/>@") for name in path)


# --- Other documents, reasons, lists --------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "section", "sentence", "other", "places"),
    [
        # Last year's accounts, for the amount that has changed.
        ("final_accounts", "一、总体情况说明",
         "2023年度收、支总计110万元。与2022年度相比，收、支总计各增加10万元。",
         ("final_accounts", 2022), ("final_summary/grand_total_revenue/amount",)),
        ("final_accounts", "一、总体情况说明",
         "2023年度收入支出总计110万元。比上年决算减少10万元。",
         ("final_accounts", 2022), ("final_summary/grand_total_revenue/amount",)),
        # Last year's budget.
        ("budget", "一、收支预算总体情况说明",
         "2023年收入、支出预算总计110万元，与上年相比收、支预算总计各增加10万元。",
         ("budget", 2022), ("budget_summary/grand_total_revenue/amount",)),
        ("budget", "九、“三公”经费情况", "1.因公出国（境）费预算支出106万元，比上年预算增加30万元。",
         ("budget", 2022), ("budget_three_public/total/budget_abroad",)),
        # What it came to last year, and what was planned for this.
        ("budget", "二、编制说明",
         "1.“教育支出（类）普通教育（款）小学教育（项）”5万元。2022年当年预算执行数为4万元。",
         ("final_accounts", 2022),
         ("final_general_expenditure/@3:教育支出>5:普通教育>7:小学教育/total",
          "final_fund/@3:教育支出>5:普通教育>7:小学教育/total")),
        ("final_accounts", "五、一般公共预算财政拨款支出决算情况说明",
         "1.卫生健康支出（类）。年初预算为142.62万元。",
         ("budget", 2023), ("budget_general_expenditure/@3:卫生健康支出/total",)),
        # The year's own budget, another year, another thing: no document is named.
        ("final_accounts", "九、“三公”经费", "公务用车运行费7万元，比年初预算减少1万元。", None, ()),
        ("final_accounts", "一、总体情况说明", "2023年度收、支总计110万元。与2019年度相比增加10万元。",
         None, ()),
        ("budget", "二、编制说明", "财政拨款收入110万元，比2022年预算执行数增加10万元。", None, ()),
        ("final_accounts", "一、总体情况说明",
         "2023年度收、支总计110万元。与2022年度相比，人员经费增加10万元。", None, ()),
    ],
)  # fmt: skip
def test_a_figure_names_the_other_document_it_repeats(
    kind: DocumentKind,
    section: str,
    sentence: str,
    other: tuple[str, int] | None,
    places: tuple[str, ...],
) -> None:
    claim = read_claims(document([section, sentence]), kind, 2023)[-1]
    found = (claim.other_kind, claim.other_fiscal_year) if claim.other_kind else None
    assert (found, claim.other_about) == (other, places)


def test_a_change_names_the_amount_that_has_changed() -> None:
    text = "2023年度收、支总计110万元。与2022年度相比，收、支总计各增加10万元，增长10%。"
    total, change, growth = read_claims(document(["一、说明", text]), "final_accounts", 2023)
    assert (change.relation, change.numerator_claim) == ("change", total.claim_number)
    assert (growth.relation, growth.numerator_claim) == ("growth", change.claim_number)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("比上年增加5万元，增长2%，主要原因是人员增加、政策性增资。", "人员增加、政策性增资"),
        ("比上年增加5万元，增长2%。主要原因：单位成立。", "单位成立"),
        ("比上年增加5万元，主要是由于项目增加。", "项目增加"),
        ("支出决算为5万元，完成年初预算的90%。决算数小于预算数的主要原因是节约。", "节约"),
        ("比上年增加5万元。其中：基本支出2万元。主要原因是节约。", ""),
        ("比上年增加5万元。", ""),
    ],
)
def test_a_figure_keeps_the_reason_given_for_it(text: str, reason: str) -> None:
    assert read_claims(document(["一、说明", text]), "final_accounts")[0].reason == reason


def test_what_is_listed_as_paid_names_its_rows() -> None:
    text = "公用经费149.2万元，主要包括：办公费、维修（护）费、其他商品和服务支出等。"
    found = listed_items(document(["六、一般公共预算财政拨款基本支出决算情况说明", text]), "final_accounts")
    assert [(item.item_number, item.name, item.about) for item in found] == [
        (number, name, (f"final_general_basic/@0:{name}/amount",))
        for number, name in enumerate(("办公费", "维修(护)费", "其他商品和服务支出"), start=1)
    ]
    assert listed_items(document(["六、一般公共预算财政拨款基本支出决算情况说明", text]), None) == ()
    assert listed_items(document(["七、其他说明", text]), "final_accounts") == ()


def test_a_part_of_another_figure_says_of_which() -> None:
    text = ["十、机关运行经费支出说明", "2023年度机关运行经费支出60.74万元，比2022年度增加14.01万元。"]
    part, change = read_claims(document(text), "final_accounts", 2023)
    assert (part.about, part.relation) == ("final_running_cost/total/amount", "at_most")
    assert part.denominator_about == ("final_general_basic/running_total/amount",)
    assert change.relation != "at_most"
