-- Findings about a whole document: amounts that another version prints otherwise, and names and years that the
-- register of documents has otherwise.
with restated as (
    select
        'restated' as finding_kind,
        'medium' as severity,
        r.document_id,
        r.statement_id,
        r.statement_id || '/' || r.row_key || '/' || r.side || '/' || r.column_id as identity_key,
        '第' || r.page || '页，' || f.name_zh
        || {{ place_in_words(
            "nullif(concat_ws(' ', case when i.row_kind in ('functional', 'economic') then nullif(r.row_key, 'total') end, "
            "nullif(r.row_label, '')), '')",
            "case when r.column_id <> 'amount' then c.name_zh end"
        ) }}
        || '：重新公开后由' || {{ amount_in_unit('r.earlier_yuan', 'i.unit', 'i.precision_yuan') }} || i.unit
        || '改为' || {{ amount_in_unit('r.amount_yuan', 'i.unit', 'i.precision_yuan') }} || i.unit || '。' as sentence_zh,
        'Page ' || r.page || ', ' || f.name_en
        || {{ place_in_english(
            "nullif(concat_ws(' ', case when i.row_kind in ('functional', 'economic') then nullif(r.row_key, 'total') end, "
            "nullif(r.row_label, '')), '')",
            "case when r.column_id <> 'amount' then c.name_en end"
        ) }}
        || ': published again with ' || {{ amount_in_unit('r.amount_yuan', 'i.unit', 'i.precision_yuan') }}
        || {{ unit_in_english('i.unit') }} || ' instead of '
        || {{ amount_in_unit('r.earlier_yuan', 'i.unit', 'i.precision_yuan') }} || {{ unit_in_english('i.unit') }}
        || '.' as sentence_en,
        r.earlier_yuan as expected_yuan,
        r.amount_yuan as reported_yuan,
        (r.amount_yuan - r.earlier_yuan)::decimal(18, 2) as difference_yuan,
        r.page,
        r.cell_id
    from {{ ref('int_restated_amounts') }} as r
    inner join {{ ref('stg_statement_forms') }} as f on r.statement_id = f.statement_id
    inner join {{ ref('stg_line_items') }} as i on r.cell_id = i.cell_id
    left join {{ ref('stg_statement_columns') }} as c
        on r.statement_id = c.statement_id and r.column_id = c.column_id
),

register_notes as (
    -- As pipelines/statements/identification.py words it.
    select
        n.document_id,
        n.message,
        n.page,
        n.cell_id,
        regexp_extract(n.message, '^\w+') as field,
        regexp_extract(n.message, ': the register says (.*), the document ', 1) as registered,
        regexp_extract(n.message, ', the document (.*)$', 1) as printed
    from {{ ref('stg_notes') }} as n
    where n.note_kind = 'register_disagrees'
),

register_disagreements as (
    -- About the register as much as about the document.
    select
        'register_disagrees' as finding_kind,
        'low' as severity,
        document_id,
        null::varchar as statement_id,
        md5(message) as identity_key,
        '文件所印'
        || case field
            when 'department_name' then '部门名称'
            when 'fiscal_year' then '年度'
            when 'kind' then '文件种类'
            when 'level' then '单位层级'
            when 'region_code' then '行政区划代码'
            else '内容'
        end
        || '为' || {{ quoted('printed') }} || '，登记册所记为' || {{ quoted('registered') }} || '。' as sentence_zh,
        'The document prints “' || printed || '” as '
        || case field
            when 'department_name' then 'the name of the department'
            when 'fiscal_year' then 'the fiscal year'
            when 'kind' then 'the kind of document'
            when 'level' then 'the level'
            when 'region_code' then 'the region code'
            else 'an entry'
        end
        || ', the register of documents has “' || registered || '”.' as sentence_en,
        null::decimal(18, 2) as expected_yuan,
        null::decimal(18, 2) as reported_yuan,
        null::decimal(18, 2) as difference_yuan,
        page,
        cell_id
    from register_notes
),

together as (
    select * from restated
    union all by name
    select * from register_disagreements
)

select
    *,
    '' as question_about,
    null::varchar as identity_id,
    []::varchar[] as operand_cell_ids
from together
