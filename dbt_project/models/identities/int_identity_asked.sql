-- Which identity is asked of which disclosure, with the statement that each of its terms reads:
-- one row per disclosure x identity x occurrence x term. A term whose statement is not there has no
-- `statement_key`: the identity is asked and stays undecided. What comes after goes by number: `question_number` is
-- that of a disclosure x identity x occurrence, `asked_number` that of a term of it.
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

candidates as (
    select distinct
        identities.identity_id,
        statements.disclosure_id,
        statements.department_id,
        statements.region_code,
        statements.fiscal_year,
        statements.document_kind,
        statements.occurrence
    from {{ source('identities', 'identities') }} as identities
    inner join statements
        on
            identities.document_kind = statements.document_kind
            and list_contains(identities.asked_of, statements.statement_id)
            and statements.fiscal_year between identities.years_first and identities.years_last
),

printed_keys as (
    select distinct
        statement_key,
        row_key
    from {{ ref('int_identity_rows') }}
),

-- Conditions on the form: a row or column that the statement must, or must not, print.
refused as (
    select distinct
        candidates.identity_id,
        candidates.disclosure_id,
        candidates.occurrence
    from candidates
    inner join {{ source('identities', 'identity_conditions') }} as conditions
        on candidates.identity_id = conditions.identity_id
    left join statements
        on
            candidates.disclosure_id = statements.disclosure_id
            and candidates.occurrence = statements.occurrence
            and conditions.statement_id = statements.statement_id
    left join printed_keys
        on
            statements.statement_key = printed_keys.statement_key
            -- One equality: a condition on the left side alone keeps DuckDB from joining by hash.
            and case when conditions.axis = 'row' then conditions.name end = printed_keys.row_key
    where
        conditions.must_be_printed
        <> (
            printed_keys.row_key is not null
            or (
                conditions.axis = 'column'
                and coalesce(list_contains(statements.printed_columns, conditions.name), false)
            )
        )
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
        candidates.identity_id,
        candidates.disclosure_id,
        candidates.region_code,
        candidates.fiscal_year,
        candidates.document_kind,
        candidates.occurrence,
        terms.term_number,
        terms.weight,
        terms.statement_id,
        disclosures.disclosure_id as term_disclosure_id
    from candidates
    anti join refused
        on
            candidates.identity_id = refused.identity_id
            and candidates.disclosure_id = refused.disclosure_id
            and candidates.occurrence = refused.occurrence
    inner join terms
        on candidates.identity_id = terms.identity_id
    left join disclosures
        on
            candidates.department_id = disclosures.department_id
            and candidates.fiscal_year + terms.year_offset = disclosures.fiscal_year
            and terms.document_kind = disclosures.document_kind
),

-- An identity over two disclosures is no question where the other one was never published or read.
alone as (
    select distinct
        identity_id,
        disclosure_id,
        occurrence
    from placed
    where term_disclosure_id is null
)

select
    placed.identity_id,
    placed.disclosure_id,
    placed.region_code,
    placed.fiscal_year,
    placed.document_kind,
    placed.occurrence,
    placed.term_number,
    placed.weight,
    placed.statement_id,
    statements.statement_key,
    statements.document_id,
    statements.first_page,
    coalesce(statements.is_stated_empty, false) as is_stated_empty,
    coalesce(statements.has_unread_rows, false) as has_unread_rows,
    coalesce(statements.has_unread_columns, false) as has_unread_columns,
    coalesce(statements.printed_columns, []) as printed_columns,
    dense_rank() over (order by placed.identity_id, placed.disclosure_id, placed.occurrence) as question_number,
    row_number() over (
        order by placed.identity_id, placed.disclosure_id, placed.occurrence, placed.term_number
    ) as asked_number
from placed
anti join alone
    on
        placed.identity_id = alone.identity_id
        and placed.disclosure_id = alone.disclosure_id
        and placed.occurrence = alone.occurrence
left join statements
    on
        placed.term_disclosure_id = statements.disclosure_id
        and placed.occurrence = statements.occurrence
        and placed.statement_id = statements.statement_id
