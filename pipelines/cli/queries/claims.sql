-- Does the narrative (情况说明) say what the statements say, and do its percentages follow from its figures?
-- $department = %: name of the department, with % for anything
-- $verdict = violated: exact, rounding, violated or not_evaluable
select
    d.department_name,
    c.fiscal_year,
    c.document_kind,
    c.page,
    c.claim_kind,
    c.subject,
    c.claimed_value,
    c.compared_value,
    c.difference,
    c.claim_unit,
    c.about,
    c.sentence
from fct_claims as c
inner join dim_department as d on c.department_id = d.department_id
where d.department_name like $department and c.verdict = $verdict and c.compared_with is not null
order by d.department_name, c.fiscal_year, c.document_kind, c.document_id, c.claim_number
