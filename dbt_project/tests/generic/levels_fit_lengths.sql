{#- A class has 3 digits, a section 5, an item 7; the code above is the code without its last two. -#}
{% test levels_fit_lengths(model) %}
select *
from {{ model }}
where
    level <> case length(code) when 3 then 'class' when 5 then 'section' when 7 then 'item' else '' end
    or coalesce(parent_code, '') <> case when length(code) > 3 then left(code, length(code) - 2) else '' end
{% endtest %}
