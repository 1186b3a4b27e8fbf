-- Findings: claims of the narrative that contradict a statement, percentages that do not follow from the
-- figures they are given with, percentages cut off instead of rounded, and figures of other documents (last
-- year's, the year's budget) told otherwise. Amounts are told as printed.
with row_names as (
    select
        disclosure_id,
        statement_id,
        row_key,
        arg_min(row_label, cell_id) as row_label,
        arg_min(row_kind, cell_id) as row_kind
    from {{ ref('int_line_items') }}
    group by disclosure_id, statement_id, row_key
),

in_doubt as (
    select
        c.*,
        {{ claim_id('c') }} as claim_id,
        printed.fiscal_year as cell_year,
        printed.document_kind as cell_document_kind,
        own.document_kind,
        k.statement_id,
        k.compared_with,
        k.compared_value,
        k.difference,
        k.verdict,
        k.words_disagree,
        k.compared_page,
        k.cell_id,
        k.calculation,
        k.about is not null as is_of_a_statement,
        coalesce(i.unit, '元') as cell_unit,
        i.precision_yuan,
        regexp_extract(c.value_printed, '[^0-9.,-]+$') as claim_unit_printed,
        f.name_zh as statement_zh,
        f.name_en as statement_en,
        nullif(concat_ws(
            ' ',
            -- A line of a form is known by a code that the page does not print.
            case
                when l.row_key is null and r.row_kind in ('functional', 'economic') then nullif(r.row_key, 'total')
            end,
            coalesce(nullif(i.row_label, ''), nullif(r.row_label, ''), l.name_zh)
        ), '') as row_zh,
        coalesce(
            l.name_en,
            nullif(concat_ws(
                ' ',
                case when r.row_kind in ('functional', 'economic') then nullif(r.row_key, 'total') end,
                coalesce(nullif(i.row_label, ''), nullif(r.row_label, ''))
            ), '')
        ) as row_en,
        -- The only column of amounts needs no name.
        case when k.column_id <> 'amount' then o.name_zh end as column_zh,
        case when k.column_id <> 'amount' then o.name_en end as column_en
    from {{ ref('int_claim_checks') }} as k
    inner join {{ ref('stg_claims') }} as c
        on k.document_id = c.document_id and k.claim_number = c.claim_number
    inner join {{ ref('int_current_documents') }} as own on c.document_id = own.document_id
    left join {{ ref('int_line_items') }} as i on k.cell_id = i.cell_id
    left join {{ ref('int_current_documents') }} as printed on i.document_id = printed.document_id
    left join {{ ref('stg_statement_forms') }} as f on k.statement_id = f.statement_id
    left join {{ ref('stg_statement_columns') }} as o
        on k.statement_id = o.statement_id and k.column_id = o.column_id
    left join row_names as r
        on
            k.disclosure_id = r.disclosure_id
            and k.statement_id = r.statement_id
            and split_part(k.about, '/', 2) = r.row_key
    left join {{ ref('stg_line_names') }} as l
        on k.statement_id = l.statement_id and split_part(k.about, '/', 2) = l.row_key
    where k.verdict in ('violated', 'cut_off')
),

told as (
    select
        *,
        '第' || page || '页，文字说明' || coalesce({{ quoted("nullif(section, '')") }}, '') || '：' as place_zh,
        'Page ' || page || ', narrative' || coalesce(' ' || nullif(section, ''), '') || ': ' as place_en,
        {{ amount_in_unit('compared_value', 'cell_unit', 'precision_yuan') }} as cell_amount,
        {{ amount_in_unit('abs(difference)', 'claim_unit_printed', 'claimed_precision') }} as difference_amount,
        -- With as many decimals as tell it from what is printed.
        {{ number_in_words(
            "case when claimed_precision < 0.01 or verdict = 'cut_off' then round(compared_value, 4) "
            "else round(compared_value, 2) end"
        ) }} || '%' as percent_expected
    from in_doubt
)

select
    case
        when compared_with = 'statement' then 'claim_contradicts_statement'
        when compared_with = 'other_document' then 'claim_contradicts_other_document'
        when verdict = 'cut_off' then 'claim_ratio_cut_off'
        else 'claim_ratio_wrong'
    end as finding_kind,
    '' as question_about,
    case
        when verdict = 'cut_off' then 'low'
        -- What was carried out of a budget is an estimate while the next one is drawn up.
        when compared_with = 'other_document' and document_kind = 'budget' and cell_document_kind = 'final_accounts'
            then 'low'
        -- Off by no more than its last digit.
        when compared_with = 'figures' and not words_disagree and abs(difference) <= claimed_precision then 'low'
        else 'medium'
    end as severity,
    document_id,
    statement_id,
    null::varchar as identity_id,
    claim_id as identity_key,
    place_zh
    || case
        when compared_with = 'statement'
            then
                {{ quoted('subject') }} || '写为' || value_printed || '，第' || compared_page || '页' || statement_zh
                || {{ place_in_words('row_zh', 'column_zh') }}
                || case when cell_id is null then '为空白（未印数字）' else '印为' || cell_amount || cell_unit end
                || '，相差' || difference_amount || claim_unit_printed
                || case when relation = 'at_most' then '；前者是后者的一部分，不应大于后者' else '' end || '。'
        when compared_with = 'other_document'
            then
                {{ quoted('subject') }} || case when relation = 'change' then '的变动' else '' end || '写为'
                || case direction when 'increase' then '增加' when 'decrease' then '减少' else '' end || value_printed
                || '，按' || cell_year || case cell_document_kind when 'budget' then '年预算' else '年度决算' end
                || '第' || compared_page || '页' || statement_zh || {{ place_in_words('row_zh', 'column_zh') }}
                || '所印数字'
                || case when relation = 'change' then '计算应' else '' end
                || case
                    when relation = 'change' and (compared_value < 0) = (direction = 'decrease') then '为增加'
                    when relation = 'change' then '为减少'
                    else '为'
                end
                || {{ amount_in_unit('abs(compared_value)', 'claim_unit_printed', 'claimed_precision') }}
                || claim_unit_printed || '：' || {{ quoted('sentence') }}
        when words_disagree then '增减额与增减幅度的方向不一致：' || {{ quoted('sentence') }}
        else
            '百分比印为' || value_printed || '，按'
            || case when is_of_a_statement then '文中和报表第' || compared_page || '页' else '文中' end
            || '所印数字' || coalesce('计算为' || percent_expected, '无从计算') || '［' || calculation || '］'
            || case verdict when 'cut_off' then '，末位似为截尾而非四舍五入' else '' end
            || '：' || {{ quoted('sentence') }}
    end as sentence_zh,
    place_en
    || case
        when compared_with = 'statement'
            then
                subject || ' is given as ' || value_printed || '; page ' || compared_page || ', ' || statement_en
                || {{ place_in_english('row_en', 'column_en') }}
                || case
                    when cell_id is null then ', is left blank'
                    else ' says ' || cell_amount || {{ unit_in_english('cell_unit') }}
                end
                || ', difference ' || difference_amount || {{ unit_in_english('claim_unit_printed') }}
                || case when relation = 'at_most' then '; the former is a part of the latter' else '' end || '.'
        when compared_with = 'other_document'
            then
                subject || case when relation = 'change' then ': the change' else '' end || ' is given as '
                || case direction when 'increase' then '+' when 'decrease' then '-' else '' end || value_printed
                || '; by the ' || case cell_document_kind when 'budget' then 'budget' else 'final accounts' end
                || ' of ' || cell_year || ', page ' || compared_page || ', ' || statement_en
                || {{ place_in_english('row_en', 'column_en') }} || ', it is '
                || case
                    when relation = 'change' and (compared_value < 0) = (direction = 'decrease') then '+'
                    when relation = 'change' then '-'
                    else ''
                end
                || {{ amount_in_unit('abs(compared_value)', 'claim_unit_printed', 'claimed_precision') }}
                || {{ unit_in_english('claim_unit_printed') }} || ': ' || sentence
        when words_disagree
            then 'the change and its percentage go in different directions: ' || sentence
        else
            value_printed || ' is printed; the figures '
            || case when is_of_a_statement then 'of the text and of page ' || compared_page else 'of the text' end
            || ' give ' || coalesce(percent_expected, 'none') || ' [' || calculation || ']'
            || case verdict when 'cut_off' then ', which seems cut off and not rounded' else '' end
            || ': ' || sentence
    end as sentence_en,
    case when compared_with <> 'figures' then compared_value end::decimal(18, 2) as expected_yuan,
    case when compared_with <> 'figures' then claimed_value end::decimal(18, 2) as reported_yuan,
    case when compared_with <> 'figures' then difference end::decimal(18, 2) as difference_yuan,
    page,
    cell_id,
    []::varchar[] as operand_cell_ids
from told
