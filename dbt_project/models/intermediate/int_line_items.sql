-- Every printed amount of current documents, once, with what the catalogue knows of its row and column.
--
-- `is_leaf`: the row is a code of which no sub-code is printed in the same statement, so that a sum over
-- leaves counts nothing twice. `fact_table`: where the amount goes; a line's own word (T6 人员经费合计)
-- beats its column's, a column's its form's. A row of one of several units (单位) goes with the totals, so
-- that the facts by code hold the department's own rows only.
with items as (
    select
        d.disclosure_id,
        d.department_id,
        d.region_code,
        d.fiscal_year,
        d.document_kind,
        i.*,
        i.document_id || '-s' || lpad(i.statement_number::varchar, 2, '0') as printed_statement_id,
        case when i.row_kind in ('functional', 'economic') then {{ code_level('i.row_key') }} end as code_level,
        case when i.row_kind in ('functional', 'economic') then {{ parent_code('i.row_key') }} end as parent_code
    from {{ ref('stg_line_items') }} as i
    inner join {{ ref('int_current_documents') }} as d on i.document_id = d.document_id
),

parents as (
    -- A section that is not printed does not make its class a leaf: every prefix of a code is a parent.
    select
        document_id,
        statement_number,
        row_kind,
        side,
        left(row_key, 3) as row_key
    from items
    where code_level > 1
    union
    select
        document_id,
        statement_number,
        row_kind,
        side,
        left(row_key, 5) as row_key
    from items
    where code_level > 2
)

select
    i.disclosure_id,
    i.department_id,
    i.region_code,
    i.fiscal_year,
    i.document_kind,
    i.document_id,
    i.printed_statement_id,
    i.statement_number,
    i.statement_id,
    i.row_kind,
    i.row_key,
    i.row_label,
    i.row_path,
    i.row_number,
    i.side,
    i.column_id,
    i.column_path,
    i.amount_yuan,
    i.amount_printed,
    i.unit,
    i.precision_yuan,
    i.reading_quality,
    i.amount_as_read,
    i.page,
    i.cell_id,
    i.code_level,
    i.parent_code,
    coalesce(i.code_level > 0 and p.row_key is null, false) as is_leaf,
    coalesce(own_side.fund, either_side.fund, c.fund) as fund,
    c.expenditure_kind,
    c.revenue_source,
    coalesce(c.basis, case f.document_kind when 'budget' then 'budget' else 'final' end) as basis,
    case
        when i.row_kind = 'unit' then 'fct_statement_totals'
        else coalesce(own_side.fact_table, either_side.fact_table, c.fact_table, f.fact_table)
    end as fact_table
from items as i
left join parents as p
    on
        i.document_id = p.document_id
        and i.statement_number = p.statement_number
        and i.row_kind = p.row_kind
        and i.side = p.side
        and i.row_key = p.row_key
left join {{ ref('stg_statement_columns') }} as c
    on i.statement_id = c.statement_id and i.column_id = c.column_id
left join {{ ref('stg_statement_forms') }} as f on i.statement_id = f.statement_id
left join {{ ref('stg_statement_lines') }} as own_side
    on
        i.statement_id = own_side.statement_id
        and i.row_key = own_side.row_key
        and i.side = own_side.side
left join {{ ref('stg_statement_lines') }} as either_side
    on
        i.statement_id = either_side.statement_id
        and i.row_key = either_side.row_key
        and either_side.side is null
