-- Bodies that went over into others (merged, divided), as rows of data say: each stays its own department.
select
    other_department_id as from_department_id,
    current_department_id as to_department_id,
    first_year,
    source as succession_source
from {{ ref('int_department_links') }}
where relation = 'predecessor'
