select
    m.scheme,
    m.code,
    max_by(m.name_zh, m.fiscal_year) as name_zh,
    max_by(m.no_group_because, m.fiscal_year) as no_group_because,
    any_value(u.because_zh) as because_zh,
    any_value(u.because_en) as because_en,
    min(m.fiscal_year) as first_year,
    max(m.fiscal_year) as last_year,
    (sum(m.amount_yuan) filter (where m.document_kind = 'budget'))::decimal(18, 2) as budget_yuan,
    (sum(m.amount_yuan) filter (where m.document_kind = 'final_accounts'))::decimal(18, 2) as final_yuan
from mart_international_year as m
inner join dim_department as p on m.department_id = p.department_id
left join mart_codes_unmapped as u on m.scheme = u.scheme and m.code = u.code
where
    m.group_code is null
    and p.department_level = 'department'
    and ($with_specimens or not p.is_synthetic)
group by m.scheme, m.code
order by m.scheme, m.code
