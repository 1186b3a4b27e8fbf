-- The statement that each term of each question (int_identity_questions) reads: one row per question x term, with its
-- `asked_number`. A term whose statement is not there has no `printed_statement`: the identity is asked and stays
-- undecided.
with statements as (
    select * from {{ ref('int_identity_statements') }}
),

disclosures as (
    select distinct
        disclosure_id,
        department_id,
        fiscal_year,
        document_kind
    from statements
),

terms as (
    select distinct
        identity_id,
        term_number,
        weight,
        statement_id,
        year_offset,
        document_kind
    from {{ source('identities', 'identity_terms') }}
),

placed as (
    select
        questions.question_number,
        questions.occurrence,
        terms.identity_id,
        terms.term_number,
        terms.weight,
        terms.statement_id,
        disclosures.disclosure_id
    from {{ ref('int_identity_questions') }} as questions
    inner join terms on questions.identity_id = terms.identity_id
    inner join disclosures
        on
            questions.department_id = disclosures.department_id
            and questions.fiscal_year + terms.year_offset = disclosures.fiscal_year
            and terms.document_kind = disclosures.document_kind
)

select
    placed.question_number,
    placed.identity_id,
    placed.term_number,
    placed.weight,
    placed.statement_id,
    statements.printed_statement,
    coalesce(statements.is_stated_empty, false) as is_stated_empty,
    coalesce(statements.has_unread_rows, false) as has_unread_rows,
    coalesce(statements.has_unread_columns, false) as has_unread_columns,
    row_number() over () as asked_number
from placed
left join statements
    on
        placed.disclosure_id = statements.disclosure_id
        and placed.occurrence = statements.occurrence
        and placed.statement_id = statements.statement_id
