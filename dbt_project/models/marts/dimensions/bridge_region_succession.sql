-- Divisions whose code ended and those that followed: raised (县改市、改区), merged, divided, moved to another place.
select
    s.from_region_code,
    f.name_zh as from_region_name,
    f.last_listed_year as from_last_listed_year,
    s.to_region_code,
    t.name_zh as to_region_name,
    t.first_listed_year as to_first_listed_year,
    s.kind as region_change,
    s.source as succession_source
from {{ ref('region_successions') }} as s
inner join {{ ref('regions') }} as f on s.from_region_code = f.region_code
inner join {{ ref('regions') }} as t on s.to_region_code = t.region_code
