-- Findings: what the narrative lists as paid ("公用经费149.2万元，主要包括：办公费、咨询费…") and the statement
-- prints as a row without a figure. One finding per sentence. A row that the statement does not print, or a
-- statement of which a row was not understood, says nothing.
with items as (
    select
        stg.* exclude (about), -- noqa: RF03
        unnest(stg.about) as place
    from {{ ref('stg_listed_items') }} as stg
),

figures as (
    select distinct
        document_id,
        statement_number,
        row_key
    from {{ ref('int_line_items') }}
),

named as (
    select
        i.document_id,
        i.item_number,
        i.section,
        i.item_name,
        i.sentence,
        i.page,
        d.disclosure_id,
        split_part(i.place, '/', 1) as statement_id,
        n.row_key
    from items as i
    inner join {{ ref('int_current_documents') }} as d on i.document_id = d.document_id
    inner join {{ ref('int_named_rows') }} as n
        on
            d.disclosure_id = n.disclosure_id
            and split_part(i.place, '/', 1) = n.statement_id
            and split_part(i.place, '/', 2) = n.row_name
),

printed as (
    select
        named.*,
        s.first_page,
        s.last_page,
        l.row_key is not null as has_figure
    from named
    inner join {{ ref('int_statements') }} as s
        on
            named.disclosure_id = s.disclosure_id
            and named.statement_id = s.statement_id
            and list_contains(s.printed_rows, named.row_key)
            and not s.is_stated_empty
            and not list_contains(s.printed_rows, '?')
            and not list_contains(s.printed_columns, '?')
    left join figures as l
        on s.document_id = l.document_id and s.statement_number = l.statement_number and named.row_key = l.row_key
),

blank as (
    select
        document_id,
        item_number,
        any_value(section) as section,
        any_value(item_name) as item_name,
        any_value(sentence) as sentence,
        any_value(page) as page,
        min(statement_id) as statement_id,
        min(first_page) as first_page
    from printed
    group by document_id, item_number
    having not bool_or(has_figure)
),

by_sentence as (
    select
        document_id,
        statement_id,
        section,
        sentence,
        min(page) as page,
        min(item_number) as item_number,
        min(first_page) as first_page,
        string_agg({{ quoted('item_name') }}, '' order by item_number) as names_zh,
        string_agg(item_name, ', ' order by item_number) as names_en
    from blank
    group by document_id, statement_id, section, sentence
)

select
    'claim_listed_but_blank' as finding_kind,
    '' as question_about,
    'medium' as severity,
    b.document_id,
    b.statement_id,
    null::varchar as identity_id,
    b.document_id || '-l' || lpad(b.item_number::varchar, 4, '0') as identity_key,
    '第' || b.page || '页，文字说明' || coalesce({{ quoted("nullif(b.section, '')") }}, '') || '：所列'
    || b.names_zh || '，第' || b.first_page || '页' || f.name_zh || '中为空白（未印数字）：' || {{ quoted('b.sentence') }}
        as sentence_zh,
    'Page ' || b.page || ', narrative' || coalesce(' ' || nullif(b.section, ''), '') || ': ' || b.names_en
    || ' are listed; page ' || b.first_page || ', ' || f.name_en || ', leaves them blank: ' || b.sentence
        as sentence_en,
    null::decimal(18, 2) as expected_yuan,
    null::decimal(18, 2) as reported_yuan,
    null::decimal(18, 2) as difference_yuan,
    b.page,
    null::varchar as cell_id,
    []::varchar[] as operand_cell_ids
from by_sentence as b
inner join {{ ref('stg_statement_forms') }} as f on b.statement_id = f.statement_id
