-- Money of performance sheets that does not fit: execution rates against spent and budget, parts that are more than
-- their whole, projects of a list against its total, score against weight.
with money as (
    select p.*
    from {{ ref('stg_performance_projects') }} as p
    inner join {{ ref('int_current_documents') }} as d on p.document_id = d.document_id
),

-- A rate stands for half a unit of its last digit either way, so do both amounts. Which budget it is of, and whether
-- a rate without % is in per cent, is not always said: it holds where one reading of it does.
budgets as (
    select
        *,
        unnest([adjusted_yuan, initial_yuan]) as budget_yuan,
        unnest([adjusted_cell_id, initial_cell_id]) as budget_cell_id
    from money
    where final_yuan is not null and rate_as_printed is not null
),

factors as (
    select unnest([1, 100]) as factor
),

readings as (
    select
        m.document_id,
        m.line_number,
        r.factor,
        m.budget_yuan,
        m.budget_cell_id,
        100 * m.final_yuan / m.budget_yuan as rate,
        100 * (m.final_yuan - m.precision_yuan / 2) / (m.budget_yuan + m.precision_yuan / 2) as low,
        100 * (m.final_yuan + m.precision_yuan / 2) / (m.budget_yuan - m.precision_yuan / 2) as high
    from budgets as m
    cross join factors as r
    where m.budget_yuan > m.precision_yuan and (r.factor = 1 or not m.rate_is_percent)
),

rates as (
    select
        m.document_id,
        m.line_number,
        bool_or(
            m.rate_as_printed * r.factor + r.factor * power(10, -m.rate_decimals) / 2 >= r.low
            and m.rate_as_printed * r.factor - r.factor * power(10, -m.rate_decimals) / 2 <= r.high
        ) as holds,
        arg_min(r.rate, abs(m.rate_as_printed * r.factor - r.rate)) as rate,
        arg_min(r.budget_yuan, abs(m.rate_as_printed * r.factor - r.rate)) as budget_yuan,
        arg_min(r.budget_cell_id, abs(m.rate_as_printed * r.factor - r.rate)) as budget_cell_id
    from money as m
    inner join readings as r on m.document_id = r.document_id and m.line_number = r.line_number
    group by m.document_id, m.line_number
),

wrong_rates as (
    select
        m.*,
        r.rate,
        r.budget_yuan,
        r.budget_cell_id
    from money as m
    inner join rates as r on m.document_id = r.document_id and m.line_number = r.line_number
    where not r.holds
),

columns_of_money as (
    select
        document_id,
        sheet_number,
        sheet_kind,
        project_name,
        money_line,
        line_label,
        line_number,
        unit,
        precision_yuan,
        page,
        unnest(['initial', 'adjusted', 'final']) as money_column,
        unnest([initial_yuan, adjusted_yuan, final_yuan]) as amount_yuan,
        unnest([initial_cell_id, adjusted_cell_id, final_cell_id]) as cell_id
    from money
),

-- The target sheet of a statement form has identities of its own.
wholes as (
    select
        t.document_id,
        t.sheet_number,
        any_value(t.project_name) as project_name,
        t.money_column,
        any_value(t.unit) as unit,
        any_value(t.page) as page,
        any_value(t.cell_id) as cell_id,
        any_value(t.amount_yuan) as whole_yuan,
        max(p.amount_yuan) as part_yuan,
        arg_max(p.line_label, p.amount_yuan) as part_label,
        arg_max(p.cell_id, p.amount_yuan) as part_cell_id,
        max(greatest(t.precision_yuan, p.precision_yuan)) as precision_yuan
    from columns_of_money as t
    inner join columns_of_money as p
        on
            t.document_id = p.document_id
            and t.sheet_number = p.sheet_number
            and t.money_column = p.money_column
            and t.money_line = 'total'
            and p.money_line <> 'total'
    where t.sheet_kind = 'self_evaluation' and t.amount_yuan is not null and p.amount_yuan is not null
    group by t.document_id, t.sheet_number, t.money_column
    having count(distinct t.line_number) = 1
),

lists as (
    select
        t.document_id,
        t.sheet_number,
        t.money_column,
        any_value(t.unit) as unit,
        any_value(t.page) as page,
        any_value(t.cell_id) as cell_id,
        any_value(t.amount_yuan) as whole_yuan,
        sum(p.amount_yuan) as parts_yuan,
        (any_value(t.precision_yuan) + sum(p.precision_yuan)) / 2 as tolerance_yuan,
        any_value(t.precision_yuan) as precision_yuan,
        count(*) = count(p.amount_yuan) as is_whole,
        list(p.cell_id order by p.line_number) filter (where p.cell_id is not null) as operand_cell_ids
    from columns_of_money as t
    inner join columns_of_money as p
        on
            t.document_id = p.document_id
            and t.sheet_number = p.sheet_number
            and t.money_column = p.money_column
            and t.money_line = 'list_total'
            and p.money_line = 'total'
    where t.amount_yuan is not null
    group by t.document_id, t.sheet_number, t.money_column
    having count(distinct t.line_number) = 1
)

select
    document_id,
    'rate' as what,
    'm' || line_number as place,
    project_name,
    line_label,
    rate_printed as printed,
    round(rate, greatest(rate_decimals, 2))::decimal(18, 2) as expected_rate,
    final_yuan as reported_yuan,
    budget_yuan as expected_yuan,
    unit,
    precision_yuan,
    page,
    rate_cell_id as cell_id,
    list_filter([final_cell_id, budget_cell_id], lambda each: each is not null) as operand_cell_ids
from wrong_rates
union all
select
    document_id,
    'part' as what,
    's' || sheet_number || money_column as place,
    project_name,
    part_label as line_label,
    null as printed,
    null as expected_rate,
    part_yuan as reported_yuan,
    whole_yuan as expected_yuan,
    unit,
    precision_yuan,
    page,
    part_cell_id as cell_id,
    [cell_id] as operand_cell_ids
from wholes
where part_yuan > whole_yuan + precision_yuan
union all
select
    document_id,
    'list' as what,
    's' || sheet_number || money_column as place,
    null as project_name,
    null as line_label,
    null as printed,
    null as expected_rate,
    whole_yuan as reported_yuan,
    parts_yuan as expected_yuan,
    unit,
    precision_yuan,
    page,
    cell_id,
    operand_cell_ids
from lists
where
    abs(whole_yuan - parts_yuan) > tolerance_yuan
    and (is_whole or parts_yuan > whole_yuan)
