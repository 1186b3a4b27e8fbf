-- How far did final accounts (决算) depart from the budget (预算) of the same year?
-- $department = %: name of the department, with % for anything
select
    department_name,
    fiscal_year,
    expenditure_total_budget_yuan as budget_yuan,
    expenditure_total_final_yuan as final_yuan,
    expenditure_total_final_yuan - expenditure_total_budget_yuan as difference_yuan,
    round(100 * expenditure_execution_ratio, 1) as final_percent_of_budget
from mart_department_year
where
    department_name like $department
    and expenditure_total_budget_yuan is not null
    and expenditure_total_final_yuan is not null
order by abs(difference_yuan) desc
