select
    a.reading_quality,
    count(*) as n_amounts
from (
    select reading_quality, department_id from fct_revenue_by_function
    union all
    select reading_quality, department_id from fct_expenditure_by_function
    union all
    select reading_quality, department_id from fct_expenditure_by_economic
    union all
    select reading_quality, department_id from fct_statement_totals
    union all
    select reading_quality, department_id from fct_three_public
    union all
    select reading_quality, department_id from fct_procurement
    union all
    select reading_quality, department_id from fct_project_target
) as a
inner join dim_department as p on a.department_id = p.department_id
where $with_specimens or not p.is_synthetic
group by a.reading_quality
order by n_amounts desc, a.reading_quality
