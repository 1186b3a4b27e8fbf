select
    document_id::varchar as document_id,
    document_id || '-f' || lpad(fault_number::varchar, 4, '0') as fault_id,
    fault_number::integer as fault_number,
    kind::varchar as finding_kind,
    rule::varchar as fault_rule,
    severity::varchar as severity,
    nullif(section, '')::varchar as section,
    printed::varchar as value_printed,
    nullif(expected, '')::varchar as value_expected,
    sentence::varchar as sentence,
    told_zh::varchar as told_zh,
    told_en::varchar as told_en,
    page::integer as page,
    x0::double as x0,
    top::double as top,
    x1::double as x1,
    bottom::double as bottom
from {{ source('lake', 'narrative_faults') }}
order by document_id, fault_number
