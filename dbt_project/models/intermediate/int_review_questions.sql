-- What the machine cannot decide and asks a person, one row per question: what was read, what it may be, and the row
-- that decides it (? stands for what the person fills in). review_id is made of what is asked, so that the same
-- question has the same id in every build.
--
-- money_yuan says how much hangs on it: the figure itself; of a row or column its figures together; of a table the
-- largest number printed in it, in the unit that most figures of the document have; of a code its largest figure in
-- each document; of departments the largest figure of each disclosure. Null where nothing is known.
with units as (
    select
        document_id,
        mode(unit) as unit
    from {{ ref('int_line_items') }}
    group by document_id
),

notes as (
    select
        n.*,
        {{ number_in('n.printed_text') }} / {{ unit_factor('u.unit') }} as number_yuan,
        -- A row or column that is not understood has a note of its own, and one for each of its figures.
        n.note_kind = 'amount_not_understood' and exists (
            select 1
            from {{ ref('mart_not_understood') }} as whole
            where
                n.document_id = whole.document_id
                and n.message = whole.message
                and whole.note_kind in ('row_not_understood', 'column_not_understood')
        ) as is_of_row_or_column
    from {{ ref('mart_not_understood') }} as n
    left join units as u on n.document_id = u.document_id
),

figures_of as (
    select
        document_id,
        message,
        min(cell_id) as cell_id,
        sum(abs(number_yuan)) as money_yuan
    from notes
    where is_of_row_or_column
    group by document_id, message
),

largest_in_table as (
    select
        t.cell_id,
        max({{ number_in('c.printed_text') }} / {{ unit_factor('u.unit') }}) as money_yuan
    from notes as t
    inner join {{ ref('fct_cells') }} as c
        on t.document_id = c.document_id and starts_with(c.cell_id, left(t.cell_id, 26))
    left join units as u on t.document_id = u.document_id
    where t.note_kind = 'table_not_understood'
    group by t.cell_id
),

of_notes as (
    select
        case
            when n.note_kind = 'table_not_understood' then 'unknown_table'
            when n.note_kind = 'row_not_understood' then 'unknown_row'
            when n.note_kind = 'column_not_understood' then 'unknown_column'
            when n.note_kind = 'unit_not_stated' then 'unknown_unit'
            when n.note_kind = 'amount_not_understood' and n.cell_id is not null then 'unreadable_figure'
            else 'look_at_page'
        end as question_kind,
        n.document_id,
        n.page,
        coalesce(n.cell_id, f.cell_id) as cell_id,
        coalesce(nullif(n.printed_text, ''), n.message) as read_text,
        case
            when n.note_kind = 'table_not_understood'
                then regexp_extract_all(n.message, '([a-z0-9_]+ [01]\.[0-9]{2}) \(', 1)
            else []::varchar[]
        end as candidates,
        coalesce(t.money_yuan, f.money_yuan, abs(n.number_yuan)) as money_yuan,
        n.message,
        n.note_kind
    from notes as n
    left join figures_of as f
        on
            -- A condition on the left side alone would keep DuckDB from joining by hash: pairs of all notes.
            case when n.note_kind in ('row_not_understood', 'column_not_understood') then n.document_id end
            = f.document_id
            and n.message = f.message
    left join largest_in_table as t
        on case when n.note_kind = 'table_not_understood' then n.cell_id end = t.cell_id
    where
        not n.is_of_row_or_column
        -- Their table, or their statement, is the question.
        and n.message not in ('in a table that is not understood', 'its unit is not stated')
),

code_places as (
    select
        row_kind,
        row_key,
        document_id,
        min(cell_id) as cell_id,
        max(abs(amount_yuan)) as money_yuan
    from {{ ref('int_line_items') }}
    where code_level > 0
    group by row_kind, row_key, document_id
),

of_codes as (
    select
        p.proposal_id,
        p.code_kind,
        p.code,
        any_value(p.code_level) as code_level,
        any_value(p.parent_code) as parent_code,
        any_value(p.proposal_kind) as proposal_kind,
        any_value(p.name_printed) as name_printed,
        any_value(p.name_in_list) as name_in_list,
        any_value(p.first_seen_year) as first_seen_year,
        min(c.cell_id) as cell_id,
        sum(c.money_yuan) as money_yuan
    from {{ ref('mart_codes_proposed') }} as p
    inner join code_places as c
        on
            p.code_kind = c.row_kind
            and p.code = c.row_key
            and list_contains(p.document_ids, c.document_id)
    group by p.proposal_id, p.code_kind, p.code
),

department_money as (
    select
        department_id,
        sum(largest_yuan) as money_yuan
    from (
        select
            department_id,
            disclosure_id,
            max(abs(amount_yuan)) as largest_yuan
        from {{ ref('int_line_items') }}
        group by department_id, disclosure_id
    )
    group by department_id
),

questions as (
    select
        case question_kind
            when 'unknown_table' then 'table/' || coalesce(cell_id, document_id || '-p' || page)
            when 'unreadable_figure' then 'figure/' || cell_id
            when 'unknown_row' then 'row/' || document_id || '/' || left(md5(read_text), 8)
            when 'unknown_column' then 'column/' || document_id || '/' || left(md5(read_text), 8)
            when 'unknown_unit' then 'unit/' || document_id || '/' || page || '/' || left(md5(read_text), 8)
            else
                'page/' || document_id || '/' || coalesce(page, 0) || '/'
                || left(md5(note_kind || coalesce(message, '') || read_text), 8)
        end as review_id,
        question_kind,
        document_id,
        null::varchar as department_id,
        page,
        cell_id,
        read_text,
        candidates,
        money_yuan,
        null::varchar as decide_in,
        case question_kind
            when 'unknown_table'
                then
                    'table/' || cell_id || ',statement,'
                    || coalesce(split_part(candidates[1], ' ', 1), '?') || ',?,?,?'
            when 'unreadable_figure'
                then document_id || ',' || cell_id || ',' || {{ csv_field('read_text') }} || ',?,?,?,?'
        end as row_to_add
    from of_notes
    union all
    select
        'figure/' || i.cell_id as review_id,
        'doubtful_figure' as question_kind,
        i.document_id,
        null as department_id,
        i.page,
        i.cell_id,
        i.amount_printed as read_text,
        []::varchar[] as candidates,
        abs(i.amount_yuan) as money_yuan,
        null as decide_in,
        i.document_id || ',' || i.cell_id || ',' || {{ csv_field('i.amount_printed') }} || ',?,?,?,?' as row_to_add
    from {{ ref('int_line_items') }} as i
    where i.reading_quality = 'doubtful'
    union all
    select
        'code/' || c.proposal_id as review_id,
        'unknown_code' as question_kind,
        left(c.cell_id, 16) as document_id,
        null as department_id,
        substr(c.cell_id, 19, 4)::integer as page,
        c.cell_id,
        c.code || ' ' || c.name_printed as read_text,
        case when c.name_in_list is not null then [c.name_in_list] else []::varchar[] end as candidates,
        c.money_yuan,
        'dbt_project/seeds/' || case
            when c.code_kind = 'functional' then 'functional_codes.csv'
            when c.code like '5%' then 'government_economic_codes.csv'
            else 'economic_codes.csv'
        end as decide_in,
        c.code || ',' || {{ csv_field('c.name_printed') }} || ',?,'
        || case c.code_level when 1 then 'class' when 2 then 'section' else 'item' end || ','
        || coalesce(c.parent_code, '') || ',' || c.first_seen_year || ',,false,,?' as row_to_add
    from of_codes as c
    union all
    select
        'mapping/' || u.scheme || '/' || u.code as review_id,
        'unmapped_code' as question_kind,
        null as document_id,
        null as department_id,
        null as page,
        null as cell_id,
        u.code || ' ' || coalesce(u.name_zh, '') as read_text,
        []::varchar[] as candidates,
        u.amount_yuan as money_yuan,
        null as decide_in,
        u.scheme || ','
        || case when u.code_kind = 'economic' and u.code like '5%' then 'government' else u.code_kind end
        || ',' || u.code || ',,,?,?' as row_to_add
    from {{ ref('mart_codes_unmapped') }} as u
    where u.unmapped_because = 'not_decided'
    union all
    select
        'department/' || p.proposal_id as review_id,
        'same_department' as question_kind,
        null as document_id,
        p.earlier_department_id as department_id,
        null as page,
        null as cell_id,
        p.earlier_name || ' / ' || p.later_name as read_text,
        [p.proposed_relation] as candidates,
        coalesce(e.money_yuan, 0) + coalesce(l.money_yuan, 0) as money_yuan,
        null as decide_in,
        p.region_code
        || ',' || {{ csv_field('p.earlier_name') }}
        || ',' || {{ csv_field('p.later_name') }}
        || ',' || p.proposed_relation || ',' || p.later_first_year || ',' || p.earlier_last_year
        || ',?,?,?' as row_to_add
    from {{ ref('mart_departments_proposed') }} as p
    left join department_money as e on p.earlier_department_id = e.department_id
    left join department_money as l on p.later_department_id = l.department_id
    union all
    select
        'document/' || s.document_id as review_id,
        'document' as question_kind,
        s.document_id,
        null as department_id,
        null as page,
        null as cell_id,
        s.outcome_reason || ': ' || s.outcome_message as read_text,
        []::varchar[] as candidates,
        null as money_yuan,
        case
            when s.outcome_reason in ('not_identified', 'not_a_disclosure') then 'register.csv'
            else 'review/decisions.csv'
        end as decide_in,
        case
            when s.outcome_reason in ('not_identified', 'not_a_disclosure')
                then {{ csv_field('s.source_path') }} || ',,?,?,?,?,?'
            else 'document/' || s.document_id || ',exclude,,?,?,?'
        end as row_to_add
    from {{ ref('mart_documents_set_aside') }} as s
    where s.outcome_reason is distinct from 'excluded'
)

select
    q.review_id,
    q.question_kind,
    q.document_id,
    coalesce(q.department_id, d.department_id) as department_id,
    d.fiscal_year,
    d.document_kind,
    d.source_path,
    coalesce(d.fetched_at::date, d.published_at) as first_seen_on,
    q.page,
    q.cell_id,
    q.read_text,
    q.candidates,
    q.money_yuan::decimal(18, 2) as money_yuan,
    coalesce(q.decide_in, k.decide_in) as decide_in,
    coalesce(q.row_to_add, q.review_id || ',leave,,?,?,?') as row_to_add
from questions as q
inner join {{ ref('review_kinds') }} as k on q.question_kind = k.question_kind
left join {{ ref('int_documents') }} as d on q.document_id = d.document_id
-- The same thing said twice (a note repeated on a page) is one question.
qualify row_number() over (partition by q.review_id order by q.page, q.cell_id) = 1
