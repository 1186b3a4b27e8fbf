"""A built warehouse of a few hand-made rows: what the expectations read of it, healthy until spoilt."""

from __future__ import annotations

from pathlib import Path

import duckdb

CODE_FACT = "document_id varchar, cell_id varchar, page integer, functional_code varchar, row_label varchar"
FACT = "document_id varchar, cell_id varchar, page integer"

TABLES = {
    "main.dim_document": (
        "document_id varchar, disclosure_id varchar, document_name varchar, fiscal_year integer, "
        "document_kind varchar, document_status varchar, published_name varchar"
    ),
    "main.dim_disclosure": (
        "disclosure_id varchar, department_id varchar, fiscal_year integer, document_kind varchar, "
        "current_document_ids varchar[], statements_missing varchar[]"
    ),
    "main.dim_department": "department_id varchar",
    "main.dim_statement": "statement_id varchar",
    "main.dim_functional_code": "functional_code varchar",
    "main.fct_cells": (
        "document_id varchar, cell_id varchar, page integer, x0 double, top double, x1 double, bottom double"
    ),
    "main.fct_revenue_by_function": CODE_FACT,
    "main.fct_expenditure_by_function": CODE_FACT,
    "main.fct_expenditure_by_economic": FACT,
    "main.fct_statement_totals": FACT,
    "main.fct_three_public": FACT,
    "main.fct_procurement": FACT,
    "main.fct_project_target": FACT,
    "main.fct_identity_results": (
        "disclosure_id varchar, identity_id varchar, identity_key varchar, document_id varchar, "
        "page integer, cell_id varchar, reported_yuan decimal(18,2), expected_yuan decimal(18,2), "
        "difference_yuan decimal(18,2), verdict varchar"
    ),
    "main.mart_documents_set_aside": (
        "document_id varchar, published_name varchar, outcome_reason varchar, outcome_message varchar"
    ),
    "main.mart_codes_proposed": (
        "code varchar, proposal_kind varchar, name_printed varchar, document_ids varchar[]"
    ),
    "main.mart_not_understood": (
        "document_id varchar, page integer, cell_id varchar, note_kind varchar, message varchar"
    ),
    "intermediate.int_line_items": (
        "document_id varchar, statement_number integer, page integer, cell_id varchar, row_label varchar, "
        "amount_yuan decimal(18,2), amount_printed varchar, unit varchar, precision_yuan decimal(18,4)"
    ),
    "intermediate.int_identity_subjects": (
        "disclosure_id varchar, identity_id varchar, identity_key varchar, subject_zh varchar"
    ),
    "intermediate.int_statements": (
        "document_id varchar, statement_number integer, statement_id varchar, first_page integer, "
        "n_amounts integer"
    ),
}

HEALTHY = """
insert into main.dim_document values
    ('d1', 's1', '样例局', 2023, 'final_accounts', 'current', '2023年决算.pdf'),
    ('d0', 's1', '样例局', 2023, 'final_accounts', 'superseded', '2023年决算（旧）.pdf');
insert into main.dim_disclosure values ('s1', 'p1', 2023, 'final_accounts', ['d1'], []);
insert into main.dim_department values ('p1');
insert into main.dim_statement values ('final_expenditure');
insert into main.dim_functional_code values ('201');
insert into main.fct_cells values
    ('d1', 'c1', 7, 10, 10, 90, 20), ('d1', 'c2', 7, 10, 30, 90, 40), ('d1', 'c3', 7, 10, 50, 90, 60);
insert into main.fct_expenditure_by_function values
    ('d1', 'c1', 7, 'total', '合计'), ('d1', 'c2', 7, '201', '一般公共服务支出');
insert into intermediate.int_line_items values
    ('d1', 1, 7, 'c1', '合计', 32956800, '3, 295. 68', '万元', 100),
    ('d1', 1, 7, 'c2', '一般公共服务支出', 32956800, '3,295.68', '万元', 100);
insert into main.mart_documents_set_aside values ('d8', 'y.pdf', 'excluded', '不予收录');
insert into intermediate.int_statements values ('d1', 1, 'final_expenditure', 7, 2);
insert into intermediate.int_identity_subjects values
    ('s1', 't3_row_total', '208', '社会保障和就业支出，本年支出合计');
insert into main.fct_identity_results values
    ('s1', 't3_rollup', 'total|total', 'd1', 7, 'c1', 32956800, 32956800, 0, 'exact'),
    ('s1', 't3_row_total', '201', 'd1', 7, 'c2', 32956800, 32956800, 0, 'rounding'),
    ('s1', 't1_t3_expenditure_total', '', 'd1', null, null, null, null, null, 'not_evaluable');
"""

#: One statement each that breaks exactly the rule of that id.
SPOILT = {
    "documents_are_read": (
        "insert into main.mart_documents_set_aside values ('d9', 'x.pdf', 'broken', '读不出')"
    ),
    "statements_are_all_there": "update main.dim_disclosure set statements_missing = ['final_fund']",
    "nothing_was_left_out": (
        "insert into main.mart_not_understood values ('d1', 7, 'c3', 'row_not_understood', 'row 其他')"
    ),
    "unit_is_stated": (
        "insert into main.mart_not_understood values ('d1', 7, null, 'unit_not_stated', 'no unit')"
    ),
    "amounts_are_what_is_printed": (
        "update intermediate.int_line_items set amount_yuan = 3295680000 where cell_id = 'c1'"
    ),
    "precision_fits_the_amount": (
        "update intermediate.int_line_items set precision_yuan = 1000 where cell_id = 'c1'"
    ),
    "amounts_have_a_place": "update main.fct_cells set x1 = x0 where cell_id = 'c1'",
    "statements_count_their_amounts": "update intermediate.int_statements set n_amounts = 3",
    "one_row_per_document": "insert into main.dim_document (document_id) values ('d1')",
    "one_row_per_disclosure": (
        "insert into main.dim_disclosure values ('s2', 'p1', 2023, 'final_accounts', [], [])"
    ),
    "one_row_per_cell": "insert into main.fct_cells values ('d1', 'c3', 7, 10, 50, 90, 60)",
    "one_result_per_question": (
        "insert into main.fct_identity_results (disclosure_id, identity_id, identity_key, verdict) "
        "values ('s1', 't3_rollup', 'total|total', 'exact')"
    ),
    "every_amount_is_one_fact": "insert into main.fct_statement_totals values ('d1', 'c1', 7)",
    "facts_point_to_cells": "insert into main.fct_procurement values ('d1', 'c99', 7)",
    "only_current_documents_count": "insert into main.fct_cells values ('d0', 'c0', 7, 10, 10, 90, 20)",
    "codes_are_known": (
        "update main.fct_expenditure_by_function set functional_code = '299' where cell_id = 'c2'"
    ),
    "codes_are_in_the_list_of_their_year": (
        "insert into main.mart_codes_proposed values ('20751', 'new_code', '没有这一款', ['d1'])"
    ),
    "every_disclosure_has_a_department": "update main.dim_department set department_id = 'p2'",
}


def build(path: Path, *spoilt: str) -> Path:
    """Write the file, healthy but for the rules named in ``spoilt``."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema intermediate")
        for name, columns in TABLES.items():
            connection.execute(f"create table {name} ({columns})")
        connection.execute(HEALTHY)
        for rule in spoilt:
            connection.execute(SPOILT[rule])
    return path
