-- A group holds what stands under the groups below it; what is in no group stands with the reason.
select
    m.scheme,
    m.document_kind,
    g.group_code,
    g.parent_group_code,
    g.name_zh,
    g.name_en,
    case when g.group_code is null then m.no_group_because end as no_group_because,
    m.fiscal_year,
    count(distinct m.department_id) as n_departments,
    count(distinct m.code) as n_codes,
    sum(m.amount_yuan)::decimal(18, 2) as amount_yuan
from mart_international_year as m
inner join dim_department as p on m.department_id = p.department_id
left join dim_international_group as g on m.scheme = g.scheme and starts_with(m.group_code, g.group_code)
where
    p.department_level = 'department'
    and ($with_specimens or not p.is_synthetic)
group by all
order by m.scheme, m.document_kind desc, g.group_code nulls last, no_group_because, m.fiscal_year
