-- Which sentences of the narrative (情况说明) tell an amount or a percentage that is held against nothing?
-- $department = %: name of the department, with % for anything
-- $year = %: fiscal year
select
    d.department_name,
    c.fiscal_year,
    c.document_kind,
    c.page,
    -- Of all sentences with figures in this document, those that no template covers, and how many there are.
    count(*) over (partition by c.document_id) as n_not_covered,
    any_value(t.n_sentences) as n_sentences,
    string_agg(c.value_printed, ' ' order by c.claim_number) as figures,
    c.sentence
from fct_claims as c
inner join dim_department as d on c.department_id = d.department_id
inner join (
    select
        document_id,
        count(distinct (section, sentence)) as n_sentences
    from fct_claims
    group by document_id
) as t on c.document_id = t.document_id
where d.department_name like $department and c.fiscal_year::varchar like $year
group by d.department_name, c.fiscal_year, c.document_kind, c.document_id, c.section, c.sentence, c.page
having bool_and(c.compared_with is null)
order by d.department_name, c.fiscal_year, c.document_kind, c.document_id, c.page, min(c.claim_number)
