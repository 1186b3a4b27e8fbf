-- Findings: sums that a statement states of itself and its own figures contradict, where no identity of the
-- form says so already: the same total, the same difference.
with violated as (
    select * from {{ ref('int_stated_sum_results') }}
    where verdict = 'violated'
),

results as (
    select
        answer_number,
        document_id,
        abs(difference_yuan) as size_yuan,
        cell_id
    from {{ ref('int_identity_results') }}
    where verdict = 'violated'
),

told as (
    select
        document_id,
        size_yuan,
        cell_id
    from results
    where cell_id is not null
    union all
    select
        r.document_id,
        r.size_yuan,
        c.cell_id
    from results as r
    inner join {{ ref('int_identity_operand_cells') }} as c on r.answer_number = c.answer_number
),

named as (
    select
        v.*,
        f.name_zh,
        f.name_en,
        coalesce(v.unit, '元') as shown_unit,
        case when v.cell_id is not null then {{ amount_in_unit('v.reported_yuan', 'v.unit', 'v.precision_yuan') }} end
            as reported,
        {{ amount_in_unit('v.expected_yuan', 'v.unit', 'v.precision_yuan') }} as expected,
        {{ amount_in_unit('abs(v.difference_yuan)', 'v.unit', 'v.precision_yuan') }} as difference
    from violated as v
    inner join {{ ref('stg_statement_forms') }} as f on v.statement_id = f.statement_id
    where not exists (
        select 1 from told as t
        where
            t.document_id = v.document_id
            and t.size_yuan = abs(v.difference_yuan)
            and (t.cell_id = v.cell_id or list_contains(v.operand_cell_ids, t.cell_id))
    )
)

select
    'stated_sum_violated' as finding_kind,
    '' as question_about,
    'medium' as severity,
    document_id,
    statement_id,
    null::varchar as identity_id,
    document_id || '-s' || lpad(sum_number::varchar, 4, '0') as identity_key,
    '第' || page || '页，' || name_zh || {{ quoted('place') }} || case axis when 'row' then '栏' else '行' end
    || '：表中写明' || {{ quoted('footnote') }} || '，合计印为' || coalesce(reported || shown_unit, '空白') || '，所列各数之和为'
    || expected || shown_unit || '，相差' || difference || shown_unit || '。' as sentence_zh,
    'Page ' || page || ', ' || name_en || case axis when 'row' then ', column ' else ', row ' end || place
    || ': the statement says ' || footnote || '; the total is printed as '
    || coalesce(reported || {{ unit_in_english('shown_unit') }}, 'blank') || ', what is listed sums to ' || expected
    || {{ unit_in_english('shown_unit') }} || ', difference ' || difference || {{ unit_in_english('shown_unit') }}
    || '.' as sentence_en,
    expected_yuan,
    reported_yuan,
    difference_yuan,
    page,
    cell_id,
    operand_cell_ids
from named
