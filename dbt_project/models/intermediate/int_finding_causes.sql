-- The printed cell that several violated identities of a disclosure have in common and that alone would account
-- for each of them: their differences are of one size, within what rounding allows. Of several such cells the one
-- that most of them have in common, then the one that fewest other identities confirm; where that does not
-- decide, none. One row per violated identity that shares its cause with another.
with results as (
    select
        disclosure_id,
        identity_id,
        key as identity_key,
        verdict,
        abs(difference_yuan) as size_yuan,
        tolerance_yuan,
        unnest(
            list_distinct(list_concat(operand_cell_ids, case when cell_id is null then [] else [cell_id] end))
        ) as cell_id
    from {{ ref('int_identity_results') }}
    where verdict <> 'not_evaluable'
),

confirmed as (
    select
        cell_id,
        count(*) as n_holding
    from results
    where verdict <> 'violated'
    group by cell_id
),

violated as (
    select * from results
    where verdict = 'violated'
),

shared as (
    select
        a.disclosure_id,
        a.identity_id,
        a.identity_key,
        a.cell_id,
        count(*) as n_findings,
        coalesce(any_value(c.n_holding), 0) as n_holding
    from violated as a
    inner join violated as b
        on
            a.disclosure_id = b.disclosure_id
            and a.cell_id = b.cell_id
            and abs(a.size_yuan - b.size_yuan) <= a.tolerance_yuan + b.tolerance_yuan
    left join confirmed as c on a.cell_id = c.cell_id
    group by a.disclosure_id, a.identity_id, a.identity_key, a.cell_id
    having count(*) > 1
),

ranked as (
    select
        *,
        rank() over (
            partition by disclosure_id, identity_id, identity_key
            order by n_findings desc, n_holding asc
        ) as place
    from shared
)

select
    disclosure_id,
    identity_id,
    identity_key,
    any_value(cell_id) as suspect_cell_id
from ranked
where place = 1
group by disclosure_id, identity_id, identity_key
having count(*) = 1
