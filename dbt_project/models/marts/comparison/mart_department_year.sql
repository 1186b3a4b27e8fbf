{%- set measures = [
    'revenue_total',
    'expenditure_total',
    'grand_total',
    'fiscal_appropriation_revenue',
    'general_public_expenditure',
    'basic_expenditure',
    'project_expenditure',
    'personnel_costs',
    'running_costs',
    'three_public',
    'three_public_abroad',
    'three_public_vehicles',
    'three_public_reception',
    'opening_balance',
    'closing_balance',
] %}
-- The comparison sheet: one row per department and year, budget beside final accounts, each measure
-- as printed. A measure that is not printed is empty, never zero.
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
)

select
    s.*,
    d.department_name,
    d.department_level,
    r.region_name,
    d.is_synthetic,
    {{ ratio('s.expenditure_total_final_yuan', 's.expenditure_total_budget_yuan') }} as expenditure_execution_ratio,
    {{ ratio('s.three_public_final_yuan', 's.three_public_budget_yuan') }} as three_public_execution_ratio,
    {{ ratio('s.project_expenditure_final_yuan', 's.expenditure_total_final_yuan') }} as project_share_final,
    {{ ratio('s.closing_balance_final_yuan', 's.grand_total_final_yuan') }} as closing_balance_share_final
from sheet as s
inner join {{ ref('dim_department') }} as d on s.department_id = d.department_id
inner join {{ ref('dim_region') }} as r on s.region_code = r.region_code
order by s.region_code, d.department_name, s.fiscal_year
