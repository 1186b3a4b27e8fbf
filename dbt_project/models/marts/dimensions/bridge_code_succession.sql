-- From a code's name to what followed it, one row per step.
select
    classification,
    succession_kind,
    continuity,
    is_break,
    from_code_name_id,
    from_code,
    from_name_zh,
    from_last_year,
    to_code_name_id,
    to_code,
    to_name_zh,
    to_first_year,
    list_source
from {{ ref('int_code_successions') }}
