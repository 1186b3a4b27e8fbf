-- What rows are called, numbered (int_identity_rows); 0 is that of an answer that is not about one row.
select
    name_number,
    row_name
from {{ ref('int_identity_rows') }}
union
select
    parent_number as name_number,
    parent_name as row_name
from {{ ref('int_identity_rows') }}
where parent_number is not null
union all
select
    0 as name_number,
    '' as row_name
