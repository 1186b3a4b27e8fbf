select
    t.fiscal_year,
    count(t.budget_yuan) as n_budgets,
    sum(t.budget_yuan)::decimal(18, 2) as budget_yuan,
    count(t.final_yuan) as n_finals,
    sum(t.final_yuan)::decimal(18, 2) as final_yuan
from mart_three_public_year as t
inner join dim_department as p on t.department_id = p.department_id
where
    t.spending_kind = 'total'
    and p.department_level = 'department'
    and ($with_specimens or not p.is_synthetic)
group by t.fiscal_year
order by t.fiscal_year
