-- The seed and the comparison sheet have the same measures.
with sheet as (
    select unnest({{ department_year_measures() }}) as measure
)

select
    coalesce(s.measure, m.measure) as measure,
    s.measure is not null as in_sheet,
    m.measure is not null as in_seed
from sheet as s
full join (select distinct measure from {{ ref('department_year_measures') }}) as m on s.measure = m.measure
where s.measure is null or m.measure is null
