-- What became of a code from one year to the next, with the names of both sides: one row per step of the
-- seed. `is_break`: figures of both sides do not compare as they stand.
select
    e.classification,
    e.kind as succession_kind,
    e.continuity,
    e.continuity <> 'whole' as is_break,
    f.code_name_id as from_code_name_id,
    e.from_code,
    f.name_zh as from_name_zh,
    e.from_last_year,
    t.code_name_id as to_code_name_id,
    e.to_code,
    t.name_zh as to_name_zh,
    e.to_first_year,
    s.title_zh || '（' || s.reference || '）' as list_source
from {{ ref('code_successions') }} as e
left join {{ ref('int_code_list') }} as f
    on
        e.classification = f.classification
        and e.from_code = f.code
        and e.from_last_year between f.valid_from and coalesce(f.valid_to, 9999)
left join {{ ref('int_code_list') }} as t
    on
        e.classification = t.classification
        and e.to_code = t.code
        and e.to_first_year between t.valid_from and coalesce(t.valid_to, 9999)
left join {{ ref('code_list_sources') }} as s on e.source = s.source
