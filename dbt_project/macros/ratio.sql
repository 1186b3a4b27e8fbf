{#- a / b to six decimals; NULL where b is nothing or zero. -#}
{% macro ratio(a, b) -%}
    ({{ a }} / nullif({{ b }}, 0))::decimal(18, 6)
{%- endmacro %}
