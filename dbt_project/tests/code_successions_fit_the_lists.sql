-- Each side of a succession is a code of its list in that year, steps go from a year to a later one, and
-- every beginning and end that the lists date is told by a succession.
select
    succession_kind || ' ' || coalesce(from_code, '') || ' ' || coalesce(to_code, '') as what,
    'a side is not in the list in its year' as why
from {{ ref('int_code_successions') }}
where
    (from_code is not null and from_code_name_id is null)
    or (to_code is not null and to_code_name_id is null)
union all
select
    succession_kind || ' ' || from_code || ' ' || to_code as what,
    'its years do not follow' as why
from {{ ref('int_code_successions') }}
where to_first_year <= from_last_year
union all
select
    code_name_id as what,
    'its beginning is not told' as why
from {{ ref('int_code_list') }} as l
where
    is_from_known
    -- The reforms of 2007 and 2018 begin the lists of functions and of government's classification.
    and valid_from > case classification when 'government' then 2018 else 2007 end
    and not exists (
        select 1
        from {{ ref('int_code_successions') }} as s
        where s.to_code_name_id = l.code_name_id and s.to_first_year = l.valid_from
    )
union all
select
    code_name_id as what,
    'its end is not told' as why
from {{ ref('int_code_list') }} as l
where
    is_to_known
    and not exists (
        select 1
        from {{ ref('int_code_successions') }} as s
        where s.from_code_name_id = l.code_name_id and s.from_last_year = l.valid_to
    )
