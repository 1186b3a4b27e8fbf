-- What the money is for: spending by functional code, of each disclosure from its widest statement of that
-- kind (seed purpose_statements), so that codes can be compared over departments and years. The year before is
-- that of the code's lineage, and what breaks the comparison is marked (bridge_code_succession).
with statements as (
    select
        f.disclosure_id,
        f.document_id,
        f.statement_number,
        f.statement_id
    from {{ ref('fct_expenditure_by_function') }} as f
    inner join {{ ref('purpose_statements') }} as s
        on f.document_kind = s.document_kind and f.statement_id = s.statement_id and s.code_kind = 'functional'
    where f.expenditure_kind = 'total'
    qualify row_number() over (
        partition by f.disclosure_id
        order by s.priority, f.document_id, f.statement_number, f.row_number, f.cell_id
    ) = 1
),

amounts as (
    select f.*
    from {{ ref('fct_expenditure_by_function') }} as f
    inner join statements as s
        on
            f.disclosure_id = s.disclosure_id
            and f.document_id = s.document_id
            and f.statement_number = s.statement_number
    where
        f.expenditure_kind in ('total', 'basic', 'project')
        and f.basis = case f.document_kind when 'budget' then 'budget' else 'final' end
    -- A code printed twice in one statement (annexes) is taken at its first place.
    qualify row_number() over (
        partition by f.disclosure_id, f.functional_code, f.expenditure_kind
        order by f.row_number, f.cell_id
    ) = 1
),

purposes as (
    select
        disclosure_id,
        functional_code,
        'functional' as classification,
        any_value(department_id) as department_id,
        any_value(region_code) as region_code,
        any_value(fiscal_year) as fiscal_year,
        any_value(document_kind) as document_kind,
        any_value(document_id) as document_id,
        any_value(statement_id) as statement_id,
        min_by(row_label, row_number) as row_label,
        any_value(code_level) as code_level,
        any_value(parent_code) as parent_code,
        bool_and(is_leaf) as is_leaf,
        max(amount_yuan) filter (where expenditure_kind = 'total') as amount_yuan,
        max(amount_yuan) filter (where expenditure_kind = 'basic') as basic_yuan,
        max(amount_yuan) filter (where expenditure_kind = 'project') as project_yuan,
        max(page) filter (where expenditure_kind = 'total') as page,
        max(cell_id) filter (where expenditure_kind = 'total') as cell_id
    from amounts
    where code_level is not null
    group by disclosure_id, functional_code
),

{{ money_of_the_year_before('purposes', 'functional_code', ['functional']) }}

select
    c.department_id,
    c.region_code,
    c.fiscal_year,
    c.document_kind,
    c.functional_code,
    c.row_label,
    c.code_level,
    c.parent_code,
    c.is_leaf,
    c.amount_yuan,
    c.basic_yuan,
    c.project_yuan,
    p.amount_yuan as previous_amount_yuan,
    (c.amount_yuan - p.amount_yuan)::decimal(18, 2) as change_yuan,
    {{ ratio('(c.amount_yuan - p.amount_yuan)', 'p.amount_yuan') }} as change_ratio,
    coalesce(p.previous_codes, []) as previous_codes,
    coalesce(b.break_kinds, []) as break_kinds,
    c.disclosure_id,
    c.document_id,
    c.statement_id,
    c.page,
    c.cell_id
from purposes as c
left join year_before as p on c.disclosure_id = p.disclosure_id and c.functional_code = p.functional_code
left join {{ ref('int_code_breaks') }} as b
    on c.classification = b.classification and c.functional_code = b.code and c.fiscal_year = b.fiscal_year
where c.amount_yuan is not null
