select
    m.scheme,
    m.document_kind,
    m.fiscal_year,
    count(distinct m.department_id) as n_departments,
    count(distinct m.code) as n_codes,
    sum(m.amount_yuan)::decimal(18, 2) as amount_yuan,
    coalesce(sum(m.amount_yuan) filter (where m.code_name_id is not null), 0)::decimal(18, 2) as listed_yuan,
    coalesce(sum(m.amount_yuan) filter (where m.group_code is not null), 0)::decimal(18, 2) as in_group_yuan,
    coalesce(sum(m.amount_yuan) filter (where m.group_code is null), 0)::decimal(18, 2) as in_no_group_yuan,
    try_cast(
        coalesce(sum(m.amount_yuan) filter (where m.group_code is not null), 0) / nullif(sum(m.amount_yuan), 0)
        as decimal(18, 6)
    ) as in_group_ratio
from mart_international_year as m
inner join dim_department as p on m.department_id = p.department_id
where
    p.department_level = 'department'
    and ($with_specimens or not p.is_synthetic)
group by m.scheme, m.document_kind, m.fiscal_year
order by m.scheme, m.document_kind desc, m.fiscal_year
