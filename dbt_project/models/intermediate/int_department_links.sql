-- What rows of data say of two names (seed department_names), with the departments they belong to, where both
-- published. `earlier` and `short` names are of one body and have one department already.
with departments as (
    select distinct
        department_id,
        region_code,
        department_name_normalised as name
    from {{ ref('int_documents') }}
    where department_id is not null
)

select
    n.relation,
    o.department_id as other_department_id,
    c.department_id as current_department_id,
    n.other_name,
    n.current_name,
    n.first_year,
    n.source
from {{ ref('department_names') }} as n
inner join departments as o
    on n.region_code = o.region_code and {{ normalised_name('n.other_name') }} = o.name
inner join departments as c
    on n.region_code = c.region_code and {{ normalised_name('n.current_name') }} = c.name
where o.department_id <> c.department_id
