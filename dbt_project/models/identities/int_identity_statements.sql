-- Statements of current documents, numbered within their disclosure: a document that prints its
-- statements twice (once for the department, once for a unit in an annex) has a first and a second
-- of each, and an identity across statements compares the first with the first, the second with
-- the second. `printed_statement` numbers them for the steps that follow, which go by number: what they look up
-- in millions is as short as can be.
with statements as (
    select
        disclosure_id,
        department_id,
        region_code,
        fiscal_year,
        document_kind,
        document_id,
        statement_number,
        statement_id,
        is_stated_empty,
        first_page,
        coalesce(printed_rows, []) as printed_rows,
        coalesce(printed_columns, []) as printed_columns,
        count(*) over (partition by document_id) as statements_of_document
    from {{ ref('int_statements') }}
)

select
    disclosure_id,
    department_id,
    region_code,
    fiscal_year,
    document_kind,
    document_id,
    statement_number,
    statement_id,
    is_stated_empty,
    first_page,
    printed_rows,
    printed_columns,
    row_number() over (order by document_id, statement_number) as printed_statement,
    document_id || '-' || statement_number as statement_key,
    list_contains(printed_rows, '?') as has_unread_rows,
    list_contains(printed_columns, '?') as has_unread_columns,
    row_number() over (
        partition by disclosure_id, statement_id
        order by statements_of_document desc, document_id asc, statement_number asc
    ) as occurrence
from statements
