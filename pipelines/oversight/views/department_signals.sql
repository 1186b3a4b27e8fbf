select
    fiscal_year,
    signal_kind,
    signal_measure,
    sentence_zh,
    sentence_en,
    caveat_zh,
    caveat_en,
    question_zh,
    question_en,
    n_compared,
    signal_value,
    typical_value,
    numerator,
    denominator,
    cell_id
from mart_signals
where department_id = $department_id
order by fiscal_year desc, signal_kind, signal_measure
