-- The verdict on every identity and key of every disclosure: one row per disclosure x identity x key, with the
-- `answer_number` of its operands.
with places as (
    -- A question is put at the place of its first statement that is there, the reported amount's before others.
    select
        asked.question_number,
        any_value(asked.statement_id) filter (where asked.term_number = 0) as statement_id,
        coalesce(
            any_value(statements.document_id) filter (where asked.term_number = 0), min(statements.document_id)
        ) as document_id,
        any_value(statements.first_page) filter (where asked.term_number = 0) as first_page
    from {{ ref('int_identity_asked') }} as asked
    left join {{ ref('int_identity_statements') }} as statements
        on asked.printed_statement = statements.printed_statement
    group by asked.question_number
),

named as (
    select
        verdicts.*,
        questions.disclosure_id,
        questions.identity_id,
        questions.region_code,
        questions.fiscal_year,
        questions.document_kind,
        questions.occurrence,
        places.statement_id,
        places.document_id,
        coalesce(verdicts.reported_page, places.first_page, verdicts.expected_page) as page,
        amounts.cell_id,
        key_rows.row_name as row_of_key,
        key_columns.column_id as column_of_key
    from {{ ref('int_identity_verdicts') }} as verdicts
    inner join {{ ref('int_identity_questions') }} as questions
        on verdicts.question_number = questions.question_number
    inner join places on verdicts.question_number = places.question_number
    inner join {{ ref('int_identity_names') }} as key_rows on verdicts.key_row = key_rows.name_number
    inner join {{ ref('int_identity_columns') }} as key_columns on verdicts.key_column = key_columns.column_number
    left join {{ ref('int_identity_amounts') }} as amounts on verdicts.amount_number = amounts.amount_number
)

select
    answer_number,
    disclosure_id,
    identity_id,
    document_id,
    region_code,
    fiscal_year,
    document_kind,
    {{ identity_key('row_of_key', 'column_of_key') }} as key,
    expected_yuan,
    reported_yuan,
    difference_yuan,
    tolerance_yuan,
    verdict,
    n_operands,
    statement_id,
    page,
    cell_id,
    not_evaluable_because
from named
