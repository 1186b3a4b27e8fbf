-- What an overseer should look at, in a sentence, with its evidence. A finding is a question to the
-- department, not a verdict on it.
with row_names as (
    select
        document_id,
        statement_id,
        row_key,
        arg_min(row_label, statement_number * 100000 + row_number) as row_label
    from {{ ref('int_line_items') }}
    group by document_id, statement_id, row_key
),

doubtful as (
    -- The key of a result is a row, a column or both, as its identity ranges over them.
    select
        r.*,
        t.severity as identity_severity,
        t.message_zh,
        t.message_en,
        case
            when t.ranges_over in ('rows', 'rows_and_columns') then regexp_extract(r.key, '^([^|@]*)', 1)
            else coalesce(l.row_key, '')
        end as key_row,
        case t.ranges_over
            when 'columns' then regexp_extract(r.key, '^([^@]*)', 1)
            when 'rows_and_columns' then regexp_extract(r.key, '[|]([^@]*)', 1)
        end as key_column
    from {{ ref('int_identity_results') }} as r
    inner join {{ source('identities', 'identities') }} as t on r.identity_id = t.identity_id
    left join {{ ref('int_line_items') }} as l on r.cell_id = l.cell_id
    where r.verdict in ('violated', 'improbable')
),

named as (
    select
        d.*,
        concat_ws('，', coalesce(nullif(n.row_label, ''), nullif(d.key_row, '')), c.name_zh) as key_zh,
        concat_ws(
            ', ', nullif(trim(concat_ws(' ', nullif(d.key_row, n.row_label), n.row_label)), ''), c.name_en
        ) as key_en
    from doubtful as d
    left join row_names as n
        on d.document_id = n.document_id and d.statement_id = n.statement_id and d.key_row = n.row_key
    left join {{ ref('stg_statement_columns') }} as c
        on d.statement_id = c.statement_id and d.key_column = c.column_id
),

identity_findings as (
    select
        'identity_' || r.verdict as finding_kind,
        case
            when r.verdict = 'improbable' then 'low'
            when r.identity_severity = 'stop' then 'critical'
            else 'high'
        end as severity,
        r.document_id,
        r.identity_id,
        r.key as identity_key,
        {{ filled_message('r.message_zh', 'r.key_zh', '（空白）') }}
        || case r.verdict when 'improbable' then '差额可由四舍五入解释，但偏大，建议核对。' else '' end as sentence_zh,
        {{ filled_message('r.message_en', 'r.key_en', ' (blank)') }}
        || case r.verdict when 'improbable' then ' Rounding can explain it, though barely.' else '' end as sentence_en,
        r.expected_yuan,
        r.reported_yuan,
        r.difference_yuan,
        r.page,
        r.cell_id,
        r.operand_cell_ids
    from named as r
),

restated as (
    select
        'restated' as finding_kind,
        'medium' as severity,
        r.document_id,
        null::varchar as identity_id,
        r.statement_id || '/' || r.row_key || '/' || r.side || '/' || r.column_id as identity_key,
        f.name_zh || '“' || r.row_label || '”重新公开后由' || {{ amount_in_words('r.earlier_yuan') }}
        || '元改为' || {{ amount_in_words('r.amount_yuan') }} || '元。' as sentence_zh,
        f.name_en || ', ' || r.row_key || ' ' || r.row_label || ': published again with '
        || {{ amount_in_words('r.amount_yuan') }} || ' yuan instead of '
        || {{ amount_in_words('r.earlier_yuan') }} || '.' as sentence_en,
        r.earlier_yuan as expected_yuan,
        r.amount_yuan as reported_yuan,
        (r.amount_yuan - r.earlier_yuan)::decimal(18, 2) as difference_yuan,
        r.page,
        r.cell_id,
        []::varchar[] as operand_cell_ids
    from {{ ref('int_restated_amounts') }} as r
    inner join {{ ref('stg_statement_forms') }} as f on r.statement_id = f.statement_id
),

code_doubts as (
    select
        c.finding_kind,
        'low' as severity,
        c.document_id,
        null::varchar as identity_id,
        c.row_kind || '/' || c.code as identity_key,
        case c.finding_kind
            when 'unknown_code'
                then '科目' || c.code || '“' || c.row_label || '”不在' || c.fiscal_year || '年科目表中。'
            else
                '科目' || c.code || '印为“' || c.row_label || '”，' || c.fiscal_year || '年的名称是“' || c.name_expected || '”。'
        end as sentence_zh,
        case c.finding_kind
            when 'unknown_code'
                then 'Code ' || c.code || ' ' || c.row_label || ' is not in the code list of ' || c.fiscal_year || '.'
            else
                'Code ' || c.code || ' is printed as ' || c.row_label || ', a name of other years; in '
                || c.fiscal_year || ' it is ' || c.name_expected || '.'
        end as sentence_en,
        null::decimal(18, 2) as expected_yuan,
        null::decimal(18, 2) as reported_yuan,
        null::decimal(18, 2) as difference_yuan,
        c.page,
        c.cell_id,
        []::varchar[] as operand_cell_ids
    from {{ ref('int_code_doubts') }} as c
),

register_disagreements as (
    select
        'register_disagrees' as finding_kind,
        'medium' as severity,
        n.document_id,
        null::varchar as identity_id,
        md5(n.message) as identity_key,
        '登记册与文件不一致：' || n.message as sentence_zh,
        'Register and document disagree: ' || n.message as sentence_en,
        null::decimal(18, 2) as expected_yuan,
        null::decimal(18, 2) as reported_yuan,
        null::decimal(18, 2) as difference_yuan,
        n.page,
        n.cell_id,
        []::varchar[] as operand_cell_ids
    from {{ ref('stg_notes') }} as n
    where n.note_kind = 'register_disagrees'
),

missing_statements as (
    select
        'statement_missing' as finding_kind,
        'medium' as severity,
        m.document_id,
        null::varchar as identity_id,
        m.statement_id as identity_key,
        '没有找到“' || f.name_zh || '”，也没有说明为空。' as sentence_zh,
        'No statement “' || f.name_en || '” was found, nor a word that it is empty.' as sentence_en,
        null::decimal(18, 2) as expected_yuan,
        null::decimal(18, 2) as reported_yuan,
        null::decimal(18, 2) as difference_yuan,
        null::integer as page,
        null::varchar as cell_id,
        []::varchar[] as operand_cell_ids
    from (
        select
            current_document_ids[1] as document_id,
            unnest(statements_missing) as statement_id
        from {{ ref('int_disclosures') }}
    ) as m
    inner join {{ ref('stg_statement_forms') }} as f on m.statement_id = f.statement_id
),

findings as (
    select * from identity_findings
    union all by name
    select * from restated
    union all by name
    select * from code_doubts
    union all by name
    select * from register_disagreements
    union all by name
    select * from missing_statements
)

select
    left(sha256(concat_ws('|', f.finding_kind, d.disclosure_id, f.document_id, f.identity_id, f.identity_key)), 16)
        as finding_id,
    f.finding_kind,
    f.severity,
    d.disclosure_id,
    f.document_id,
    d.department_id,
    d.region_code,
    d.fiscal_year,
    d.document_kind,
    f.identity_id,
    f.identity_key,
    f.sentence_zh,
    f.sentence_en,
    f.expected_yuan,
    f.reported_yuan,
    f.difference_yuan,
    f.page,
    f.cell_id,
    f.operand_cell_ids
from findings as f
inner join {{ ref('int_current_documents') }} as d on f.document_id = d.document_id
