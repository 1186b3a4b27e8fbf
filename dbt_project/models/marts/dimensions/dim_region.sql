-- The divisions of the list, and those that documents name beside it.
with seen as (
    select distinct region_code from {{ ref('int_documents') }}
    union
    select '000000' as region_code
)

select
    coalesce(r.region_code, s.region_code) as region_code,
    coalesce(r.name_zh, case s.region_code when '000000' then '未知地区' else '' end) as region_name,
    case when r.earlier_names is null then [] else string_split(r.earlier_names, ';') end as earlier_names,
    r.level as region_level,
    r.parent_region_code,
    p.name_zh as province_name,
    r.first_listed_year,
    r.last_listed_year,
    r.region_code is not null as is_in_code_list
from {{ ref('regions') }} as r
full join seen as s on r.region_code = s.region_code
left join {{ ref('regions') }} as p on left(r.region_code, 2) || '0000' = p.region_code
