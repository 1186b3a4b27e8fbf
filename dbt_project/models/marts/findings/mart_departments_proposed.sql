-- Two departments of one division that may be one body: by the likeness of their names, or because a reform of
-- institutions gave bodies of the one kind the other's name. Only proposed: a row in the seed department_names makes
-- them one (earlier, short) or draws the line from one to the other (predecessor). Departments that both published
-- for the same year and kind are two.
with departments as (
    select
        p.department_id,
        p.department_name,
        p.region_code,
        p.department_level,
        p.parent_department_id,
        p.first_fiscal_year,
        p.last_fiscal_year,
        {{ normalised_name('p.department_name') }} as name_normalised
    from {{ ref('dim_department') }} as p
),

pairs as (
    select
        a.region_code,
        a.department_id as earlier_department_id,
        a.department_name as earlier_name,
        a.name_normalised as earlier_normalised,
        a.last_fiscal_year as earlier_last_year,
        b.department_id as later_department_id,
        b.department_name as later_name,
        b.name_normalised as later_normalised,
        b.first_fiscal_year as later_first_year,
        jaro_winkler_similarity(a.name_normalised, b.name_normalised) as likeness
    from departments as a
    inner join departments as b
        on
            a.region_code = b.region_code
            and a.department_id <> b.department_id
            and (a.first_fiscal_year, a.department_id) < (b.first_fiscal_year, b.department_id)
    where
        a.department_id is distinct from b.parent_department_id
        and b.department_id is distinct from a.parent_department_id
),

reformed as (
    -- The reform's year is when the new name may appear; the old one ends about then.
    select
        p.*,
        r.kind as reform_kind,
        r.source as reform_source
    from pairs as p
    inner join {{ ref('department_reforms') }} as r
        on
            contains(p.earlier_normalised, r.from_part)
            and contains(p.later_normalised, r.to_part)
            and not contains(p.earlier_normalised, r.to_part)
            and p.earlier_last_year <= r.first_year
            and p.later_first_year >= r.first_year - 1
    qualify row_number() over (
        partition by p.earlier_department_id, p.later_department_id
        order by length(r.from_part) + length(r.to_part) desc, r.first_year asc, r.from_part asc
    ) = 1
),

alike as (
    -- Names of one division begin alike; 0.93 lets through what differs in a word or in brackets.
    select p.*
    from pairs as p
    where
        p.likeness >= 0.93
        and not exists (
            select 1
            from reformed as r
            where
                r.earlier_department_id = p.earlier_department_id
                and r.later_department_id = p.later_department_id
        )
),

candidates as (
    select
        *,
        'reform' as proposed_because,
        case reform_kind when 'renamed' then 'earlier' else 'predecessor' end as proposed_relation
    from reformed
    union all by name
    select
        *,
        'similar_name' as proposed_because,
        'earlier' as proposed_relation
    from alike
),

-- Candidates that both published for the same year and kind, or that a row of data has already judged.
judged as (
    select
        c.earlier_department_id,
        c.later_department_id
    from candidates as c
    inner join {{ ref('dim_disclosure') }} as x on c.earlier_department_id = x.department_id
    inner join {{ ref('dim_disclosure') }} as y
        on
            c.later_department_id = y.department_id
            and x.fiscal_year = y.fiscal_year
            and x.document_kind = y.document_kind
    union
    select
        other_department_id as earlier_department_id,
        current_department_id as later_department_id
    from {{ ref('int_department_links') }}
    union
    select
        current_department_id as earlier_department_id,
        other_department_id as later_department_id
    from {{ ref('int_department_links') }}
)

select
    c.earlier_department_id || '/' || c.later_department_id as proposal_id,
    c.region_code,
    c.earlier_department_id,
    c.earlier_name,
    c.earlier_last_year,
    c.later_department_id,
    c.later_name,
    c.later_first_year,
    round(c.likeness, 3)::decimal(4, 3) as name_likeness,
    c.proposed_because,
    c.proposed_relation,
    c.reform_source
from candidates as c
anti join judged as j
    on c.earlier_department_id = j.earlier_department_id and c.later_department_id = j.later_department_id
