-- What was spent on which function (功能分类), at one level of the code so that nothing counts twice?
-- $department = %: name of the department, with % for anything
-- $level = 1: 1 class 类, 2 section 款, 3 item 项
select
    d.department_name,
    e.fiscal_year,
    e.document_kind,
    e.functional_code,
    e.row_label,
    e.amount_yuan
from fct_expenditure_by_function as e
inner join dim_department as d on e.department_id = d.department_id
where
    d.department_name like $department
    and e.statement_id in ('final_expenditure', 'budget_expenditure_by_function')
    and e.expenditure_kind = 'total'
    and e.code_level = $level::integer
order by d.department_name, e.fiscal_year, e.document_kind, e.functional_code
