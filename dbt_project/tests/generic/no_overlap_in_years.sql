{#- No code has two names in one year: rows of the same code must not overlap. -#}
{% test no_overlap_in_years(model) %}
select
    a.code,
    a.name_zh,
    b.name_zh as other_name
from {{ model }} as a
inner join {{ model }} as b
    on
        a.code = b.code
        and (a.valid_from, a.name_zh) < (b.valid_from, b.name_zh)
        and coalesce(a.valid_to, 9999) >= b.valid_from
{% endtest %}
