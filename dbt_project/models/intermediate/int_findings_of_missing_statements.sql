-- Findings: statements that a disclosure should hold and does not, nor says that they are empty. What it should hold
-- may follow from what others of its province hold (int_disclosures).
with missing as (
    select
        d.current_document_ids[1] as document_id,
        unnest(d.statements_missing) as statement_id
    from {{ ref('int_disclosures') }} as d
    where
        -- It may stand where the document was not read or not understood, which is told elsewhere.
        not exists (
            select 1
            from {{ ref('int_documents') }} as o
            left join {{ ref('int_notes') }} as n
                on o.document_id = n.document_id and n.note_kind = 'table_not_understood'
            where
                o.disclosure_id = d.disclosure_id
                and (o.is_current or (o.is_in_raw and o.outcome = 'set_aside'))
                and (o.outcome <> 'read' or n.document_id is not null)
        )
)

select
    'statement_missing' as finding_kind,
    'medium' as severity,
    m.document_id,
    m.statement_id,
    m.statement_id as identity_key,
    '没有找到' || {{ quoted('f.name_zh') }} || '，也没有说明该表为空。' as sentence_zh,
    'No statement “' || f.name_en || '” was found, nor a word that it is empty.' as sentence_en,
    null::decimal(18, 2) as expected_yuan,
    null::decimal(18, 2) as reported_yuan,
    null::decimal(18, 2) as difference_yuan,
    null::integer as page,
    null::varchar as cell_id,
    '' as question_about,
    null::varchar as identity_id,
    []::varchar[] as operand_cell_ids
from missing as m
inner join {{ ref('stg_statement_forms') }} as f on m.statement_id = f.statement_id
