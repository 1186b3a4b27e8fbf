{#- A share as people read it: 0.4512 -> 45.1%; nothing where there is none. -#}
{% macro percent_in_words(ratio) -%}
    coalesce(round({{ ratio }} * 100, 1)::decimal(18, 1)::varchar || '%', '')
{%- endmacro %}
