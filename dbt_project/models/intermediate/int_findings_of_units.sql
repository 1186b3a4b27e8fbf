-- Findings: a unit (单位) with more than the department (部门) that consolidates it, both published of one year
-- and kind. One finding for a unit's disclosure: the first place in the order of the form where it is so.
with units as (
    select distinct
        u.disclosure_id,
        o.disclosure_id as department_disclosure_id,
        p.department_name
    from {{ ref('int_current_documents') }} as u
    inner join {{ ref('dim_department') }} as d on u.department_id = d.department_id
    inner join {{ ref('dim_department') }} as p on d.parent_department_id = p.department_id
    inner join {{ ref('int_current_documents') }} as o
        on
            p.department_id = o.department_id
            and u.fiscal_year = o.fiscal_year
            and u.document_kind = o.document_kind
),

-- Totals of the year and classes of expenditure: what is consolidated without more ado.
figures as (
    select i.*
    from {{ ref('int_line_items') }} as i
    where
        i.row_kind <> 'unit'
        and (
            (
                i.statement_id in ('final_summary', 'budget_summary')
                and i.row_key in ('revenue_total', 'expenditure_total')
            )
            or (
                i.statement_id in ('final_expenditure', 'budget_expenditure_by_function')
                and i.column_id = 'total'
                and (i.row_key = 'total' or (i.row_kind = 'functional' and i.code_level = 1))
            )
        )
    -- A statement that is printed twice says which is meant by nothing.
    qualify count(*) over (partition by i.disclosure_id, i.statement_id, i.row_key, i.column_id) = 1
),

larger as (
    select
        own.*,
        u.department_name as parent_name,
        whole.amount_yuan as whole_yuan,
        whole.precision_yuan as whole_precision,
        whole.unit as whole_unit,
        whole.page as whole_page,
        whole.cell_id as whole_cell_id,
        count(*) over (partition by own.disclosure_id) as n_places
    from units as u
    inner join figures as own on u.disclosure_id = own.disclosure_id
    inner join figures as whole
        on
            u.department_disclosure_id = whole.disclosure_id
            and own.statement_id = whole.statement_id
            and own.row_key = whole.row_key
            and own.column_id = whole.column_id
    where own.amount_yuan - whole.amount_yuan > (own.precision_yuan + whole.precision_yuan) / 2
    qualify row_number() over (
        partition by own.disclosure_id
        order by own.statement_number, own.row_number, own.column_id
    ) = 1
)

select
    'unit_exceeds_department' as finding_kind,
    '' as question_about,
    'medium' as severity,
    l.document_id,
    l.statement_id,
    null::varchar as identity_id,
    l.row_key || '/' || l.column_id as identity_key,
    '第' || l.page || '页，' || f.name_zh || {{ quoted('l.row_label') }} || '行：印为'
    || {{ amount_in_unit('l.amount_yuan', 'l.unit', 'l.precision_yuan') }} || l.unit || '，大于其所属部门'
    || l.parent_name || '同年公开的' || {{ amount_in_unit('l.whole_yuan', 'l.whole_unit', 'l.whole_precision') }}
    || l.whole_unit || '（第' || l.whole_page || '页）'
    || case when l.n_places > 1 then '；另有' || (l.n_places - 1) || '处也是如此' else '' end || '。' as sentence_zh,
    'Page ' || l.page || ', ' || f.name_en || ', row ' || l.row_label || ': printed as '
    || {{ amount_in_unit('l.amount_yuan', 'l.unit', 'l.precision_yuan') }} || {{ unit_in_english('l.unit') }}
    || ', more than the department it belongs to (' || l.parent_name || ') published for the same year: '
    || {{ amount_in_unit('l.whole_yuan', 'l.whole_unit', 'l.whole_precision') }}
    || {{ unit_in_english('l.whole_unit') }} || ' (page ' || l.whole_page || ')'
    || case when l.n_places > 1 then '; so it is in ' || (l.n_places - 1) || ' more places' else '' end || '.'
        as sentence_en,
    l.whole_yuan as expected_yuan,
    l.amount_yuan as reported_yuan,
    (l.amount_yuan - l.whole_yuan)::decimal(18, 2) as difference_yuan,
    l.page,
    l.cell_id,
    [l.whole_cell_id] as operand_cell_ids
from larger as l
inner join {{ ref('stg_statement_forms') }} as f on l.statement_id = f.statement_id
