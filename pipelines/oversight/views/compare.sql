select
    p.department_name,
    f.department_id,
    f.fiscal_year,
    f.measure,
    max(f.amount_yuan) filter (where f.document_kind = 'budget') as budget_yuan,
    max(f.amount_yuan) filter (where f.document_kind = 'final_accounts') as final_yuan
from mart_department_year_figures as f
inner join dim_department as p on f.department_id = p.department_id
where
    f.department_id in ($department_ids)
    and f.measure = $measure
    and f.fiscal_year between $first_year and $last_year
group by all
order by p.department_name, f.fiscal_year
