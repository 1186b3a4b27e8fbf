select
    r.fiscal_year,
    r.verdict,
    count(*) as n_results
from fct_identity_results as r
inner join dim_department as p on r.department_id = p.department_id
where $with_specimens or not p.is_synthetic
group by r.fiscal_year, r.verdict
order by r.fiscal_year, r.verdict
