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

-- Where a code's money of the year before stands: under the code itself unless it was used again for something
-- else, and under the codes that went over into it as a whole.
earlier_codes as (
    select distinct
        p.functional_code,
        p.fiscal_year,
        p.functional_code as earlier_code
    from purposes as p
    where
        not exists (
            select 1
            from {{ ref('int_code_successions') }} as s
            where
                s.classification = 'functional'
                and s.succession_kind = 'reused'
                and p.functional_code = s.to_code
                and p.fiscal_year = s.to_first_year
        )
    union
    select
        to_code as functional_code,
        to_first_year as fiscal_year,
        from_code as earlier_code
    from {{ ref('int_code_successions') }}
    where classification = 'functional' and not is_break and from_code <> to_code
),

year_before as (
    select
        c.disclosure_id,
        c.functional_code,
        list(p.functional_code order by p.functional_code) as previous_codes,
        sum(p.amount_yuan)::decimal(18, 2) as amount_yuan
    from purposes as c
    inner join earlier_codes as e
        on c.functional_code = e.functional_code and c.fiscal_year = e.fiscal_year
    inner join purposes as p
        on
            c.department_id = p.department_id
            and c.document_kind = p.document_kind
            and e.earlier_code = p.functional_code
            and c.fiscal_year = p.fiscal_year + 1
            -- Another scope is no year before.
            and c.statement_id = p.statement_id
    group by c.disclosure_id, c.functional_code
)

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
    on b.classification = 'functional' and c.functional_code = b.code and c.fiscal_year = b.fiscal_year
where c.amount_yuan is not null
