-- What basic expenditure is spent on, by economic code: of each disclosure from its widest statement of
-- that kind (seed purpose_statements). `classification` says whose list the code is of. The year before is that
-- of the code's lineage, and what breaks the comparison is marked (bridge_code_succession), as in mart_purpose_year.
with statements as (
    select
        f.disclosure_id,
        f.document_id,
        f.statement_number
    from {{ ref('fct_expenditure_by_economic') }} as f
    inner join {{ ref('purpose_statements') }} as s
        on f.document_kind = s.document_kind and f.statement_id = s.statement_id and s.code_kind = 'economic'
    where f.expenditure_kind = 'basic'
    qualify row_number() over (
        partition by f.disclosure_id
        order by s.priority, f.document_id, f.statement_number, f.row_number, f.cell_id
    ) = 1
),

amounts as (
    select f.*
    from {{ ref('fct_expenditure_by_economic') }} as f
    inner join statements as s
        on
            f.disclosure_id = s.disclosure_id
            and f.document_id = s.document_id
            and f.statement_number = s.statement_number
    where
        f.expenditure_kind = 'basic'
        and f.basis = case f.document_kind when 'budget' then 'budget' else 'final' end
        and f.code_level > 0
    -- A code printed twice in one statement (annexes) is taken at its first place.
    qualify row_number() over (
        partition by f.disclosure_id, f.economic_code
        order by f.row_number, f.cell_id
    ) = 1
),

spending as (
    select
        *,
        case when economic_code like '5%' then 'government' else 'economic' end as classification
    from amounts
),

{{ money_of_the_year_before('spending', 'economic_code', ['economic', 'government']) }}

select
    a.department_id,
    a.region_code,
    a.fiscal_year,
    a.document_kind,
    a.classification,
    a.economic_code,
    a.row_label,
    a.code_level,
    a.parent_code,
    a.is_leaf,
    a.amount_yuan,
    p.amount_yuan as previous_amount_yuan,
    (a.amount_yuan - p.amount_yuan)::decimal(18, 2) as change_yuan,
    {{ ratio('(a.amount_yuan - p.amount_yuan)', 'p.amount_yuan') }} as change_ratio,
    coalesce(p.previous_codes, []) as previous_codes,
    coalesce(b.break_kinds, []) as break_kinds,
    l.code_name_id,
    l.target_code as gfsm_code,
    a.disclosure_id,
    a.document_id,
    a.statement_id,
    a.page,
    a.cell_id
from spending as a
left join year_before as p on a.disclosure_id = p.disclosure_id and a.economic_code = p.economic_code
left join {{ ref('int_code_breaks') }} as b
    on a.classification = b.classification and a.economic_code = b.code and a.fiscal_year = b.fiscal_year
left join {{ ref('int_code_list') }} as l
    on
        l.row_kind = 'economic'
        and a.economic_code = l.code
        and a.fiscal_year between l.valid_from and coalesce(l.valid_to, 9999)
