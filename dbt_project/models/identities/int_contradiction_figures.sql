-- The figures that stand in int_contradiction_weights, once each, with their place among the rows that their
-- statement prints. A place that is printed blank has no amount, and the precision of its statement.
with weighed as (
    select distinct
        department_id,
        figure_id,
        is_blank
    from {{ ref('int_contradiction_weights') }}
),

items as (
    select
        cell_id,
        document_id || '-' || statement_number as statement_key,
        row_key,
        column_id,
        amount_yuan,
        precision_yuan,
        unit
    from {{ ref('int_line_items') }}
),

-- How a statement prints most of its amounts.
habits as (
    select
        statement_key,
        mode(precision_yuan order by precision_yuan) as precision_yuan,
        mode(unit order by unit) as unit
    from items
    group by statement_key
),

places as (
    select
        weighed.department_id,
        weighed.figure_id,
        true as is_blank,
        null as cell_id,
        split_part(weighed.figure_id, '/', 1) as statement_key,
        regexp_extract(weighed.figure_id, '^[^/]*/(.*)/[^/]*$', 1) as row_name,
        regexp_extract(weighed.figure_id, '[^/]*$') as column_id,
        0::decimal(18, 2) as amount_yuan
    from weighed
    where weighed.is_blank
),

figures as (
    select
        weighed.department_id,
        weighed.figure_id,
        weighed.is_blank,
        items.cell_id,
        items.statement_key,
        items.row_key,
        items.column_id,
        items.amount_yuan,
        items.precision_yuan,
        items.unit
    from weighed
    inner join items on weighed.figure_id = items.cell_id
    where not weighed.is_blank
    union all by name
    select
        places.department_id,
        places.figure_id,
        places.is_blank,
        places.cell_id,
        places.statement_key,
        places.column_id,
        places.amount_yuan,
        regexp_replace(places.row_name, '#[0-9]+$', '') as row_key,
        coalesce(habits.precision_yuan, 1) as precision_yuan,
        coalesce(habits.unit, '') as unit
    from places
    left join habits on places.statement_key = habits.statement_key
)

select
    figures.department_id,
    figures.figure_id,
    figures.is_blank,
    figures.cell_id,
    figures.statement_key,
    figures.row_key,
    figures.column_id,
    figures.amount_yuan,
    figures.precision_yuan,
    figures.unit,
    coalesce(list_position(statements.printed_rows, figures.row_key), 0) as row_place
from figures
left join {{ ref('int_identity_statements') }} as statements on figures.statement_key = statements.statement_key
