-- Whose disclosures are not complete, and which statements are missing?
select
    d.department_name,
    s.fiscal_year,
    s.document_kind,
    s.n_documents,
    s.statements_found,
    s.statements_expected,
    s.statements_missing
from dim_disclosure as s
inner join dim_department as d on s.department_id = d.department_id
where not s.is_complete
order by d.department_name, s.fiscal_year, s.document_kind
