-- The verdict on every sum that a statement states of itself, at every place it speaks of.
with terms as (
    select
        s.*,
        i.amount_yuan,
        i.precision_yuan,
        i.unit,
        -- An amount without a unit is no figure.
        s.state = 'blank' or i.cell_id is not null as is_known
    from {{ ref('stg_stated_sums') }} as s
    inner join {{ ref('int_current_documents') }} as d on s.document_id = d.document_id
    left join {{ ref('int_line_items') }} as i on s.cell_id = i.cell_id
),

sides as (
    select
        document_id,
        sum_number,
        any_value(statement_number) as statement_number,
        any_value(statement_id) as statement_id,
        any_value(axis) as axis,
        any_value(footnote) as footnote,
        any_value(place) as place,
        any_value(unit) filter (where unit is not null) as unit,
        min(precision_yuan) as precision_yuan,
        bool_and(is_known) as is_evaluable,
        coalesce(sum(amount_yuan) filter (where term_number = 0), 0)::decimal(18, 2) as reported_yuan,
        coalesce(sum(weight * amount_yuan) filter (where term_number > 0), 0)::decimal(18, 2) as expected_yuan,
        (coalesce(sum(precision_yuan), 0) / 2)::decimal(18, 4) as tolerance_yuan,
        coalesce(sum(precision_yuan * precision_yuan), 0) as squared_width,
        coalesce(min(page) filter (where term_number = 0), min(page)) as page,
        any_value(cell_id) filter (where term_number = 0) as cell_id,
        coalesce(
            list(cell_id order by cell_id) filter (where term_number > 0 and cell_id is not null), []
        ) as operand_cell_ids
    from terms
    group by document_id, sum_number
),

differences as (
    select
        *,
        (reported_yuan - expected_yuan)::decimal(18, 2) as difference_yuan
    from sides
)

select
    document_id,
    sum_number,
    statement_number,
    statement_id,
    axis,
    footnote,
    place,
    unit,
    precision_yuan,
    page,
    cell_id,
    operand_cell_ids,
    case when is_evaluable then expected_yuan end as expected_yuan,
    case when is_evaluable then reported_yuan end as reported_yuan,
    case when is_evaluable then difference_yuan end as difference_yuan,
    case when is_evaluable then tolerance_yuan end as tolerance_yuan,
    {{ verdict() }} as verdict
from differences
