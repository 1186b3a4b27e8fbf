-- The verdict on every identity (macro `verdict`): a figure printed with precision p stands for the interval of
-- width p around it; a blank for nothing, without width. One row per disclosure x identity x key.
with operands as (
    select * from {{ ref('int_identity_operands') }}
),

sides as (
    select
        identity_id,
        disclosure_id,
        region_code,
        fiscal_year,
        document_kind,
        occurrence,
        key_row,
        key_column,
        sum(amount_yuan) filter (where term_number > 0) as expected_yuan,
        sum(amount_yuan) filter (where term_number = 0) as reported_yuan,
        sum(width_yuan) / 2 as tolerance_yuan,
        sum(squared_width) as squared_width,
        coalesce(sum(figures) filter (where term_number > 0), 0) as n_operands,
        sum(figures) as n_figures,
        bool_and(state in ('printed', 'blank')) as is_evaluable,
        bool_or(amount_yuan <> 0) as says_something,
        any_value(statement_id) filter (where term_number = 0) as statement_id,
        coalesce(
            any_value(document_id) filter (where term_number = 0), min(document_id)
        ) as document_id,
        coalesce(
            any_value(page) filter (where term_number = 0),
            any_value(first_page) filter (where term_number = 0),
            min(page)
        ) as page,
        any_value(cell_ids[1]) filter (where term_number = 0) as cell_id,
        list_sort(flatten(list(cell_ids) filter (where term_number > 0))) as operand_cell_ids,
        list_sort(
            list(distinct statement_id || ': ' || state) filter (where state not in ('printed', 'blank'))
        ) as not_evaluable_because
    from operands
    group by
        identity_id,
        disclosure_id,
        region_code,
        fiscal_year,
        document_kind,
        occurrence,
        key_row,
        key_column
),

differences as (
    select
        sides.*,
        identities.relation,
        identities.ranges_over,
        cast(sides.reported_yuan - sides.expected_yuan as decimal(18, 2)) as difference_yuan
    from sides
    inner join {{ source('identities', 'identities') }} as identities
        on sides.identity_id = identities.identity_id
)

select
    disclosure_id,
    identity_id,
    document_id,
    region_code,
    fiscal_year,
    document_kind,
    {{ identity_key() }} as key,
    case when is_evaluable then cast(expected_yuan as decimal(18, 2)) end as expected_yuan,
    case when is_evaluable then cast(reported_yuan as decimal(18, 2)) end as reported_yuan,
    case when is_evaluable then difference_yuan end as difference_yuan,
    case when is_evaluable then cast(tolerance_yuan as decimal(18, 4)) end as tolerance_yuan,
    {{ verdict("relation = 'le' and difference_yuan < 0") }} as verdict,
    cast(n_operands as integer) as n_operands,
    statement_id,
    page,
    cell_id,
    operand_cell_ids,
    not_evaluable_because
from differences
-- Nothing is asked of a key under which every figure printed is zero and another is not there.
where ranges_over = 'once' or is_evaluable or says_something
