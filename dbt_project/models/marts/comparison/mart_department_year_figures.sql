-- The measures of the comparison sheet one under another, each with the cell it is printed in and the
-- same measure of the year before. A document that prints a measure twice (department and, in an
-- annex, unit) is taken at its first place.
with places as (
    select * from {{ ref('department_year_measures') }}
),

figures as (
    select
        i.department_id,
        i.region_code,
        i.fiscal_year,
        i.document_kind,
        m.measure,
        i.amount_yuan,
        i.disclosure_id,
        i.document_id,
        i.statement_id,
        i.page,
        i.cell_id
    from {{ ref('int_line_items') }} as i
    inner join places as m
        on
            i.document_kind = m.document_kind
            and i.statement_id = m.statement_id
            and i.row_key = m.row_key
            and i.side = coalesce(m.side, '')
            and i.column_id = m.column_id
    qualify row_number() over (
        partition by i.disclosure_id, m.measure
        order by m.priority, i.document_id, i.statement_number, i.row_number, i.cell_id
    ) = 1
)

select
    f.department_id,
    f.region_code,
    f.fiscal_year,
    f.document_kind,
    f.measure,
    f.amount_yuan,
    p.amount_yuan as previous_amount_yuan,
    (f.amount_yuan - p.amount_yuan)::decimal(18, 2) as change_yuan,
    {{ ratio('(f.amount_yuan - p.amount_yuan)', 'p.amount_yuan') }} as change_ratio,
    f.disclosure_id,
    f.document_id,
    f.statement_id,
    f.page,
    f.cell_id
from figures as f
left join figures as p
    on
        f.department_id = p.department_id
        and f.document_kind = p.document_kind
        and f.measure = p.measure
        and f.fiscal_year = p.fiscal_year + 1
