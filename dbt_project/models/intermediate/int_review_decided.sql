-- What reviewers decided, one row per decision, with what it changed: corrections and decisions about a document's
-- reading, questions left, and names that rows of data make one department or tell apart.
with of_readings as (
    select
        r.review_id,
        case
            when r.decision in ('statement', 'no_statement') then 'unknown_table'
            when r.decision = 'exclude' then 'document'
            when r.amount_before_yuan is null then 'unreadable_figure'
            else 'doubtful_figure'
        end as question_kind,
        r.document_id,
        r.page,
        r.cell_id,
        r.text_read as read_text,
        r.decision,
        r.decided_text,
        r.amount_before_yuan,
        r.amount_after_yuan,
        r.reading_state = 'applied' as is_applied,
        -- What changed besides the figure of the cell itself.
        r.n_figures_added - (r.amount_before_yuan is null and r.amount_after_yuan is not null)::integer as n_more,
        r.n_figures_removed - (r.amount_before_yuan is not null and r.amount_after_yuan is null)::integer as n_fewer,
        greatest(
            r.n_figures_changed
            - coalesce((r.amount_before_yuan <> r.amount_after_yuan)::integer, 0),
            0
        ) as n_others,
        r.reason,
        r.decided_by,
        r.decided_on
    from {{ ref('int_reviews') }} as r
),

amounts as (
    select
        *,
        {{ amount_in_unit('amount_before_yuan', "'元'", 'null') }} as before_printed,
        {{ amount_in_unit('amount_after_yuan', "'元'", 'null') }} as after_printed
    from of_readings
),

in_words as (
    select
        *,
        case
            when amount_before_yuan <> amount_after_yuan
                then '金额由' || before_printed || '元改为' || after_printed || '元'
            when amount_before_yuan is null and amount_after_yuan is not null and decision = 'correct'
                then '增加一个数字：' || after_printed || '元'
            when amount_before_yuan is not null and amount_after_yuan is null and decision = 'correct'
                then '减去一个数字：' || before_printed || '元'
        end as amount_zh,
        case
            when amount_before_yuan <> amount_after_yuan
                then before_printed || ' yuan became ' || after_printed
            when amount_before_yuan is null and amount_after_yuan is not null and decision = 'correct'
                then 'a figure of ' || after_printed || ' yuan more'
            when amount_before_yuan is not null and amount_after_yuan is null and decision = 'correct'
                then 'a figure of ' || before_printed || ' yuan less'
        end as amount_en
    from amounts
),

told as (
    select
        review_id,
        question_kind,
        document_id,
        page,
        cell_id,
        read_text,
        []::varchar[] as candidates,
        amount_after_yuan as money_yuan,
        decision,
        decided_text,
        reason,
        decided_by,
        decided_on,
        case
            when not is_applied then '文件未读，待定'
            when decision = 'exclude' then '该文件不再计入'
            when decision = 'confirm' then '核对无误，不再存疑'
            else coalesce(
                nullif(
                    concat_ws(
                        '；',
                        amount_zh,
                        case when n_more > 0 then '另增' || n_more || '个数字' end,
                        case when n_fewer > 0 then '另减' || n_fewer || '个数字' end,
                        case when n_others > 0 then '另有' || n_others || '个数字改变' end
                    ),
                    ''
                ),
                '数字没有变化'
            )
        end as effect_zh,
        case
            when not is_applied then 'waits: the document was not read'
            when decision = 'exclude' then 'the document counts nowhere'
            when decision = 'confirm' then 'in doubt no more'
            else coalesce(
                nullif(
                    concat_ws(
                        '; ',
                        amount_en,
                        case when n_more > 0 then n_more || ' figure(s) more' end,
                        case when n_fewer > 0 then n_fewer || ' figure(s) less' end,
                        case when n_others > 0 then n_others || ' other figure(s) changed' end
                    ),
                    ''
                ),
                'no figure changed'
            )
        end as effect_en
    from in_words
),

left_open as (
    select
        d.review_id,
        coalesce(
            q.question_kind,
            case split_part(d.review_id, '/', 1)
                when 'table' then 'unknown_table'
                when 'row' then 'unknown_row'
                when 'column' then 'unknown_column'
                when 'unit' then 'unknown_unit'
                when 'figure' then 'doubtful_figure'
                when 'code' then 'unknown_code'
                when 'mapping' then 'unmapped_code'
                when 'department' then 'same_department'
                when 'document' then 'document'
                else 'look_at_page'
            end
        ) as question_kind,
        q.document_id,
        q.page,
        q.cell_id,
        q.read_text,
        coalesce(q.candidates, []) as candidates,
        q.money_yuan,
        d.decision,
        d.decided_text,
        d.reason,
        d.decided_by,
        d.decided_on,
        case when q.review_id is null then '清单中已没有这一项' else '移出待办清单' end as effect_zh,
        case when q.review_id is null then 'no such question is asked any more' else 'off the list' end as effect_en
    from {{ ref('stg_review_decisions') }} as d
    left join {{ ref('int_review_questions') }} as q on d.review_id = q.review_id
    where d.decision = 'leave'
),

named as (
    select
        'name/' || n.region_code || '/' || n.other_name as review_id,
        'same_department' as question_kind,
        null::varchar as document_id,
        null::integer as page,
        null::varchar as cell_id,
        n.other_name || ' / ' || n.current_name as read_text,
        []::varchar[] as candidates,
        null::decimal(18, 2) as money_yuan,
        n.relation as decision,
        n.current_name as decided_text,
        any_value(n.source) as reason,
        any_value(n.decided_by) as decided_by,
        any_value(n.decided_on) as decided_on,
        count(distinct d.document_id)
        || case when n.relation in ('earlier', 'short') then '份文件并入同一部门' else '份文件的部门有了沿革关系' end as effect_zh,
        count(distinct d.document_id)
        || case
            when n.relation in ('earlier', 'short') then ' document(s) with that name count as one department'
            else ' document(s) with that name lead to the other department'
        end as effect_en
    from {{ ref('department_names') }} as n
    inner join {{ ref('int_documents') }} as d
        on
            n.region_code = d.region_code
            and {{ normalised_name('n.other_name') }} = {{ normalised_name('d.department_published') }}
    group by n.region_code, n.other_name, n.current_name, n.relation
),

decided as (
    select * from told
    union all
    select * from left_open
    union all
    select * from named
)

select
    *,
    case decision
        when 'correct'
            then '原识读“' || coalesce(read_text, '') || '”，人工更正为“' || coalesce(decided_text, '') || '”'
        when 'confirm' then '识读“' || coalesce(read_text, '') || '”，人工核对无误'
        when 'statement' then '人工认定为报表' || decided_text
        when 'no_statement' then '人工认定不是报表'
        when 'exclude' then '人工认定不予收录'
        when 'leave' then '人工认定不作处理'
        else '人工认定部门名称的关系：' || read_text
    end || '（' || concat_ws('，', decided_by, decided_on, '理由：' || reason) || '）' as sentence_zh,
    case decision
        when 'correct'
            then 'Read as "' || coalesce(read_text, '') || '", corrected to "' || coalesce(decided_text, '') || '"'
        when 'confirm' then 'Read as "' || coalesce(read_text, '') || '", and so it is printed'
        when 'statement' then 'Taken for the statement ' || decided_text
        when 'no_statement' then 'Taken for no statement'
        when 'exclude' then 'Excluded'
        when 'leave' then 'Left as it is'
        else 'Names of departments: ' || read_text
    end || ' (' || concat_ws(', ', decided_by, decided_on, 'because: ' || reason) || ')' as sentence_en
from decided
