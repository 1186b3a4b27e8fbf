{#- In each year of a code the code above it is in the list too. A code in force is asked for `to_year`. -#}
{% test parents_valid_in_all_years(model, to_year=2026) %}
with years as (
    select
        code,
        name_zh,
        parent_code,
        unnest(range(valid_from, coalesce(valid_to, {{ to_year }}) + 1)) as code_year
    from {{ model }}
    where parent_code is not null
)

select y.*
from years as y
where
    not exists (
        select 1
        from {{ model }} as p
        where p.code = y.parent_code and y.code_year between p.valid_from and coalesce(p.valid_to, 9999)
    )
{% endtest %}
