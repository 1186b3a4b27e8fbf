-- What was planned and spent on the "three public" expenses (三公经费), by kind and year?
-- $department = %: name of the department, with % for anything
select
    d.department_name,
    t.fiscal_year,
    t.document_kind,
    t.basis,
    t.spending_kind,
    t.amount_yuan,
    t.page
from fct_three_public as t
inner join dim_department as d on t.department_id = d.department_id
where d.department_name like $department
order by d.department_name, t.fiscal_year, t.document_kind, t.basis, t.spending_kind
