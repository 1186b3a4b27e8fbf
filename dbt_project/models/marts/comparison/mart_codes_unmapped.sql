-- The codes whose money is in no COFOG group and no GFSM 2014 category, with the reason and what share of the
-- money of all years that is: the other side of mart_code_coverage.
with totals as (
    select
        scheme,
        sum(amount_yuan) as amount_yuan
    from {{ ref('mart_international_year') }}
    group by scheme
)

select
    m.scheme,
    m.code_kind,
    m.code,
    any_value(case when m.code_name_id is not null then m.name_zh end) as name_zh,
    case
        when bool_or(m.code_name_id is null) then 'not_in_list'
        else any_value(m.no_group_because)
    end as unmapped_because,
    any_value(r.meaning_zh) as because_zh,
    any_value(r.meaning_en) as because_en,
    min(m.fiscal_year)::integer as first_year,
    max(m.fiscal_year)::integer as last_year,
    sum(m.amount_yuan)::decimal(18, 2) as amount_yuan,
    {{ ratio('sum(m.amount_yuan)', 'any_value(t.amount_yuan)') }} as amount_ratio
from {{ ref('mart_international_year') }} as m
inner join totals as t on m.scheme = t.scheme
left join {{ ref('mapping_rules') }} as r on m.no_group_because = r.mapping_rule
where m.group_code is null
group by m.scheme, m.code_kind, m.code
