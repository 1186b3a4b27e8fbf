-- A purpose over the years: from each code's name to every name that went before or followed, as far as
-- the successions lead, itself among them (0 steps). A code used again for something else is another
-- purpose: no step leads over it. Steps lead one way only, back or forth, so that what was split
-- from the same code is not taken for a successor.
with recursive steps as (
    select
        from_code_name_id,
        to_code_name_id,
        succession_kind,
        is_break
    from {{ ref('int_code_successions') }}
    where
        from_code_name_id is not null
        and to_code_name_id is not null
        -- A code that goes on while another joins it or leaves it is not a step from itself to itself.
        and from_code_name_id <> to_code_name_id
        and continuity <> 'none'
),

ways as (
    select
        from_code_name_id as near_id,
        to_code_name_id as far_id,
        'later' as direction,
        succession_kind,
        is_break
    from steps
    union all
    select
        to_code_name_id as near_id,
        from_code_name_id as far_id,
        'earlier' as direction,
        succession_kind,
        is_break
    from steps
),

lineage as (
    select
        code_name_id,
        code_name_id as related_id,
        'same' as direction,
        0 as n_steps,
        false as is_break,
        []::varchar[] as kinds
    from {{ ref('int_code_list') }}
    union all
    select
        l.code_name_id,
        w.far_id as related_id,
        w.direction,
        l.n_steps + 1 as n_steps,
        l.is_break or w.is_break as is_break,
        list_append(l.kinds, w.succession_kind) as kinds
    from lineage as l
    inner join ways as w
        on l.related_id = w.near_id and (l.direction = 'same' or l.direction = w.direction)
    where l.n_steps < 20
),

nearest as (
    select * from lineage
    qualify row_number() over (
        partition by code_name_id, related_id
        order by n_steps, is_break, direction
    ) = 1
)

select
    a.classification,
    n.code_name_id,
    a.code,
    a.name_zh,
    n.related_id as related_code_name_id,
    r.code as related_code,
    r.name_zh as related_name_zh,
    r.valid_from as related_valid_from,
    r.valid_to as related_valid_to,
    n.direction,
    n.n_steps::integer as n_steps,
    n.kinds as succession_kinds,
    n.is_break
from nearest as n
inner join {{ ref('int_code_list') }} as a on n.code_name_id = a.code_name_id
inner join {{ ref('int_code_list') }} as r on n.related_id = r.code_name_id
