select
    i.identity_id,
    i.family,
    i.document_kind,
    i.title_zh,
    i.title_en,
    i.years_first,
    i.years_last,
    i.source,
    count(r.verdict) filter (where r.verdict = 'exact') as n_exact,
    count(r.verdict) filter (where r.verdict = 'rounding') as n_rounding,
    count(r.verdict) filter (where r.verdict = 'improbable') as n_improbable,
    count(r.verdict) filter (where r.verdict = 'violated') as n_violated,
    count(r.verdict) filter (where r.verdict = 'not_evaluable') as n_not_evaluable
from dim_identity as i
left join (
    select r.identity_id, r.verdict
    from fct_identity_results as r
    inner join dim_department as p on r.department_id = p.department_id
    where $with_specimens or not p.is_synthetic
) as r on i.identity_id = r.identity_id
group by all
order by i.family, i.document_kind, i.identity_id
