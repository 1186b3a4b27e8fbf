-- Which documents could not be read, and why?
select
    source_path,
    outcome_reason,
    outcome_message
from mart_documents_set_aside
order by source_path
