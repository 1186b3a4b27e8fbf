-- The identities of departments of whose figures not all add up exactly, as equations: one row per answer
-- (int_identity_results) x figure with its weight. A department's disclosures belong together: a figure of one may be
-- at fault for what another contradicts.
with departments as (
    select distinct
        disclosure_id,
        department_id
    from {{ ref('int_identity_statements') }}
),

answers as (
    select
        departments.department_id,
        results.answer_number,
        results.verdict
    from {{ ref('int_identity_results') }} as results
    inner join departments on results.disclosure_id = departments.disclosure_id
),

to_explain as (
    select distinct department_id
    from answers
    where verdict in ('rounding', 'improbable', 'violated')
)

select
    answers.department_id,
    figures.answer_number,
    figures.relation,
    figures.figure_id,
    figures.is_blank,
    figures.weight
from {{ ref('int_identity_figures') }} as figures
inner join answers on figures.answer_number = answers.answer_number
inner join to_explain on answers.department_id = to_explain.department_id
where figures.weight <> 0
