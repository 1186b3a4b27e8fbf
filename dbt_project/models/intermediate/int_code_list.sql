-- The code lists as one: each code with each of its names and its years, and what it is mapped to.
--
-- A code without a mapping of its own takes that of the nearest code above it that has one, where its rule holds
-- below: that a section belongs to several groups says nothing of its items, and that it is in one says all.
with listed as (
    {%- for classification, seed in {
        'functional': 'functional_codes',
        'economic': 'economic_codes',
        'government': 'government_economic_codes',
    }.items() %}
        select
            '{{ classification }}' as classification,
            '{{ 'functional' if classification == 'functional' else 'economic' }}' as row_kind,
            '{{ 'COFOG' if classification == 'functional' else 'GFSM 2014' }}' as scheme,
            *
        from {{ ref(seed) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

mapped as (
    select
        l.classification,
        l.code,
        l.valid_from,
        case when r.holds_below or l.code = m.code then m.target_code end as target_code,
        case when r.holds_below or l.code = m.code then m.mapping_rule end as mapping_rule
    from listed as l
    inner join {{ ref('code_mappings') }} as m
        on
            l.classification = m.classification
            and l.scheme = m.scheme
            and starts_with(l.code, m.code)
            and l.valid_from between coalesce(m.valid_from, 0) and coalesce(m.valid_to, 9999)
    inner join {{ ref('mapping_rules') }} as r on m.mapping_rule = r.mapping_rule
    -- The nearest code above that says something.
    qualify row_number() over (
        partition by l.classification, l.code, l.valid_from
        order by length(m.code) desc, m.valid_from desc nulls last
    ) = 1
)

select
    l.code || '-' || l.valid_from as code_name_id,
    l.classification,
    l.row_kind,
    l.scheme,
    l.code,
    l.name_zh,
    l.name_en,
    {{ code_level('l.code') }} as code_level,
    l.parent_code,
    l.valid_from,
    l.valid_to,
    l.is_from_known,
    l.is_to_known,
    s.title_zh || '（' || s.reference || '）' as list_source,
    m.target_code,
    m.mapping_rule
from listed as l
left join {{ ref('code_list_sources') }} as s on l.source = s.source
left join mapped as m
    on l.classification = m.classification and l.code = m.code and l.valid_from = m.valid_from
