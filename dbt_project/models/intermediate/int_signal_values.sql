-- The ratios that are compared for signals (seed signal_measures): one row per department, year and measure,
-- with what is divided by what and where both are printed. A department that does not print one of the
-- two has no row: nothing is known of it.
with figures as (
    select
        m.signal_measure,
        n.department_id,
        n.fiscal_year,
        n.amount_yuan as numerator,
        d.amount_yuan as denominator,
        n.document_id,
        n.page,
        n.cell_id,
        d.cell_id as denominator_cell_id
    from {{ ref('signal_measures') }} as m
    inner join {{ ref('mart_department_year_figures') }} as n
        on m.numerator_measure = n.measure and m.numerator_kind = n.document_kind
    inner join {{ ref('mart_department_year_figures') }} as d
        on
            m.denominator_measure = d.measure
            and m.denominator_kind = d.document_kind
            and n.department_id = d.department_id
            and n.fiscal_year = d.fiscal_year
),

items as (
    select * from {{ ref('mart_purpose_year') }}
    where document_kind = 'final_accounts' and code_level = 3 and amount_yuan > 0
),

other_items as (
    select
        'other_items' as signal_measure,
        department_id,
        fiscal_year,
        coalesce(sum(amount_yuan) filter (where functional_code like '%99'), 0)::decimal(18, 2) as numerator,
        sum(amount_yuan)::decimal(18, 2) as denominator,
        any_value(document_id) as document_id,
        arg_max(page, amount_yuan) filter (where functional_code like '%99') as page,
        arg_max(cell_id, amount_yuan) filter (where functional_code like '%99') as cell_id,
        null::varchar as denominator_cell_id
    from items
    group by department_id, fiscal_year
),

-- Of a handful of amounts a few are round by chance.
round_amounts as (
    select
        'round_amounts' as signal_measure,
        department_id,
        fiscal_year,
        (count(*) filter (where amount_yuan % 10000 = 0))::decimal(18, 2) as numerator,
        count(*)::decimal(18, 2) as denominator,
        any_value(document_id) as document_id,
        arg_max(page, amount_yuan) filter (where amount_yuan % 10000 = 0) as page,
        arg_max(cell_id, amount_yuan) filter (where amount_yuan % 10000 = 0) as cell_id,
        null::varchar as denominator_cell_id
    from items
    group by department_id, fiscal_year
    having count(*) >= 8
),

measured as (
    select * from figures
    union all by name
    select * from other_items
    union all by name
    select * from round_amounts
)

select
    *,
    {{ ratio('numerator', 'denominator') }} as ratio
from measured
where denominator > 0
