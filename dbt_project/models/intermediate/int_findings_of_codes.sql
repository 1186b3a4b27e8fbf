-- Findings: codes the list does not know, and codes that bear another's name or one of other years.
select
    c.finding_kind,
    '' as question_about,
    case c.finding_kind when 'code_name_differs' then 'medium' else 'low' end as severity,
    c.document_id,
    c.statement_id,
    null::varchar as identity_id,
    -- A code may bear a wrong name in several statements of a document.
    c.row_kind || '/' || c.code
    || case c.finding_kind when 'code_name_differs' then '/' || c.cell_id else '' end as identity_key,
    '第' || c.page || '页，' || f.name_zh || '：科目' || c.code || '印为' || {{ quoted('c.row_label') }}
    || case c.finding_kind
        when 'unknown_code' then '，不在' || c.fiscal_year || '年科目表中。'
        when 'code_name_differs'
            then
                '，这是科目' || c.other_code || '的名称；同一次公开的其他报表印为' || {{ quoted('c.name_expected') }} || '。'
        else '，' || c.fiscal_year || '年科目表中的名称是' || {{ quoted('c.name_expected') }} || '。'
    end as sentence_zh,
    'Page ' || c.page || ', ' || f.name_en || ': code ' || c.code || ' is printed as ' || c.row_label
    || case c.finding_kind
        when 'unknown_code' then ', which is not in the code list of ' || c.fiscal_year || '.'
        when 'code_name_differs'
            then
                ', which is the name of ' || c.other_code || '; other statements of the disclosure print '
                || c.name_expected || '.'
        else ', a name of other years; in ' || c.fiscal_year || ' it is ' || c.name_expected || '.'
    end as sentence_en,
    null::decimal(18, 2) as expected_yuan,
    null::decimal(18, 2) as reported_yuan,
    null::decimal(18, 2) as difference_yuan,
    c.page,
    c.cell_id,
    []::varchar[] as operand_cell_ids
from {{ ref('int_code_doubts') }} as c
inner join {{ ref('stg_statement_forms') }} as f on c.statement_id = f.statement_id
