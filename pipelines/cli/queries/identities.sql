-- How many accounting identities hold, and how many do not, by identity?
-- $verdict = violated: sorted by this verdict
select
    identity_id,
    count(*) as asked,
    count(*) filter (verdict = 'exact') as exact,
    count(*) filter (verdict = 'rounding') as rounding,
    count(*) filter (verdict = 'improbable') as improbable,
    count(*) filter (verdict = 'violated') as violated,
    count(*) filter (verdict = 'not_evaluable') as not_evaluable
from fct_identity_results
group by identity_id
order by count(*) filter (verdict = $verdict) desc, identity_id
