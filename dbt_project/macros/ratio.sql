{#- a / b to six decimals; NULL where b is nothing or zero. -#}
{% macro ratio(a, b) -%}
    ({{ a }} / nullif({{ b }}, 0))::decimal(18, 6)
{%- endmacro %}

{#- 100 · a, exactly: a percentage is compared as a product, so that nothing is ever a float. -#}
{% macro hundredfold(a) -%}
    cast(100 as decimal(19, 0)) * {{ a }}
{%- endmacro %}
