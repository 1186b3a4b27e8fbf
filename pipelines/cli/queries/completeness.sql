-- Whose disclosures are not complete, and which statements are missing?
select
    d.department_name,
    s.fiscal_year,
    s.document_kind,
    s.n_documents,
    len(s.statements_found) as n_found,
    len(s.statements_stated_empty) as n_stated_empty,
    len(s.statements_expected) as n_expected,
    (
        select string_agg(t.name_zh, '、' order by t.short_name)
        from dim_statement as t
        where list_contains(s.statements_missing, t.statement_id)
    ) as missing
from dim_disclosure as s
inner join dim_department as d on s.department_id = d.department_id
where not s.is_complete
order by d.department_name, s.fiscal_year, s.document_kind
