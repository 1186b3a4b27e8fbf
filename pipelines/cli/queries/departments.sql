-- Which departments are here, for which years, and what did they plan and spend?
-- $department = %: name of the department, with % for anything
-- $region = %: region code (GB/T 2260) it begins with, with %
select
    department_name,
    department_level,
    region_code,
    fiscal_year,
    expenditure_total_budget_yuan as budgeted_yuan,
    expenditure_total_final_yuan as spent_yuan,
    round(100 * expenditure_execution_ratio, 1) as spent_percent
from mart_department_year
where department_name like $department and region_code like $region
order by region_code, department_name, fiscal_year
