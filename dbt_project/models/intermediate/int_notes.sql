-- What the readings of documents that count had to leave out. A table of its own, so that a build that carries
-- documents over need not open the notes of each in the lake again.
select n.*
from {{ ref('stg_notes') }} as n
inner join {{ ref('int_current_documents') }} as d on n.document_id = d.document_id
-- Notes that keep no figure from being a fact are not listed.
where
    n.note_kind not in (
        'register_disagrees', 'statement_stated_empty', 'not_a_statement', 'page_without_text', 'title_not_exact',
        'reader_crashed', 'word_misread', 'page_recognised'
    )
