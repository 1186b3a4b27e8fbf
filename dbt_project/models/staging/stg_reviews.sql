select
    document_id::varchar as document_id,
    review_id::varchar as review_id,
    decision::varchar as decision,
    nullif(cell_id::varchar, '') as cell_id,
    page::integer as page,
    nullif(old::varchar, '') as text_said,
    nullif(new::varchar, '') as decided_text,
    text_read::varchar as text_read,
    state::varchar as reading_state,
    amount_before_yuan::decimal(18, 2) as amount_before_yuan,
    amount_after_yuan::decimal(18, 2) as amount_after_yuan,
    n_figures_added::integer as n_figures_added,
    n_figures_removed::integer as n_figures_removed,
    n_figures_changed::integer as n_figures_changed,
    reason::varchar as reason,
    decided_by::varchar as decided_by,
    decided_on::date as decided_on
from {{ source('lake', 'reviews') }}
