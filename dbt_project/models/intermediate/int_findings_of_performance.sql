-- Findings: performance sheets whose own figures do not fit one another.
with sums as (
    select
        document_id,
        sheet_number,
        coalesce({{ quoted('project_name') }}, '') as project_zh,
        coalesce(' of ' || project_name, '') as project_en,
        summed,
        coalesce({{ quoted("nullif(part_of, '')") }}, '') as part_zh,
        coalesce(nullif(part_of, ''), '') as part_en,
        part_of,
        {{ number_in_words('printed') }} as printed,
        {{ number_in_words('coalesce(amount + besides, amount)') }} as amount,
        page,
        cell_id,
        operand_cell_ids
    from {{ ref('int_performance_sums') }}
),

scores as (
    select
        i.document_id,
        i.indicator_number,
        i.page,
        i.score_cell_id as cell_id,
        i.weight_cell_id,
        coalesce(i.indicator_name, i.indicator_level2, i.indicator_level1, '总分') as name,
        {{ number_in_words('i.score_points') }} as score,
        {{ number_in_words('i.weight_points') }} as weight
    from {{ ref('stg_performance_indicators') }} as i
    inner join {{ ref('int_current_documents') }} as d on i.document_id = d.document_id
    where i.score_points > i.weight_points
    union all
    select
        p.document_id,
        10000 + p.line_number as indicator_number,
        p.page,
        p.score_cell_id as cell_id,
        p.weight_cell_id,
        '预算执行率' as name,
        {{ number_in_words('p.score_points') }} as score,
        {{ number_in_words('p.weight_points') }} as weight
    from {{ ref('stg_performance_projects') }} as p
    inner join {{ ref('int_current_documents') }} as d on p.document_id = d.document_id
    where p.score_points > p.weight_points
),

amounts as (
    select
        *,
        {{ amount_in_unit('reported_yuan', 'unit', 'precision_yuan') }} as reported,
        {{ amount_in_unit('expected_yuan', 'unit', 'precision_yuan') }} as expected,
        {{ amount_in_unit('abs(reported_yuan - expected_yuan)', 'unit', 'precision_yuan') }} as difference,
        coalesce({{ quoted('project_name') }}, '') as project_zh,
        coalesce(' of ' || project_name, '') as project_en
    from {{ ref('int_performance_amounts') }}
),

told as (
    select
        'performance_points_wrong' as finding_kind,
        document_id,
        's' || sheet_number || '-' || summed || '-' || part_of as place,
        '绩效表' || project_zh || '：' || case summed
            when 'weight' then '各指标分值之和为' || amount || '，而总分印为' || printed
            when 'score' then '各指标得分之和为' || amount || '，而总得分印为' || printed
            when 'weight of kind' then part_zh || '各指标分值之和为' || amount || '，而该类印为' || printed || '分'
            when 'number of kind' then part_zh || '所列指标共' || amount || '个，而该类印为' || printed || '个'
            else '所列指标共' || amount || '个，而合计印为' || printed || '个'
        end || '。' as told_zh,
        'performance sheet' || project_en || ': ' || case summed
            when 'weight' then 'the weights sum to ' || amount || ', the total is printed as ' || printed
            when 'score' then 'the scores sum to ' || amount || ', the total is printed as ' || printed
            when 'weight of kind'
                then
                    'the weights of ' || part_en || ' sum to ' || amount || ', ' || printed
                    || ' is printed for the kind'
            when 'number of kind'
                then part_en || ' lists ' || amount || ' indicators, ' || printed || ' is printed for the kind'
            else amount || ' indicators are listed, the total is printed as ' || printed
        end || '.' as told_en,
        null::decimal(18, 2) as expected_yuan,
        null::decimal(18, 2) as reported_yuan,
        page,
        cell_id,
        operand_cell_ids
    from sums
    union all
    select
        'performance_points_wrong' as finding_kind,
        document_id,
        'i' || indicator_number as place,
        '绩效表' || {{ quoted('name') }} || '：得分印为' || score || '，大于分值' || weight || '。' as told_zh,
        'performance sheet, ' || name || ': a score of ' || score || ' is more than its weight of ' || weight || '.'
            as told_en,
        null as expected_yuan,
        null as reported_yuan,
        page,
        cell_id,
        [weight_cell_id] as operand_cell_ids
    from scores
    union all
    select
        case what when 'rate' then 'performance_rate_wrong' else 'performance_amount_wrong' end as finding_kind,
        document_id,
        what || place as place,
        case what
            when 'rate'
                then
                    '绩效表' || project_zh || coalesce({{ quoted('line_label') }}, '') || '：执行率印为' || printed
                    || '，按所印执行数' || reported || unit || '和预算数' || expected || unit || '计算为'
                    || {{ number_in_words('expected_rate') }} || '%。'
            when 'part'
                then
                    '绩效表' || project_zh || '：' || {{ quoted('line_label') }} || '印为' || reported || unit
                    || '，大于总额' || expected || unit || '。'
            else
                '项目明细：合计印为' || reported || unit || '，所列各项之和为' || expected || unit || '，相差'
                || difference || unit || '。'
        end as told_zh,
        case what
            when 'rate'
                then
                    'performance sheet' || project_en || coalesce(', ' || line_label, '') || ': an execution rate of '
                    || printed || ' is printed; ' || reported || {{ unit_in_english('unit') }} || ' spent of '
                    || expected || {{ unit_in_english('unit') }} || ' make '
                    || {{ number_in_words('expected_rate') }} || '%.'
            when 'part'
                then
                    'performance sheet' || project_en || ': ' || line_label || ' is printed as ' || reported
                    || {{ unit_in_english('unit') }} || ', more than the ' || expected || {{ unit_in_english('unit') }}
                    || ' in all.'
            else
                'list of projects: the total is printed as ' || reported || {{ unit_in_english('unit') }}
                || ', what is listed sums to ' || expected || {{ unit_in_english('unit') }} || ', difference '
                || difference || {{ unit_in_english('unit') }} || '.'
        end as told_en,
        case what when 'rate' then null else expected_yuan end as expected_yuan,
        case what when 'rate' then null else reported_yuan end as reported_yuan,
        page,
        cell_id,
        operand_cell_ids
    from amounts
)

select
    finding_kind,
    '' as question_about,
    'medium' as severity,
    document_id,
    null::varchar as statement_id,
    null::varchar as identity_id,
    document_id || '-' || place as identity_key,
    '第' || page || '页，' || told_zh as sentence_zh,
    'Page ' || page || ', ' || told_en as sentence_en,
    expected_yuan::decimal(18, 2) as expected_yuan,
    reported_yuan::decimal(18, 2) as reported_yuan,
    (reported_yuan - expected_yuan)::decimal(18, 2) as difference_yuan,
    page,
    cell_id,
    list_filter(operand_cell_ids, lambda each: each is not null)::varchar[] as operand_cell_ids
from told
