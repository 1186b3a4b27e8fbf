-- Which identity is asked of which disclosure: one row per disclosure x identity x occurrence, with its
-- `question_number`. What comes after goes by number.
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
        printed_statement,
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
            statements.printed_statement = printed_keys.printed_statement
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

other_disclosures as (
    select distinct
        identity_id,
        year_offset,
        document_kind
    from {{ source('identities', 'identity_terms') }}
),

-- An identity over two disclosures is no question where the other one was never published or read.
alone as (
    select distinct
        candidates.identity_id,
        candidates.disclosure_id,
        candidates.occurrence
    from candidates
    inner join other_disclosures as terms on candidates.identity_id = terms.identity_id
    anti join disclosures
        on
            candidates.department_id = disclosures.department_id
            and candidates.fiscal_year + terms.year_offset = disclosures.fiscal_year
            and terms.document_kind = disclosures.document_kind
)

select
    candidates.*,
    row_number() over () as question_number
from candidates
anti join refused
    on
        candidates.identity_id = refused.identity_id
        and candidates.disclosure_id = refused.disclosure_id
        and candidates.occurrence = refused.occurrence
anti join alone
    on
        candidates.identity_id = alone.identity_id
        and candidates.disclosure_id = alone.disclosure_id
        and candidates.occurrence = alone.occurrence
