"""Words read with a slip in a picture: the one word that is meant, never another that is printed so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.extraction.model import Doubt, JoinedTable, Page, ReadDocument
from pipelines.statements import understand
from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.misread import with_known_label, with_known_title, with_known_unit
from pipelines.statements.model import UnderstoodDocument
from tests.statements.builders import Entry, lines, table

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("功能分类科日编码", "功能分类科目编码"),
        ("決算數", "决算数"),
        ("机美事业单位基本奉老保险缴费", "机关事业单位基本养老保险缴费"),
        ("般公共服务支出", "一般公共服务支出"),
        ("、一般公共服务支出", "一般公共服务支出"),
        ("|办公费", "办公费"),
        ("高休费", "离休费"),
        ("人员经费台计", "人员经费合计"),
        ("培调费", "培训费"),
        ("其他计异机设备及软件", "其他计算机设备及软件"),
        (".服务C", "三、服务C"),
    ],
)
def test_a_slip_in_a_known_word(seen: str, meant: str) -> None:
    mended = with_known_label(seen, CATALOGUE).word
    assert mended.removeprefix("一、") == meant


@pytest.mark.parametrize(
    "printed",
    [
        "一般公共服务支出",  # known
        "一、货物A",  # a letter is no scrap of a rule
        "便携式计算机采购",  # nobody's word
        "预算数",  # 预 and 决 tell columns apart
        "项算数",  # 预算数 or 决算数
        "支出预算",  # one character short of a known word is another word
        "本年支山",
        "未1管理的行政单位离退体",  # 归口管理的行政单位离退休 is another item
        "12.34",
        "",
    ],
)
def test_what_is_known_or_may_be_several_words_stays(printed: str) -> None:
    assert with_known_label(printed, CATALOGUE).word == ""


def test_titles() -> None:
    title = "一般公共预算财政拨款基本支出决算表"
    assert with_known_title(title, CATALOGUE).word == ""
    assert with_known_title("2023年度般公共预算财政拔款基本支出决算表", CATALOGUE).word == f"2023年度{title}"
    # Neither 预 nor 决 can be seen.
    assert with_known_title("一般公共预算财政拨款支出口算表", CATALOGUE).word == ""


def test_a_title_is_not_taken_for_the_shorter_one_it_ends_with() -> None:
    """What is before it is no owner's name but the misread beginning of a longer title, of another fund."""
    title = "一般公共预算财政拨款基本支出决算表"
    assert with_known_title("般公共顾算财政拨款基本支出决算表", CATALOGUE).word == title
    assert with_known_title("某某局般公共顾算财政拨款基本支出决算表", CATALOGUE).word == f"某某局{title}"
    for owner in ("", "某某局", "市共青团", "公共资源交易中心", "公共就业服务"):
        assert with_known_title(f"{owner}财政拨款基本支出决算表", CATALOGUE).word == ""
        assert with_known_title(f"{owner}支出决算表", CATALOGUE).word == ""


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("单位:儿", "单位:元"),
        ("单位： 月元", "单位:万元"),
        ("编制部门：某局 单位：力元", "编制部门:某局单位:万元"),
        ("单位：万元", ""),
        ("单位：元", ""),
        ("警位：万元", "单位:万元"),
        ("部门：某局 单住：月元", "部门:某局单位:万元"),
        ("单位：某某局", ""),
        ("部门：万元", ""),
        ("单位：X元", ""),
    ],
)
def test_units(seen: str, meant: str) -> None:
    assert with_known_unit(seen, CATALOGUE).word == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("_、货物A", "一、货物A"),
        ("—、一般公共服务支出", "一、一般公共服务支出"),
        ("一、货物A", ""),
        ("二、货物A", ""),
    ],
)
def test_a_stroke_before_the_comma_of_a_list_is_its_number(read: str, meant: str) -> None:
    assert with_known_label(read, CATALOGUE).word == meant


@pytest.mark.parametrize(
    ("read", "at", "other", "probability", "meant"),
    [
        ("财政搜款", 2, "拨", 0.2, "财政拨款"),
        ("股公共预算", 0, "一般", 0.1, ""),  # 般, beside which nothing was seen
        ("股公共预算", 0, "般", 0.1, "一般公共预算"),
        ("公务费接待费", 2, "", 0.2, "公务接待费"),
        ("项算数", 0, "预", 0.3, "预算数"),  # not 决算数, which the reader did not see
        ("项算数", 0, "预", 0.02, ""),
        ("决算数", 0, "预", 0.4, ""),  # a word is what it is
        ("…，慧本支出", 2, "基", 0.07, "基本支出"),  # its number is lost
        ("打印设备(30万以下)", 5, "2", 0.05, ""),  # a number is no slip
    ],
)
def test_what_the_reader_saw_besides_tells_the_word(
    read: str, at: int, other: str, probability: float, meant: str
) -> None:
    doubts = (Doubt(at, read[at], ((other, probability),)),)
    assert with_known_label(read, CATALOGUE, doubts).word == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [("、服务C", "三、服务C"), ("_、服务C", "三、服务C"), ("、某某项目", ""), ("一、货物患", "一、货物A")],
)
def test_the_number_that_a_known_name_has_lost(read: str, meant: str) -> None:
    assert with_known_label(read, CATALOGUE).word == meant


def test_a_unit_is_told_by_what_the_reader_saw_besides() -> None:
    read = "单位:1元"
    assert with_known_unit(read, CATALOGUE).word == ""
    assert with_known_unit(read, CATALOGUE, (Doubt(3, "1", (("万", 0.2),)),)).word == "单位:万元"
    assert with_known_unit("单位:万人", CATALOGUE).word == "", "read for certain"
    assert with_known_unit("单位:万丸", CATALOGUE, (Doubt(4, "丸", (("九", 0.1),)),)).word == "单位:万元"


def scanned(*tables: JoinedTable, confidence: float = 0.6) -> UnderstoodDocument:
    """A scan of one table a page understood, all of it recognised with the same confidence."""
    pages: list[Page] = []
    joined: list[JoinedTable] = []
    for number, each in enumerate(tables, start=1):
        (part,) = each.parts
        cells = tuple(
            replace(cell, page=number, read_by="ocr", confidence=confidence if cell.text else None)
            for cell in part.cells
        )
        part = replace(part, page=number, cells=cells)
        lead = tuple(replace(line, page=number) for line in each.lead)
        joined.append(replace(each, parts=(part,), lead=lead))
        pages.append(Page(number, 595, 842, 0, lead, (part,), is_image_only=True))
    return understand(ReadDocument("0123456789abcdef", "read", len(pages), tuple(pages), tuple(joined)))


PROCUREMENT: list[list[Entry]] = [
    ["采购品目大类", "采购物品名称", "采购组织形式", "总计"],
    ["合计", "", "", "60.00"],
    ["一、货物A", "", "", "60.00"],
    ["", "复印机", "分散自行组织", "60.00"],
]


def test_a_lost_header_word_makes_no_other_names() -> None:
    """Of 采购组织形式 too little is left: what stands below it may name the rows or only describe them."""
    whole = scanned(table(["2017年政府采购预算表", "单位：万元"], PROCUREMENT))
    assert [item.row_key for item in whole.line_items] == ["total", "一、货物A", "一、货物A/复印机"]
    for left in ("", "口口飞"):
        rows = [["采购品目大类", "采购物品名称", left, "总计"], *PROCUREMENT[1:]]
        lost = scanned(table(["2017年政府采购预算表", "单位：万元"], rows))
        assert [item.row_key for item in lost.line_items] == ["total", "一、货物A"]
        assert [note.kind for note in lost.notes if note.cell_id] == ["amount_not_understood"]


EXPENDITURE: list[list[Entry]] = [
    ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
    ["201", "一般公共服务支出", "60.00", "40.00", "20.00"],
    ["20101", "人大事务", "60.00", "40.00", "20.00"],
    ["2010101", "行政运行", "60.00", "40.00", "20.00"],
]


def test_a_name_that_is_illegible_names_nothing() -> None:
    """A name of the department's own, that no catalogue has, nor what stands below it; known words stay."""
    own: list[Entry] = ["", "行政协委员培调费", "", "60.00"]
    below: list[Entry] = ["", "复印机", "分散自行组织", "60.00"]
    rows = [*PROCUREMENT[:3], own, ["二、工程B", "", "", "7.00"], below]
    sure = scanned(table(["2017年政府采购预算表", "单位：万元"], rows), confidence=0.8)
    assert "一、货物A/行政协委员培调费" in [item.row_key for item in sure.line_items]
    unsure = scanned(table(["2017年政府采购预算表", "单位：万元"], rows), confidence=0.45)
    assert [item.row_key for item in unsure.line_items] == [
        "total",
        "一、货物A",
        "二、工程B",
        "二、工程B/复印机",
    ]


def test_a_name_whose_bracket_does_not_close_names_nothing() -> None:
    rows = [*PROCUREMENT[:3], ["", "全省会议(第二次", "", "60.00"]]
    found = scanned(table(["2017年政府采购预算表", "单位：万元"], rows))
    assert [item.row_key for item in found.line_items] == ["total", "一、货物A"]


def own_names(*names: tuple[str, float, tuple[Doubt, ...]]) -> list[str]:
    """The rows of a scanned table of such names, each with its confidence and characters in doubt."""
    rows: list[list[Entry]] = [*PROCUREMENT[:3], *(["", name, "", "20.00"] for name, _, _ in names)]
    (joined,) = (table(["2017年政府采购预算表", "单位：万元"], rows),)
    (drawn,) = joined.parts
    of_name = {name: (confidence, doubts) for name, confidence, doubts in names}
    at = {3 + k: (confidence, doubts) for k, (_, confidence, doubts) in enumerate(names)}
    cells = tuple(
        replace(
            cell,
            read_by="ocr",
            confidence=(at[cell.row][0] if cell.text in of_name else 0.99) if cell.text else None,
            doubts=at[cell.row][1] if cell.text in of_name else (),
        )
        for cell in drawn.cells
    )
    drawn = replace(drawn, cells=cells)
    lead = (*joined.lead, replace(joined.lead[0], text="江苏省政协办公厅"))
    page = Page(1, 595, 842, 0, lead, (drawn,), is_image_only=True)
    document = ReadDocument("0123456789abcdef", "read", 1, (page,), (replace(joined, parts=(drawn,)),))
    found = understand(document).line_items
    assert all(item.reading_quality == "doubtful" for item in found if item.row_key.count("/"))
    return [item.row_key.split("/")[1] for item in found if item.row_key.count("/")]


SAW_NEXT = (Doubt(2, "坝", (("项", 0.4),)),)


@pytest.mark.parametrize(
    ("names", "read"),
    [
        # Read alike in two places, in one of them well enough.
        ([("城西专项会议", 0.4, ()), ("城西专项会议", 0.6, ())], ["城西专项会议"] * 2),
        ([("城西专项会议", 0.4, ()), ("城西专项会议", 0.4, ())], []),
        # Another place has the name that its reader saw besides.
        ([("城西坝专会议", 0.4, SAW_NEXT), ("城西项专会议", 0.6, ())], ["城西项专会议"] * 2),
        ([("城西坝专会议", 0.4, ()), ("城西项专会议", 0.6, ())], ["城西项专会议"]),
        # Numbers tell names apart.
        (
            [("二期专项会议", 0.4, (Doubt(0, "二", (("一", 0.4),)),)), ("一期专项会议", 0.6, ())],
            ["一期专项会议"],
        ),
    ],
)
def test_an_illegible_name_is_told_by_the_other_names_of_its_document(
    names: list[tuple[str, float, tuple[Doubt, ...]]], read: list[str]
) -> None:
    assert own_names(*names) == read


@pytest.mark.parametrize(
    ("name", "confidence", "doubts", "read"),
    [
        # 省政协 stands above the table, 培训费 in the catalogue.
        (
            "行政协委员培调费",
            0.45,
            (Doubt(0, "行", (("省", 0.37),)), Doubt(6, "调", (("調", 0.2),))),
            ["省政协委员培训费"],
        ),
        # 垃 was not seen as anything else that makes a known word.
        ("行政垃转委员培训费", 0.45, (Doubt(2, "垃", (("坂", 0.4),)),), []),
        # What was seen does not tell why it is in doubt: something is missing.
        ("行政协委员培训费", 0.1, (Doubt(0, "行", (("省", 0.37),)),), []),
    ],
)
def test_an_illegible_name_is_told_by_the_known_words_it_is_made_of(
    name: str, confidence: float, doubts: tuple[Doubt, ...], read: list[str]
) -> None:
    assert own_names((name, confidence, doubts)) == read


def test_a_lost_number_is_put_back_however_sure_the_rest_was() -> None:
    rows = [*PROCUREMENT[:2], ["、货物A", *PROCUREMENT[2][1:]], ["一", "复印机", "分散自行组织", "60.00"]]
    found = scanned(table(["2017年政府采购预算表", "单位：万元"], rows), confidence=0.99)
    assert [item.row_key for item in found.line_items][:2] == ["total", "一、货物A"]
    doubted = scanned(table(["2017年政府采购预算表", "单位：万元"], rows))
    assert [item.row_key for item in doubted.line_items] == ["total", "一、货物A", "一、货物A/复印机"]


@pytest.mark.parametrize(
    ("code", "name", "meant"),
    [
        ("2010102", "行政运行", "2010101"),
        ("2010109", "行政运行", "2010101"),
        ("2010109", "行攻运行", "2010109"),  # both code and name would have to be misread
        ("2010191", "行攻运行", "2010101"),  # there is no such code
    ],
)
def test_a_misread_name_is_no_evidence_against_a_code_that_there_is(code: str, name: str, meant: str) -> None:
    rows: list[list[Entry]] = [*EXPENDITURE[:3], [code, name, *EXPENDITURE[3][2:]]]
    found = scanned(table(["一般公共预算支出预算表", "单位：万元"], rows))
    assert found.line_items[-1].row_key == meant


def test_an_illegible_unit_is_that_of_the_other_tables() -> None:
    def units(*read: str) -> list[str]:
        heads = ["2017年政府采购预算表", "一般公共预算支出预算表"]
        sheets: list[list[list[Entry]]] = [PROCUREMENT, EXPENDITURE]
        tables = zip(heads, read, sheets, strict=False)
        found = scanned(*(table([head, f"单位：{unit}"], rows) for head, unit, rows in tables))
        told.extend(note.message for note in found.notes if note.kind == "word_misread")
        return [statement.unit for statement in found.statements]

    told: list[str] = []
    assert units("万元", "X元") == ["万元", "万元"]
    (message,) = told
    assert message.startswith("recognised as 单位:X元, taken for 单位:万元 (score ")
    assert units("X元") == [""]
    assert units("万元", "X") == ["万元", ""], "it may be 元"


def test_a_text_layer_is_what_is_printed() -> None:
    head = ["2017年政府采购预算表", "单位：1元"]
    page = Page(1, 595, 842, 0, lines(head), table(head, PROCUREMENT).parts)
    found = understand(ReadDocument("0123456789abcdef", "read", 1, (page,), (table(head, PROCUREMENT),)))
    assert not [note for note in found.notes if note.kind == "word_misread"]
