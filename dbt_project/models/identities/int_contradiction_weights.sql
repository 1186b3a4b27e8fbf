-- The identities of departments of whose figures not all add up exactly, as equations: one row per identity x
-- key x figure with its weight. A department's disclosures belong together: a figure of one may be at fault
-- for what another contradicts.
with departments as (
    select distinct
        disclosure_id,
        department_id
    from {{ ref('int_identity_statements') }}
),

to_explain as (
    select distinct departments.department_id
    from {{ ref('int_identity_results') }} as results
    inner join departments on results.disclosure_id = departments.disclosure_id
    where results.verdict in ('rounding', 'improbable', 'violated')
)

select
    departments.department_id,
    figures.disclosure_id,
    figures.identity_id,
    figures.key as identity_key,
    figures.relation,
    figures.verdict,
    figures.figure_id,
    figures.is_blank,
    figures.weight
from {{ ref('int_identity_figures') }} as figures
inner join departments on figures.disclosure_id = departments.disclosure_id
inner join to_explain on departments.department_id = to_explain.department_id
where figures.weight <> 0
