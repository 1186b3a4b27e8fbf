select
    s.department_id,
    p.department_name,
    p.region_code,
    r.region_name,
    s.fiscal_year,
    s.signal_kind,
    s.signal_measure,
    s.sentence_zh,
    s.sentence_en,
    s.caveat_zh,
    s.caveat_en,
    s.question_zh,
    s.question_en,
    s.n_compared,
    s.signal_value,
    s.typical_value,
    s.cell_id
from mart_signals as s
inner join dim_department as p on s.department_id = p.department_id
inner join dim_region as r on p.region_code = r.region_code
where $with_specimens or not p.is_synthetic
order by s.fiscal_year desc, p.region_code, p.department_name, s.department_id, s.signal_kind, s.signal_measure
