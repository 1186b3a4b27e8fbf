-- Sums that a performance sheet prints itself: weights, scores and numbers of indicators against the row that sums
-- them up and against the bracket beside their kind, projects of a list against its total. What is not printed in
-- every part is not summed; a part printed once for several rows (a merged cell) counts once.
with rows_of_sheets as (
    select
        i.*,
        -- A sheet that lists indicators has them alone as parts; one by kinds has its kinds.
        bool_or(i.indicator_role = 'indicator') over (partition by i.document_id, i.sheet_number) as has_indicators
    from {{ ref('stg_performance_indicators') }} as i
    inner join {{ ref('int_current_documents') }} as d on i.document_id = d.document_id
    where i.sheet_number > 0
),

parts as (
    select
        *,
        coalesce(n_indicators, 1) as n_counted
    from rows_of_sheets
    where indicator_role = case when has_indicators then 'indicator' else 'kind' end
),

totals as (
    -- Of several rows that sum up it is not sure what each sums.
    select * from rows_of_sheets
    where indicator_role = 'total'
    qualify count(*) over (partition by document_id, sheet_number) = 1
),

-- Points for the execution of the budget, given in the band of money.
execution as (
    select
        document_id,
        sheet_number,
        any_value(weight_points) as weight_points,
        any_value(score_points) as score_points
    from {{ ref('stg_performance_projects') }}
    where sheet_kind <> 'project_list' and (weight_points is not null or score_points is not null)
    group by document_id, sheet_number
    having count(*) = 1
),

points as (
    select
        document_id,
        sheet_number,
        '' as part_of,
        'weight' as summed,
        weight_cell_id as cell_id,
        any_value(weight_points) as amount
    from parts
    group by document_id, sheet_number, weight_cell_id
    union all
    select
        document_id,
        sheet_number,
        '' as part_of,
        'score' as summed,
        score_cell_id as cell_id,
        any_value(score_points) as amount
    from parts
    group by document_id, sheet_number, score_cell_id
    union all
    select
        document_id,
        sheet_number,
        indicator_level1 as part_of,
        'weight of kind' as summed,
        weight_cell_id as cell_id,
        any_value(weight_points) as amount
    from parts
    group by document_id, sheet_number, indicator_level1, weight_cell_id
),

summed as (
    select
        document_id,
        sheet_number,
        part_of,
        summed,
        sum(amount) as amount,
        count(*) = count(amount) as is_whole,
        list(cell_id order by cell_id) filter (where cell_id is not null) as operand_cell_ids
    from points
    group by document_id, sheet_number, part_of, summed
),

counts as (
    select
        document_id,
        sheet_number,
        indicator_level1 as part_of,
        sum(n_counted) as n_counted,
        list(cell_id order by indicator_number) as operand_cell_ids
    from parts
    group by document_id, sheet_number, indicator_level1
),

counts_of_sheets as (
    select
        document_id,
        sheet_number,
        sum(n_counted) as n_counted,
        flatten(list(operand_cell_ids)) as operand_cell_ids
    from counts
    group by document_id, sheet_number
),

of_points as (
    select
        t.document_id,
        t.sheet_number,
        t.project_name,
        s.summed,
        '' as part_of,
        case s.summed when 'weight' then t.weight_points else t.score_points end as printed,
        s.amount,
        case s.summed when 'weight' then e.weight_points else e.score_points end as besides,
        s.is_whole,
        t.page,
        case s.summed when 'weight' then t.weight_cell_id else t.score_cell_id end as cell_id,
        s.operand_cell_ids
    from totals as t
    inner join summed as s
        on t.document_id = s.document_id and t.sheet_number = s.sheet_number and s.summed in ('weight', 'score')
    left join execution as e on t.document_id = e.document_id and t.sheet_number = e.sheet_number
),

of_kinds as (
    select
        p.document_id,
        p.sheet_number,
        any_value(p.project_name) as project_name,
        s.summed,
        s.part_of,
        any_value(p.level1_weight) as printed,
        any_value(s.amount) as amount,
        null as besides,
        any_value(s.is_whole) as is_whole,
        min(p.page) as page,
        min(p.cell_id) as cell_id,
        any_value(s.operand_cell_ids) as operand_cell_ids
    from parts as p
    inner join summed as s
        on
            p.document_id = s.document_id
            and p.sheet_number = s.sheet_number
            and p.indicator_level1 = s.part_of
            and s.summed = 'weight of kind'
    where p.level1_weight is not null
    group by p.document_id, p.sheet_number, s.summed, s.part_of
),

of_counts as (
    select
        p.document_id,
        p.sheet_number,
        any_value(p.project_name) as project_name,
        'number of kind' as summed,
        p.indicator_level1 as part_of,
        any_value(p.level1_count) as printed,
        any_value(c.n_counted) as amount,
        null as besides,
        true as is_whole,
        min(p.page) as page,
        min(p.cell_id) as cell_id,
        any_value(c.operand_cell_ids) as operand_cell_ids
    from parts as p
    inner join counts as c
        on
            p.document_id = c.document_id
            and p.sheet_number = c.sheet_number
            and p.indicator_level1 = c.part_of
    where p.level1_count is not null
    group by p.document_id, p.sheet_number, p.indicator_level1
    union all
    select
        t.document_id,
        t.sheet_number,
        t.project_name,
        'number' as summed,
        '' as part_of,
        t.n_indicators as printed,
        c.n_counted as amount,
        null as besides,
        true as is_whole,
        t.page,
        t.cell_id,
        c.operand_cell_ids
    from totals as t
    inner join counts_of_sheets as c on t.document_id = c.document_id and t.sheet_number = c.sheet_number
    where t.n_indicators is not null
),

all_sums as (
    select * from of_points
    union all
    select * from of_kinds
    union all
    select * from of_counts
)

select * from all_sums
where
    printed is not null
    and amount <> printed
    and coalesce(amount + besides, amount) <> printed
    -- With a part left blank the parts may be less, never more.
    and (is_whole or amount > printed)
