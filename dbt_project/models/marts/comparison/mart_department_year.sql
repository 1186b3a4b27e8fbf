{%- set measures = [
    'revenue_total',
    'expenditure_total',
    'grand_total',
    'fiscal_appropriation_revenue',
    'undertaking_revenue',
    'business_revenue',
    'other_revenue',
    'general_public_expenditure',
    'basic_expenditure',
    'project_expenditure',
    'personnel_costs',
    'running_costs',
    'three_public',
    'three_public_abroad',
    'three_public_vehicles',
    'three_public_vehicle_purchase',
    'three_public_vehicle_operation',
    'three_public_reception',
    'opening_balance',
    'closing_balance',
] %}
{%- set counts = [
    'vehicles_held',
    'vehicles_bought',
    'trips_abroad',
    'persons_abroad',
    'receptions',
    'reception_guests',
] %}
-- The comparison sheet: one row per department and year, budget beside final accounts, each measure
-- as printed, and what follows of them. A measure that is not printed is empty, never zero, and what would follow
-- of it is empty, too.
with sheet as (
    select
        department_id,
        region_code,
        fiscal_year,
        {% for measure in measures %}
            {% for kind, name in [('budget', 'budget'), ('final_accounts', 'final')] %}
                max(amount_yuan) filter (where measure = '{{ measure }}' and document_kind = '{{ kind }}')
                    as {{ measure }}_{{ name }}_yuan,
            {% endfor %}
        {% endfor %}
        max(amount_yuan) filter (where measure = 'procurement' and document_kind = 'budget')
            as procurement_budget_yuan,
        max(amount_yuan) filter (where measure = 'expenditure_adjusted') as expenditure_adjusted_final_yuan,
        max(change_yuan) filter (where measure = 'closing_balance' and document_kind = 'final_accounts')
            as closing_balance_final_change_yuan,
        max(change_yuan) filter (where measure = 'revenue_total' and document_kind = 'final_accounts')
            as revenue_total_final_change_yuan,
        max(change_ratio) filter (where measure = 'revenue_total' and document_kind = 'final_accounts')
            as revenue_total_final_change_ratio,
        max(change_yuan) filter (where measure = 'expenditure_total' and document_kind = 'final_accounts')
            as expenditure_total_final_change_yuan,
        max(change_ratio) filter (where measure = 'expenditure_total' and document_kind = 'final_accounts')
            as expenditure_total_final_change_ratio,
        max(change_yuan) filter (where measure = 'expenditure_total' and document_kind = 'budget')
            as expenditure_total_budget_change_yuan,
        max(change_ratio) filter (where measure = 'expenditure_total' and document_kind = 'budget')
            as expenditure_total_budget_change_ratio
    from {{ ref('mart_department_year_figures') }}
    group by department_id, region_code, fiscal_year
),

told as (
    select
        department_id,
        fiscal_year,
        {% for measure in counts %}
            max(told_value::integer) filter (where told_measure = '{{ measure }}') as {{ measure }}_final,
        {% endfor %}
        max(told_value::decimal(18, 2)) filter (where told_measure = 'procurement') as procurement_told_yuan,
        max(told_value::decimal(18, 2)) filter (where told_measure = 'procurement_small_and_medium')
            as procurement_small_and_medium_told_yuan,
        max(told_value::decimal(18, 2)) filter (where told_measure = 'procurement_small_and_micro')
            as procurement_small_and_micro_told_yuan
    from {{ ref('mart_told_year') }}
    where document_kind = 'final_accounts'
    group by department_id, fiscal_year
),

other_items as (
    select
        department_id,
        fiscal_year,
        ratio
    from {{ ref('int_signal_values') }}
    where signal_measure = 'other_items'
)

select
    s.*,
    {% for measure in counts %}
        t.{{ measure }}_final,
    {% endfor %}
    t.procurement_told_yuan,
    t.procurement_small_and_medium_told_yuan,
    t.procurement_small_and_micro_told_yuan,
    d.department_name,
    d.department_level,
    r.region_name,
    d.is_synthetic,
    {{ ratio('s.expenditure_total_final_yuan', 's.expenditure_total_budget_yuan') }} as expenditure_execution_ratio,
    {{ ratio('s.expenditure_total_final_yuan', 's.expenditure_adjusted_final_yuan') }} as adjusted_execution_ratio,
    (s.expenditure_adjusted_final_yuan - s.expenditure_total_budget_yuan)::decimal(18, 2) as expenditure_added_yuan,
    {{ ratio('s.fiscal_appropriation_revenue_final_yuan', 's.revenue_total_final_yuan') }} as fiscal_share_final,
    {{ ratio(
        'case when coalesce(s.undertaking_revenue_final_yuan, s.business_revenue_final_yuan) is not null '
        'then coalesce(s.undertaking_revenue_final_yuan, 0) + coalesce(s.business_revenue_final_yuan, 0) end',
        's.revenue_total_final_yuan'
    ) }} as own_revenue_share_final,
    {{ ratio('s.other_revenue_final_yuan', 's.revenue_total_final_yuan') }} as other_revenue_share_final,
    {{ ratio('s.basic_expenditure_final_yuan', 's.expenditure_total_final_yuan') }} as basic_share_final,
    {{ ratio('s.running_costs_final_yuan', 's.personnel_costs_final_yuan') }} as running_to_personnel_final,
    o.ratio as other_items_share_final,
    {{ ratio('s.three_public_final_yuan', 's.three_public_budget_yuan') }} as three_public_execution_ratio,
    {{ ratio('s.three_public_final_yuan', 's.expenditure_total_final_yuan') }} as three_public_share_final,
    {{ ratio('s.three_public_vehicle_operation_final_yuan', 't.vehicles_held_final') }}::decimal(18, 2)
        as operation_per_vehicle_yuan,
    {{ ratio('s.three_public_reception_final_yuan', 't.receptions_final') }}::decimal(18, 2)
        as cost_per_reception_yuan,
    {{ ratio('s.three_public_reception_final_yuan', 't.reception_guests_final') }}::decimal(18, 2)
        as cost_per_reception_guest_yuan,
    {{ ratio('t.procurement_told_yuan', 's.expenditure_total_final_yuan') }} as procurement_share_final,
    {{ ratio('t.procurement_small_and_medium_told_yuan', 't.procurement_told_yuan') }}
        as procurement_small_and_medium_share,
    {{ ratio('t.procurement_small_and_micro_told_yuan', 't.procurement_told_yuan') }}
        as procurement_small_and_micro_share,
    {{ ratio('s.project_expenditure_final_yuan', 's.expenditure_total_final_yuan') }} as project_share_final,
    {{ ratio('s.closing_balance_final_yuan', 's.grand_total_final_yuan') }} as closing_balance_share_final
from sheet as s
inner join {{ ref('dim_department') }} as d on s.department_id = d.department_id
inner join {{ ref('dim_region') }} as r on s.region_code = r.region_code
left join told as t on s.department_id = t.department_id and s.fiscal_year = t.fiscal_year
left join other_items as o on s.department_id = o.department_id and s.fiscal_year = o.fiscal_year
order by s.region_code, d.department_name, s.fiscal_year
