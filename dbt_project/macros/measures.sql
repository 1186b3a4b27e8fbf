{#- The measures of the comparison sheet, in its order. Seed department_year_measures says where each is printed. -#}
{% macro department_year_measures() -%}
    {{ return([
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
        'procurement',
    ]) }}
{%- endmacro %}

{#- a / b to six decimals; NULL where b is nothing or zero. -#}
{% macro ratio(a, b) -%}
    ({{ a }} / nullif({{ b }}, 0))::decimal(18, 6)
{%- endmacro %}
