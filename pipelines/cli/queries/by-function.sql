-- What was planned and spent on which function (功能分类), at one level of the code so that nothing counts twice?
-- $department = %: name of the department, with % for anything
-- $level = 1: 1 class 类, 2 section 款, 3 item 项
-- Budgets that print all expenditure by kind only (Jiangsu) answer with 财政拨款: see the column fund.
select
    d.department_name,
    e.fiscal_year,
    e.document_kind,
    e.fund,
    e.functional_code,
    e.row_label,
    e.amount_yuan
from fct_expenditure_by_function as e
inner join dim_department as d on e.department_id = d.department_id
where
    d.department_name like $department
    and e.statement_id in (
        'final_expenditure', 'budget_expenditure_by_function', 'budget_appropriation_by_function'
    )
    and e.expenditure_kind = 'total'
    and e.code_level = $level::integer
qualify rank() over (partition by e.disclosure_id order by e.fund = 'fiscal_appropriation') = 1
order by d.department_name, e.fiscal_year, e.document_kind, e.functional_code
