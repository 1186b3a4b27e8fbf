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
        r.statement_id,
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
        r.statement_id,
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
        case c.finding_kind when 'code_name_differs' then 'medium' else 'low' end as severity,
        c.document_id,
        c.statement_id,
        null::varchar as identity_id,
        -- A code may bear a wrong name in several statements of a document.
        c.row_kind || '/' || c.code
        || case c.finding_kind when 'code_name_differs' then '/' || c.cell_id else '' end as identity_key,
        case c.finding_kind
            when 'unknown_code'
                then '科目' || c.code || '“' || c.row_label || '”不在' || c.fiscal_year || '年科目表中。'
            when 'code_name_differs'
                then
                    '第' || c.page || '页，' || f.name_zh || '：科目' || c.code || '印为“' || c.row_label || '”，这是科目'
                    || c.other_code || '的名称；同一公开事项的其他报表印为“' || c.name_expected || '”。'
            else
                '科目' || c.code || '印为“' || c.row_label || '”，' || c.fiscal_year || '年的名称是“' || c.name_expected || '”。'
        end as sentence_zh,
        case c.finding_kind
            when 'unknown_code'
                then 'Code ' || c.code || ' ' || c.row_label || ' is not in the code list of ' || c.fiscal_year || '.'
            when 'code_name_differs'
                then
                    'Page ' || c.page || ', ' || f.name_en || ': code ' || c.code || ' is printed as ' || c.row_label
                    || ', which is the name of ' || c.other_code || '; other statements of the disclosure print '
                    || c.name_expected || '.'
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
    left join {{ ref('stg_statement_forms') }} as f on c.statement_id = f.statement_id
),

line_names as (
    select
        statement_id,
        row_key,
        min(name_zh) as name_zh,
        min(name_en) as name_en
    from {{ ref('stg_statement_lines') }}
    group by statement_id, row_key
),

claims_in_doubt as (
    select
        c.*,
        k.statement_id,
        k.compared_with,
        k.compared_value,
        k.difference,
        k.words_disagree,
        k.compared_page,
        k.cell_id,
        k.printed_numerator,
        k.printed_denominator,
        concat_ws('，', f.name_zh, coalesce(nullif(i.row_label, ''), l.name_zh), o.name_zh) as figure_zh,
        concat_ws(', ', f.name_en, coalesce(l.name_en, nullif(i.row_label, '')), o.name_en) as figure_en
    from {{ ref('int_claim_checks') }} as k
    inner join {{ ref('stg_claims') }} as c
        on k.document_id = c.document_id and k.claim_number = c.claim_number
    left join {{ ref('int_line_items') }} as i on k.cell_id = i.cell_id
    left join {{ ref('stg_statement_forms') }} as f on k.statement_id = f.statement_id
    left join {{ ref('stg_statement_columns') }} as o
        on k.statement_id = o.statement_id and k.column_id = o.column_id
    left join line_names as l on k.statement_id = l.statement_id and split_part(k.about, '/', 2) = l.row_key
    where k.verdict = 'violated'
),

claim_findings as (
    select
        case c.compared_with
            when 'statement' then 'claim_contradicts_statement' else 'claim_ratio_wrong'
        end as finding_kind,
        case
            -- Cut off instead of rounded, mostly.
            when c.compared_with = 'figures' and not c.words_disagree and abs(c.difference) <= c.claimed_precision
                then 'low'
            else 'medium'
        end as severity,
        c.document_id,
        c.statement_id,
        null::varchar as identity_id,
        {{ claim_id('c') }} as identity_key,
        '第' || c.page || '页，文字说明' || coalesce('“' || nullif(c.section, '') || '”', '') || '：'
        || case
            when c.compared_with = 'statement'
                then
                    '“' || c.subject || '”写为' || {{ amount_in_words('c.claimed_value') }} || '元，第'
                    || c.compared_page || '页' || c.figure_zh
                    || case
                        when c.cell_id is null then '为空白（未印数字）'
                        else '印为' || {{ amount_in_words('c.compared_value') }} || '元'
                    end
                    || '，相差' || {{ amount_in_words('c.difference') }} || '元。'
            when c.words_disagree then '增减额与增减幅度的方向不一致：“' || c.sentence || '”'
            else
                {{ number_in_words('c.claimed_value') }} || '%与文中的'
                || {{ amount_in_words('c.printed_numerator') }} || '元和'
                || {{ amount_in_words('c.printed_denominator') }} || '元不符，按此应为'
                || {{ number_in_words('round(c.compared_value, 2)') }} || '%：“' || c.sentence || '”'
        end as sentence_zh,
        'Page ' || c.page || ', narrative' || coalesce(' ' || nullif(c.section, ''), '') || ': '
        || case
            when c.compared_with = 'statement'
                then
                    c.subject || ' is given as ' || {{ amount_in_words('c.claimed_value') }} || ' yuan; page '
                    || c.compared_page || ', ' || c.figure_en
                    || case
                        when c.cell_id is null then ' is left blank'
                        else ' says ' || {{ amount_in_words('c.compared_value') }}
                    end
                    || ', difference ' || {{ amount_in_words('c.difference') }} || '.'
            when c.words_disagree
                then 'the change and its percentage go in different directions: ' || c.sentence
            else
                {{ number_in_words('c.claimed_value') }} || ' per cent does not follow from '
                || {{ amount_in_words('c.printed_numerator') }} || ' and '
                || {{ amount_in_words('c.printed_denominator') }} || ' yuan, which give '
                || {{ number_in_words('round(c.compared_value, 2)') }} || ': ' || c.sentence
        end as sentence_en,
        case when c.compared_with = 'statement' then c.compared_value end::decimal(18, 2) as expected_yuan,
        case when c.compared_with = 'statement' then c.claimed_value end::decimal(18, 2) as reported_yuan,
        case when c.compared_with = 'statement' then c.difference end::decimal(18, 2) as difference_yuan,
        c.page,
        c.cell_id,
        []::varchar[] as operand_cell_ids
    from claims_in_doubt as c
),

register_disagreements as (
    select
        'register_disagrees' as finding_kind,
        'medium' as severity,
        n.document_id,
        null::varchar as statement_id,
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
        m.statement_id,
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
            d.current_document_ids[1] as document_id,
            unnest(d.statements_missing) as statement_id
        from {{ ref('int_disclosures') }} as d
        where
            -- It may stand where the document was not read or not understood, which is told elsewhere.
            not exists (
                select 1
                from {{ ref('int_documents') }} as o
                left join {{ ref('stg_notes') }} as n
                    on o.document_id = n.document_id and n.note_kind = 'table_not_understood'
                where
                    o.disclosure_id = d.disclosure_id
                    and (o.is_current or (o.is_in_raw and o.outcome = 'set_aside'))
                    and (o.outcome <> 'read' or n.document_id is not null)
            )
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
    select * from claim_findings
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
    o.published_name,
    d.department_id,
    p.department_name,
    d.region_code,
    r.region_name,
    d.fiscal_year,
    d.document_kind,
    f.statement_id,
    s.name_zh as statement_name_zh,
    s.name_en as statement_name_en,
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
inner join {{ ref('int_documents') }} as o on f.document_id = o.document_id
inner join {{ ref('dim_department') }} as p on d.department_id = p.department_id
inner join {{ ref('dim_region') }} as r on d.region_code = r.region_code
left join {{ ref('stg_statement_forms') }} as s on f.statement_id = s.statement_id
order by
    case f.severity when 'critical' then 1 when 'high' then 2 when 'medium' then 3 else 4 end,
    d.region_code,
    p.department_name,
    d.fiscal_year,
    d.document_kind,
    f.page nulls last,
    f.document_id,
    finding_id
