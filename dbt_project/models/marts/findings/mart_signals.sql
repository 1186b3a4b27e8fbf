-- What stands out against a department's own past or its peers. A signal is no contradiction: nothing in the
-- documents is wrong by it, and most have a good reason. Each says what it was compared with, over how
-- many, and what speaks against reading much into it.
with ratios as (
    select
        v.*,
        m.name_zh,
        m.name_en,
        m.smallest_difference,
        m.highest_value,
        m.is_told_when_growing,
        m.caveat_zh,
        m.caveat_en,
        m.question_zh,
        m.question_en
    from {{ ref('int_signal_values') }} as v
    inner join {{ ref('signal_measures') }} as m on v.signal_measure = m.signal_measure
    where v.ratio is not null
),

-- Every ratio beside each that it is compared with.
compared as (
    select
        'own_past' as signal_kind,
        r.signal_measure,
        r.department_id,
        r.fiscal_year,
        p.ratio as other
    from ratios as r
    inner join ratios as p
        on
            r.signal_measure = p.signal_measure
            and r.department_id = p.department_id
            and r.fiscal_year > p.fiscal_year
    union all
    select
        'peers' as signal_kind,
        r.signal_measure,
        r.department_id,
        r.fiscal_year,
        p.ratio as other
    from ratios as r
    inner join {{ ref('int_peer_groups') }} as g
        on r.department_id = g.department_id and r.fiscal_year = g.fiscal_year
    inner join {{ ref('int_peer_groups') }} as o
        on g.peer_group = o.peer_group and g.fiscal_year = o.fiscal_year and g.department_id <> o.department_id
    inner join ratios as p
        on
            o.department_id = p.department_id
            and o.fiscal_year = p.fiscal_year
            and r.signal_measure = p.signal_measure
),

medians as (
    select
        signal_kind,
        signal_measure,
        department_id,
        fiscal_year,
        median(other) as typical_value,
        min(other) as lowest_value,
        max(other) as highest_compared,
        count(*) as n_compared
    from compared
    group by all
),

deviations as (
    select
        m.signal_kind,
        m.signal_measure,
        m.department_id,
        m.fiscal_year,
        any_value(m.typical_value) as typical_value,
        any_value(m.lowest_value) as lowest_value,
        any_value(m.highest_compared) as highest_compared,
        any_value(m.n_compared) as n_compared,
        median(abs(c.other - m.typical_value)) as median_deviation
    from medians as m
    inner join compared as c
        on
            m.signal_kind = c.signal_kind
            and m.signal_measure = c.signal_measure
            and m.department_id = c.department_id
            and m.fiscal_year = c.fiscal_year
    group by m.signal_kind, m.signal_measure, m.department_id, m.fiscal_year
),

outliers as (
    select
        d.signal_kind,
        r.*,
        d.typical_value,
        d.lowest_value,
        d.highest_compared,
        d.n_compared
    from deviations as d
    inner join ratios as r
        on
            d.signal_measure = r.signal_measure
            and d.department_id = r.department_id
            and d.fiscal_year = r.fiscal_year
    where
        abs(r.ratio - d.typical_value) >= r.smallest_difference
        -- 0.6745 makes the median deviation of normal values one standard deviation.
        and 0.6745 * abs(r.ratio - d.typical_value) > {{ var('signal_distance') }} * d.median_deviation
),

beyond as (
    select
        'beyond' as signal_kind,
        *,
        highest_value as typical_value,
        null::decimal(18, 6) as lowest_value,
        null::decimal(18, 6) as highest_compared,
        0 as n_compared
    from ratios
    where numerator > highest_value * denominator
),

growing as (
    select
        'growing' as signal_kind,
        r.*,
        b.ratio as typical_value,
        b.ratio as lowest_value,
        a.ratio as highest_compared,
        2 as n_compared
    from ratios as r
    inner join ratios as a
        on
            r.signal_measure = a.signal_measure
            and r.department_id = a.department_id
            and r.fiscal_year = a.fiscal_year + 1
    inner join ratios as b
        on
            r.signal_measure = b.signal_measure
            and r.department_id = b.department_id
            and r.fiscal_year = b.fiscal_year + 2
    where
        r.is_told_when_growing
        and r.ratio > a.ratio and a.ratio > b.ratio
        and r.ratio - b.ratio >= r.smallest_difference
),

-- The same item to the cent two years running. Round amounts are grants and quotas, small ones chance.
identical as (
    select
        p.department_id,
        p.fiscal_year,
        p.functional_code,
        p.row_label,
        p.amount_yuan,
        p.document_id,
        p.page,
        p.cell_id,
        m.caveat_zh,
        m.caveat_en,
        m.question_zh,
        m.question_en
    from {{ ref('mart_purpose_year') }} as p
    inner join {{ ref('signal_measures') }} as m on m.signal_measure = 'identical_items'
    where
        p.document_kind = 'final_accounts'
        and p.code_level = 3
        and p.amount_yuan = p.previous_amount_yuan
        and p.amount_yuan >= 10000
        and p.amount_yuan % 1000 <> 0
),

stood_out as (
    select * from outliers
    union all by name
    select * from beyond
    union all by name
    select * from growing
),

told as (
    select
        signal_kind,
        signal_measure,
        department_id,
        fiscal_year,
        name_zh,
        name_en,
        ratio as signal_value,
        typical_value::decimal(18, 6) as typical_value,
        lowest_value::decimal(18, 6) as lowest_value,
        highest_compared::decimal(18, 6) as highest_value,
        n_compared::integer as n_compared,
        numerator::decimal(18, 2) as numerator,
        denominator::decimal(18, 2) as denominator,
        caveat_zh,
        caveat_en,
        question_zh,
        question_en,
        document_id,
        page,
        cell_id,
        denominator_cell_id
    from stood_out
    union all by name
    select
        'identical' as signal_kind,
        functional_code as signal_measure,
        department_id,
        fiscal_year,
        functional_code || ' ' || row_label as name_zh,
        functional_code || ' ' || row_label as name_en,
        1 as n_compared,
        amount_yuan as numerator,
        amount_yuan as denominator,
        caveat_zh,
        caveat_en,
        question_zh,
        question_en,
        document_id,
        page,
        cell_id
    from identical
)

select
    left(sha256(concat_ws('|', t.signal_kind, t.signal_measure, t.department_id, t.fiscal_year)), 16) as signal_id,
    t.signal_kind,
    t.signal_measure,
    t.department_id,
    d.department_name,
    d.region_code,
    r.region_name,
    t.fiscal_year,
    d.is_synthetic,
    t.signal_value,
    t.typical_value,
    t.lowest_value,
    t.highest_value,
    t.n_compared,
    g.peer_group,
    t.numerator,
    t.denominator,
    {%- for lang in ['zh', 'en'] %}
    {{ filled_message('k.message_' ~ lang, {
        'name': 't.name_' ~ lang,
        'year': 't.fiscal_year::varchar',
        'value': percent_in_words('t.signal_value'),
        'typical': percent_in_words('t.typical_value'),
        'lowest': percent_in_words('t.lowest_value'),
        'highest': percent_in_words('t.highest_value'),
        'n': 't.n_compared::varchar',
        'amount': amount_in_unit('t.numerator', "'万元'", 'null'),
    }) }} as sentence_{{ lang }},
    {%- endfor %}
    t.caveat_zh,
    t.caveat_en,
    t.question_zh,
    t.question_en,
    t.document_id,
    t.page,
    t.cell_id,
    t.denominator_cell_id
from told as t
inner join {{ ref('signal_kinds') }} as k on t.signal_kind = k.signal_kind and t.n_compared >= k.least_compared
inner join {{ ref('dim_department') }} as d on t.department_id = d.department_id
inner join {{ ref('dim_region') }} as r on d.region_code = r.region_code
left join {{ ref('int_peer_groups') }} as g
    on t.department_id = g.department_id and t.fiscal_year = g.fiscal_year
order by d.region_code, d.department_name, t.fiscal_year, t.signal_kind, t.signal_measure
