-- Which accounting identities (勾稽关系) do not hold, how often, and by how much at most?
-- $verdict = violated: those with such a result: exact, rounding, improbable, violated, not_evaluable; % for all
-- Each violated one with its page and figures: juesuan query findings --set kind=identity_violated
select
    identity_id,
    string_agg(distinct s.name_zh, '、' order by s.name_zh) as reported_in,
    count(*) as asked,
    count(*) filter (r.verdict = 'exact') as exact,
    count(*) filter (r.verdict = 'rounding') as rounding,
    count(*) filter (r.verdict = 'improbable') as improbable,
    count(*) filter (r.verdict = 'violated') as violated,
    count(*) filter (r.verdict = 'not_evaluable') as not_evaluable,
    count(distinct r.department_id) filter (r.verdict like $verdict) as departments,
    max(abs(r.difference_yuan)) filter (r.verdict like $verdict) as largest_difference_yuan
from fct_identity_results as r
inner join dim_statement as s on r.statement_id = s.statement_id
group by identity_id
having count(*) filter (r.verdict like $verdict) > 0
order by violated desc, count(*) filter (r.verdict like $verdict) desc, identity_id
