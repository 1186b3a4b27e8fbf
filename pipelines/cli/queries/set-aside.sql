-- Which documents could not be read, and why?
select
    source_path,
    region_name,
    department_name,
    outcome_reason,
    outcome_message
from mart_documents_set_aside
order by source_path
