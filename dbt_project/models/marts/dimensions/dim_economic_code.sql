-- The codes of the list with the years of each of their names, and codes that only documents print.
with listed as (
    select
        l.*,
        -- What holds for a whole code holds for the codes under it.
        coalesce(l.gfsm_code, p.gfsm_code) as inherited
    from {{ ref('economic_codes') }} as l
    left join {{ ref('economic_codes') }} as p
        on
            l.parent_code = p.code
            and l.valid_from between p.valid_from and coalesce(p.valid_to, 9999)
),

seen as (
    select * from {{ ref('int_codes_seen') }}
    where row_kind = 'economic'
)

select
    coalesce(l.code || '-' || l.valid_from, s.code || '-seen') as code_name_id,
    coalesce(l.code, s.code) as economic_code,
    coalesce(l.name_zh, s.name_printed) as name_zh,
    l.name_en,
    {{ code_level('coalesce(l.code, s.code)') }} as code_level,
    {{ parent_code('coalesce(l.code, s.code)') }} as parent_code,
    l.valid_from,
    l.valid_to,
    l.inherited as gfsm_code,
    l.code is not null as is_in_code_list,
    s.first_seen_year,
    s.last_seen_year,
    coalesce(s.n_documents, 0) as n_documents
from listed as l
full join seen as s on l.code = s.code
