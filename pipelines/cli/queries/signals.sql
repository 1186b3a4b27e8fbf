-- No contradiction, and most has a good reason: what stands out against a department's own past or its peers?
-- $department = %: name of the department, with % for anything
select
    department_name,
    fiscal_year,
    signal_kind,
    sentence_zh,
    caveat_zh,
    question_zh,
    sentence_en,
    n_compared,
    numerator,
    denominator,
    page,
    cell_id
from mart_signals
where department_name like $department
order by department_name, fiscal_year, signal_kind, signal_measure
