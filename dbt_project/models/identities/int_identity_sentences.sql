-- A sentence for each result in doubt (violated, improbable): the identity's own words from expectations/
-- with the row and column as printed and the amounts in the unit of the page. One row per such result.
with doubtful as (
    select
        r.*,
        t.message_zh,
        t.message_en,
        s.place_zh,
        s.place_en,
        s.row_key
    from {{ ref('int_identity_results') }} as r
    inner join {{ source('identities', 'identities') }} as t on r.identity_id = t.identity_id
    inner join {{ ref('int_identity_subjects') }} as s
        on r.disclosure_id = s.disclosure_id and r.identity_id = s.identity_id and r.key = s.identity_key
),

operands as (
    select
        d.disclosure_id,
        d.identity_id,
        d.key,
        c.cell_id
    from doubtful as d
    inner join {{ ref('int_identity_operand_cells') }} as c on d.answer_number = c.answer_number
),

parts as (
    -- The length of the codes added up says what they are: 3 类 classes, 5 款 sections, 7 项 items.
    select
        o.disclosure_id,
        o.identity_id,
        o.key,
        case
            when min(length(l.row_key)) = max(length(l.row_key)) and bool_and(l.row_kind in ('functional', 'economic'))
                then min(length(l.row_key))
            when bool_and(l.row_kind in ('functional', 'economic')) then 0
        end as code_length,
        case when count(distinct l.unit) = 1 then min(l.unit) end as unit,
        min(l.precision_yuan) as precision_yuan
    from operands as o
    inner join {{ ref('int_line_items') }} as l on o.cell_id = l.cell_id
    group by o.disclosure_id, o.identity_id, o.key
),

statement_units as (
    select
        document_id,
        statement_id,
        arg_min(unit, statement_number) as unit
    from {{ ref('int_statements') }}
    group by document_id, statement_id
),

told as (
    -- Each side in the unit of its own page; the difference in that of the reported amount.
    select
        d.*,
        coalesce(l.unit, u.unit, p.unit, '元') as unit,
        coalesce(l.precision_yuan, p.precision_yuan) as precision_yuan,
        coalesce(p.unit, l.unit, u.unit, '元') as expected_unit,
        coalesce(p.precision_yuan, l.precision_yuan) as expected_precision_yuan,
        coalesce(
            p.code_length,
            -- Nothing is printed under it.
            case
                when d.row_key = 'total' then 3
                when regexp_full_match(d.row_key, '[0-9]+') then length(d.row_key) + 2
            end
        ) as code_length
    from doubtful as d
    left join {{ ref('int_line_items') }} as l on d.cell_id = l.cell_id
    left join statement_units as u on d.document_id = u.document_id and d.statement_id = u.statement_id
    left join parts as p
        on d.disclosure_id = p.disclosure_id and d.identity_id = p.identity_id and d.key = p.key
),

in_words as (
    select
        *,
        case when cell_id is not null then {{ amount_in_unit('reported_yuan', 'unit', 'precision_yuan') }} end
            as reported,
        {{ amount_in_unit('expected_yuan', 'expected_unit', 'expected_precision_yuan') }} as expected,
        {{ amount_in_unit('abs(difference_yuan)', 'unit', 'precision_yuan') }} as difference,
        coalesce(page::varchar, '—') as page_number,
        case code_length
            when 3 then '各类之和'
            when 5 then '所属各款之和'
            when 7 then '所属各项之和'
            when 0 then '所属各科目之和'
            else '所属各行之和'
        end as parts_zh,
        case code_length
            when 3 then 'the sum of the classes'
            when 5 then 'the sum of its sections'
            when 7 then 'the sum of its items'
            when 0 then 'the sum of its codes'
            else 'the sum of its rows'
        end as parts_en
    from told
)

select
    disclosure_id,
    identity_id,
    key as identity_key,
    {{
        filled_message('message_zh', {
            'page': 'page_number',
            'key': 'place_zh',
            'parts': 'parts_zh',
            'reported': "coalesce(reported || unit, '空白')",
            'expected': 'expected || expected_unit',
            'difference': 'difference || unit',
        })
    }}
    || case verdict when 'improbable' then '差额可由四舍五入解释，但偏大。' else '' end as sentence_zh,
    {{
        filled_message('message_en', {
            'page': 'page_number',
            'key': 'place_en',
            'parts': 'parts_en',
            'reported': "coalesce(reported || " ~ unit_in_english('unit') ~ ", 'blank')",
            'expected': 'expected || ' ~ unit_in_english('expected_unit'),
            'difference': 'difference || ' ~ unit_in_english('unit'),
        })
    }}
    || case verdict when 'improbable' then ' Rounding can explain it, though barely.' else '' end as sentence_en
from in_words
