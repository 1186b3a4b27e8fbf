-- How much of the money stands under codes of the list of its year, and how much under codes that are mapped
-- to COFOG or GFSM 2014: per classification and fiscal year, over leaves of each disclosure's widest statement.
select
    code_kind,
    scheme,
    fiscal_year,
    count(distinct code)::integer as n_codes,
    sum(amount_yuan)::decimal(18, 2) as amount_yuan,
    (sum(amount_yuan) filter (where code_name_id is not null))::decimal(18, 2) as listed_yuan,
    {{ ratio('coalesce(sum(amount_yuan) filter (where code_name_id is not null), 0)', 'sum(amount_yuan)') }}
        as listed_ratio,
    (sum(amount_yuan) filter (where group_code is not null))::decimal(18, 2) as mapped_yuan,
    {{ ratio('coalesce(sum(amount_yuan) filter (where group_code is not null), 0)', 'sum(amount_yuan)') }}
        as mapped_ratio
from {{ ref('mart_international_year') }}
group by code_kind, scheme, fiscal_year
