-- Contradictions in words, Chinese and English, amounts in the unit of the page: the sentence of one that
-- explains several identities, and what is suspected where an identity stands alone. One row per contradiction.
with explained as (
    select
        contradiction_id,
        unnest(symptoms) as symptom
    from {{ ref('int_contradictions') }}
),

titles as (
    -- What stands in brackets after a title is for those who know.
    select
        e.contradiction_id,
        count(*) as n_symptoms,
        list(distinct regexp_replace(i.title_zh, '（[^（）]*）$', '')) as titles_zh,
        list(distinct regexp_replace(i.title_en, ' [(][^()]*[)]$', '')) as titles_en
    from explained as e
    inner join {{ source('identities', 'identities') }} as i on e.symptom.identity_id = i.identity_id
    group by e.contradiction_id
),

numbered as (
    select
        contradiction_id,
        generate_subscripts(suspects, 1) as place,
        unnest(suspects) as suspect
    from {{ ref('int_contradictions') }}
),

statements as (
    select
        s.document_id || '-' || s.statement_number as statement_key,
        s.document_id,
        s.statement_id,
        s.unit,
        s.first_page,
        f.name_zh,
        f.name_en
    from {{ ref('int_statements') }} as s
    inner join {{ ref('stg_statement_forms') }} as f on s.statement_id = f.statement_id
),

suspects as (
    select
        n.contradiction_id,
        n.place,
        n.suspect.cell_id,
        n.suspect.is_tied,
        n.suspect.is_only_value,
        n.suspect.value_yuan,
        n.suspect.low_yuan,
        n.suspect.high_yuan,
        i.amount_yuan,
        coalesce(i.unit, s.unit, '元') as unit,
        i.precision_yuan,
        coalesce(i.page, s.first_page) as page,
        s.document_id,
        s.statement_id,
        s.name_zh as statement_zh,
        s.name_en as statement_en,
        -- A line of a form is known by a code that the page does not print.
        nullif(concat_ws(
            ' ',
            case
                when l.row_key is null and coalesce(i.row_kind, r.row_kind) in ('functional', 'economic')
                    then nullif(n.suspect.row_key, 'total')
            end,
            coalesce(nullif(i.row_label, ''), nullif(r.row_label, ''), l.name_zh)
        ), '') as row_zh,
        coalesce(l.name_en, nullif(concat_ws(
            ' ',
            case
                when coalesce(i.row_kind, r.row_kind) in ('functional', 'economic')
                    then nullif(n.suspect.row_key, 'total')
            end,
            coalesce(nullif(i.row_label, ''), nullif(r.row_label, ''))
        ), '')) as row_en,
        -- The only column of amounts needs no name.
        case when n.suspect.column_id <> 'amount' then c.name_zh end as column_zh,
        case when n.suspect.column_id <> 'amount' then c.name_en end as column_en
    from numbered as n
    inner join statements as s on n.suspect.statement_key = s.statement_key
    left join {{ ref('int_line_items') }} as i on n.suspect.cell_id = i.cell_id
    left join {{ ref('int_row_names') }} as r
        on s.document_id = r.document_id and s.statement_id = r.statement_id and n.suspect.row_key = r.row_key
    left join {{ ref('stg_line_names') }} as l
        on s.statement_id = l.statement_id and n.suspect.row_key = l.row_key
    left join {{ ref('stg_statement_columns') }} as c
        on s.statement_id = c.statement_id and n.suspect.column_id = c.column_id
),

told as (
    select
        *,
        '第' || page || '页，' || statement_zh || {{ place_in_words('row_zh', 'column_zh') }} as place_zh,
        'page ' || page || ', ' || statement_en || {{ place_in_english('row_en', 'column_en') }} as place_en,
        case
            when cell_id is null then '空白（未印数字）'
            else '印为' || {{ amount_in_unit('amount_yuan', 'unit', 'precision_yuan') }} || unit
        end as printed_zh,
        case
            when cell_id is null then 'left blank'
            else
                'printed as ' || {{ amount_in_unit('amount_yuan', 'unit', 'precision_yuan') }}
                || {{ unit_in_english('unit') }}
        end as printed_en,
        {{ amount_in_unit('value_yuan', 'unit', 'precision_yuan') }} || unit as value_zh,
        {{ amount_in_unit('value_yuan', 'unit', 'precision_yuan') }} || {{ unit_in_english('unit') }} as value_en,
        {{ amount_in_unit('low_yuan', 'unit', 'precision_yuan') }} as low,
        {{ amount_in_unit('high_yuan', 'unit', 'precision_yuan') }} as high
    from suspects
),

supposed as (
    -- What would have to be printed for everything to hold.
    select
        *,
        case
            when value_yuan is not null
                then
                    '若为' || value_zh
                    || case when is_only_value then '' else '（' || low || '至' || high || unit || '之间）' end
            when high_yuan is not null and low_yuan is null then '若不超过' || high || unit
            when low_yuan is not null and high_yuan is null then '若不少于' || low || unit
            when low_yuan is not null then '若在' || low || '至' || high || unit || '之间'
            else '若为别的数'
        end as supposed_zh,
        case
            when value_yuan is not null
                then
                    'were it ' || value_en
                    || case
                        when is_only_value then ''
                        else ' (between ' || low || ' and ' || high || {{ unit_in_english('unit') }} || ')'
                    end
            when high_yuan is not null and low_yuan is null
                then 'were it at most ' || high || {{ unit_in_english('unit') }}
            when low_yuan is not null and high_yuan is null
                then 'were it at least ' || low || {{ unit_in_english('unit') }}
            when low_yuan is not null
                then 'were it between ' || low || ' and ' || high || {{ unit_in_english('unit') }}
            else 'were it another'
        end as supposed_en
    from told
),

alternatives as (
    -- As likely as the first: two are told, the rest counted.
    select
        contradiction_id,
        count(*) + 1 as n_tied,
        string_agg(
            '也可能是' || place_zh || '（' || printed_zh || '，' || supposed_zh || '也全部成立）。', ''
            order by place
        ) filter (where place <= 3) as told_zh,
        string_agg(
            ' Or ' || place_en || ' (' || printed_en || '; ' || supposed_en || ', all would hold too).', ''
            order by place
        ) filter (where place <= 3) as told_en
    from supposed
    where is_tied and place > 1
    group by contradiction_id
),

moved as (
    select
        c.contradiction_id,
        o.name_zh as column_zh,
        o.name_en as column_en,
        coalesce(nullif(r.row_label, ''), l.name_zh) as row_label
    from {{ ref('int_contradictions') }} as c
    inner join statements as s on c.statement_key = s.statement_key
    left join {{ ref('stg_statement_columns') }} as o
        on s.statement_id = o.statement_id and c.column_id = o.column_id
    left join {{ ref('int_row_names') }} as r
        on s.document_id = r.document_id and s.statement_id = r.statement_id and c.from_row = r.row_key
    left join {{ ref('stg_line_names') }} as l on s.statement_id = l.statement_id and c.from_row = l.row_key
    where c.contradiction_kind = 'rows'
),

-- Where no figure is suspected, the place of the first identity.
first_results as (
    select
        c.contradiction_id,
        r.document_id,
        r.statement_id,
        r.page,
        f.name_zh,
        f.name_en
    from {{ ref('int_contradictions') }} as c
    inner join {{ ref('int_identity_results') }} as r
        on
            c.symptoms[1].disclosure_id = r.disclosure_id
            and c.symptoms[1].identity_id = r.identity_id
            and c.symptoms[1].identity_key = r.key
    left join {{ ref('stg_statement_forms') }} as f on r.statement_id = f.statement_id
),

in_words as (
    select
        c.contradiction_id,
        c.contradiction_kind,
        c.is_joint,
        c.likely_unit,
        c.rows_moved,
        coalesce(f.document_id, s.document_id, p.document_id) as document_id,
        coalesce(f.statement_id, s.statement_id, p.statement_id) as statement_id,
        coalesce(f.page, s.first_page, p.page) as page,
        coalesce(s.name_zh, p.name_zh) as statement_zh,
        coalesce(s.name_en, p.name_en) as statement_en,
        s.unit as statement_unit,
        f.cell_id,
        f.amount_yuan,
        f.value_yuan,
        f.low_yuan,
        f.high_yuan,
        f.place_zh,
        f.place_en,
        f.printed_zh,
        f.printed_en,
        f.supposed_zh,
        f.supposed_en,
        t.n_symptoms,
        coalesce(a.n_tied, case when f.place is null then 0 else 1 end) as n_tied,
        coalesce(a.told_zh, '') || case when a.n_tied > 3 then '共有' || a.n_tied || '种可能。' else '' end as others_zh,
        coalesce(a.told_en, '') || case when a.n_tied > 3 then ' ' || a.n_tied || ' figures could be it.' else '' end
            as others_en,
        array_to_string(list_slice(list_sort(t.titles_zh), 1, 3), '；')
        || case when len(t.titles_zh) > 3 then '等' else '' end as titles_zh,
        array_to_string(list_slice(list_sort(t.titles_en), 1, 3), '; ')
        || case when len(t.titles_en) > 3 then '; …' else '' end as titles_en,
        e.place_zh as other_place_zh,
        e.place_en as other_place_en,
        e.printed_zh as other_printed_zh,
        e.printed_en as other_printed_en,
        m.column_zh as moved_column_zh,
        m.column_en as moved_column_en,
        m.row_label as moved_row_label
    from {{ ref('int_contradictions') }} as c
    inner join titles as t on c.contradiction_id = t.contradiction_id
    left join supposed as f on c.contradiction_id = f.contradiction_id and f.place = 1
    left join statements as s on c.statement_key = s.statement_key
    left join first_results as p on c.contradiction_id = p.contradiction_id
    left join alternatives as a on c.contradiction_id = a.contradiction_id
    left join supposed as e
        -- One equality, so that DuckDB joins by hash and does not look at all pairs.
        on case when c.contradiction_kind = 'exchange' then c.contradiction_id end = e.contradiction_id and e.place = 2
    left join moved as m on c.contradiction_id = m.contradiction_id
)

select
    contradiction_id,
    contradiction_kind,
    is_joint,
    document_id,
    statement_id,
    page,
    cell_id,
    amount_yuan,
    value_yuan,
    low_yuan,
    high_yuan,
    n_symptoms,
    n_tied,
    -- One identity that does not hold says so in its own words.
    contradiction_kind in ('exchange', 'unit', 'rows') or is_joint or (contradiction_kind = 'figure' and n_symptoms > 1)
        as is_finding,
    case
        when contradiction_kind = 'exchange'
            then
                place_zh || '：' || printed_zh || '；' || other_place_zh || '：' || other_printed_zh || '。与' || n_symptoms
                || '处勾稽关系不符（' || titles_zh || '）；若两处互换，则全部成立。'
        when contradiction_kind = 'unit'
            then
                '第' || page || '页，' || statement_zh || '：计量单位印为' || statement_unit || '，所印数字与其他报表的'
                || n_symptoms || '处勾稽关系不符（' || titles_zh || '）；若单位为' || likely_unit || '，则全部成立。'
        when contradiction_kind = 'rows'
            then
                '第' || page || '页，' || statement_zh || '：' || coalesce({{ quoted('moved_column_zh') }} || '栏的', '')
                || '数字与项目名称错行，有' || n_symptoms || '处勾稽关系不符（' || titles_zh || '）；若自'
                || coalesce({{ quoted('moved_row_label') }} || '行', '第一行') || '起的数字'
                || case when rows_moved > 0 then '下移' else '上移' end || abs(rows_moved)
                || '行，则其中能够核对的全部成立。'
        when contradiction_kind = 'figure' and is_joint
            then
                place_zh || '：' || printed_zh || '。' || n_symptoms || '处勾稽关系（' || titles_zh
                || '）逐项看都可由四舍五入解释，合在一起却不能同时成立；' || supposed_zh || '，则全部成立。' || others_zh
        when contradiction_kind = 'figure'
            then
                place_zh || '：' || printed_zh || '，与' || n_symptoms || '处勾稽关系不符（' || titles_zh || '）；'
                || supposed_zh || '，则全部成立。' || others_zh
        else
            '第' || page || '页，' || statement_zh || '：' || n_symptoms || '处勾稽关系（' || titles_zh
            || '）逐项看都可由四舍五入解释，合在一起却不能同时成立，也没有哪一个数字单独改变就能全部成立。'
    end as sentence_zh,
    case
        when contradiction_kind = 'exchange'
            then
                'P' || right(place_en, -1) || ': ' || printed_en || '; ' || other_place_en || ': ' || other_printed_en
                || '. ' || n_symptoms || ' identities do not hold (' || titles_en
                || '). Were the two exchanged, all would hold.'
        when contradiction_kind = 'unit'
            then
                'Page ' || page || ', ' || statement_en || ': the unit is printed as ' || statement_unit || '; '
                || n_symptoms || ' identities with other statements do not hold (' || titles_en || '). Were it '
                || likely_unit || ', all would hold.'
        when contradiction_kind = 'rows'
            then
                'Page ' || page || ', ' || statement_en || ': amounts'
                || coalesce(' of column ' || moved_column_en, '') || ' stand in other rows than their names; '
                || n_symptoms || ' identities do not hold (' || titles_en || '). Were the amounts from '
                || coalesce('row ' || moved_row_label, 'the first row') || ' on ' || abs(rows_moved) || ' rows '
                || case when rows_moved > 0 then 'lower' else 'higher' end
                || ', all of them that can be checked would hold.'
        when contradiction_kind = 'figure' and is_joint
            then
                'P' || right(place_en, -1) || ': ' || printed_en || '. ' || n_symptoms || ' identities (' || titles_en
                || ') hold each within its rounding, but not together; ' || supposed_en || ', all would hold.'
                || others_en
        when contradiction_kind = 'figure'
            then
                'P' || right(place_en, -1) || ': ' || printed_en || '; ' || n_symptoms
                || ' identities do not hold (' || titles_en || '). ' || 'W' || right(supposed_en, -1)
                || ', all would hold.' || others_en
        else
            'Page ' || page || ', ' || statement_en || ': ' || n_symptoms || ' identities (' || titles_en
            || ') hold each within its rounding, but not together, and no one figure explains it.'
    end as sentence_en,
    -- To be said after the identity's own words.
    case
        when n_tied = 1 then '可能印错的是' || place_zh || '（' || printed_zh || '），' || supposed_zh || '即成立。'
        when n_tied = 2
            then '可能印错的是' || place_zh || '（' || printed_zh || '），' || supposed_zh || '即成立。' || others_zh
        else ''
    end as suspicion_zh,
    case
        when n_tied = 1
            then ' It may be ' || place_en || ' that is wrong (' || printed_en || '); ' || supposed_en || ', it holds.'
        when n_tied = 2
            then
                ' It may be ' || place_en || ' that is wrong (' || printed_en || '); ' || supposed_en || ', it holds.'
                || others_en
        else ''
    end as suspicion_en
from in_words
