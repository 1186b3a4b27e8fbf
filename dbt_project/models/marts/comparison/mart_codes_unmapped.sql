-- The codes whose money is in no COFOG group and no GFSM 2014 category, with the reason and what share of the
-- money of all years that is: the other side of mart_code_coverage.
with totals as (
    select
        scheme,
        sum(amount_yuan) as amount_yuan
    from {{ ref('int_code_money') }}
    group by scheme
)

select
    m.scheme,
    m.code_kind,
    m.code,
    any_value(l.name_zh) as name_zh,
    case
        when bool_or(m.code_name_id is null) then 'not_in_list'
        else coalesce(any_value(m.mapping_rule), 'not_decided')
    end as unmapped_because,
    any_value(r.meaning_zh) as because_zh,
    any_value(r.meaning_en) as because_en,
    min(m.fiscal_year)::integer as first_year,
    max(m.fiscal_year)::integer as last_year,
    sum(m.amount_yuan)::decimal(18, 2) as amount_yuan,
    {{ ratio('sum(m.amount_yuan)', 'any_value(t.amount_yuan)') }} as amount_ratio
from {{ ref('int_code_money') }} as m
inner join totals as t on m.scheme = t.scheme
left join {{ ref('mapping_rules') }} as r on m.mapping_rule = r.mapping_rule
left join {{ ref('int_code_list') }} as l on m.code_name_id = l.code_name_id
where m.target_code is null
group by m.scheme, m.code_kind, m.code
