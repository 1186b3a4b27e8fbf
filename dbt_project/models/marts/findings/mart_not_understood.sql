-- What the reading of a document that counts had to leave out: never guessed, never silently dropped.
select
    d.disclosure_id,
    n.document_id,
    d.department_id,
    d.region_code,
    d.fiscal_year,
    d.document_kind,
    n.note_kind,
    n.message,
    n.page,
    n.printed_text,
    n.cell_id
from {{ ref('stg_notes') }} as n
inner join {{ ref('int_current_documents') }} as d on n.document_id = d.document_id
where n.note_kind not in ('register_disagrees', 'statement_stated_empty', 'not_a_statement')
