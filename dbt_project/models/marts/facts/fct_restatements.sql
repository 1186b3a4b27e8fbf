-- Figures that were published otherwise before, one row per figure: `version` where a later version of the same
-- document prints another amount (or a figure the earlier one lacks, or no longer one it had); `last_year` where this
-- year's document prints or implies a figure of last year that last year's document prints otherwise, beyond rounding
-- (opening balances; “比上年增加”, from which last year's figure follows).
with versions as (
    select
        'version' as restatement_kind,
        change_kind,
        document_id,
        statement_id,
        row_key,
        nullif(side, '') as side,
        column_id,
        row_label,
        amount_yuan,
        page,
        cell_id,
        earlier_document_id,
        earlier_yuan,
        earlier_page,
        earlier_cell_id,
        null::varchar as identity_id,
        null::varchar as claim_id
    from {{ ref('int_version_differences') }}
),

-- Each identity over years that does not hold.
violated as (
    select
        r.result_id,
        r.identity_id,
        r.document_id,
        r.reported_yuan,
        r.expected_yuan,
        r.page,
        r.cell_id
    from {{ ref('fct_identity_results') }} as r
    inner join {{ ref('dim_identity') }} as d on r.identity_id = d.identity_id and d.family = 'years'
    where r.verdict = 'violated'
),

earlier as (
    select
        v.result_id,
        e.document_id,
        e.page,
        e.cell_id
    from violated as v
    inner join {{ ref('fct_identity_operands') }} as o on v.result_id = o.result_id and o.operand_side = 'expected'
    inner join {{ ref('stg_line_items') }} as e on o.cell_id = e.cell_id and v.document_id <> e.document_id
),

last_years as (
    select
        'last_year' as restatement_kind,
        'changed' as change_kind,
        r.document_id,
        i.statement_id,
        i.row_key,
        nullif(i.side, '') as side,
        i.column_id,
        i.row_label,
        r.reported_yuan as amount_yuan,
        r.page,
        r.cell_id,
        e.document_id as earlier_document_id,
        r.expected_yuan as earlier_yuan,
        e.page as earlier_page,
        e.cell_id as earlier_cell_id,
        r.identity_id,
        null::varchar as claim_id
    from violated as r
    inner join {{ ref('stg_line_items') }} as i on r.cell_id = i.cell_id
    left join earlier as e on r.result_id = e.result_id
    qualify row_number() over (
        partition by r.result_id
        order by e.document_id, e.page, e.cell_id
    ) = 1
),

implied as (
    -- “支出合计 130.00 万元，比上年增加 10.00 万元”: last year's was 120.00.
    select
        'last_year' as restatement_kind,
        'changed' as change_kind,
        o.document_id,
        o.statement_id,
        o.row_key,
        nullif(o.side, '') as side,
        o.column_id,
        o.row_label,
        o.implied_yuan as amount_yuan,
        o.page,
        null::varchar as cell_id,
        o.earlier_document_id,
        o.earlier_yuan,
        o.earlier_page,
        o.earlier_cell_id,
        null::varchar as identity_id,
        o.claim_id
    from {{ ref('int_implied_last_years') }} as o
    where abs(o.implied_yuan - o.earlier_yuan) > o.tolerance_yuan
),

together as (
    select * from versions
    union all by name
    select * from last_years
    union all by name
    select * from implied
)

select
    md5(
        concat_ws(
            '/', t.restatement_kind, t.document_id, t.earlier_document_id, t.statement_id, t.row_key, t.side,
            t.column_id, t.cell_id, t.earlier_cell_id, t.identity_id, t.claim_id
        )
    ) as restatement_id,
    t.restatement_kind,
    t.change_kind,
    d.disclosure_id,
    d.department_id,
    d.region_code,
    d.fiscal_year,
    d.document_kind,
    t.statement_id,
    t.row_key,
    t.side,
    t.column_id,
    t.row_label,
    t.earlier_yuan,
    t.amount_yuan,
    (t.amount_yuan - t.earlier_yuan)::decimal(18, 2) as difference_yuan,
    t.document_id,
    t.page,
    t.cell_id,
    t.earlier_document_id,
    t.earlier_page,
    t.earlier_cell_id,
    t.identity_id,
    t.claim_id,
    k.known_from
from together as t
inner join {{ ref('int_documents') }} as d on t.document_id = d.document_id
inner join {{ ref('int_known_from') }} as k on t.document_id = k.document_id
