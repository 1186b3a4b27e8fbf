{#-
    a / b to six decimals; NULL where b is nothing or zero, or so small beside a that the ratio says
    nothing (and must not end the build). A quotient is a float in DuckDB: for showing, never for a verdict.
-#}
{% macro ratio(a, b) -%}
    try_cast({{ a }} / nullif({{ b }}, 0) as decimal(18, 6))
{%- endmacro %}

{#- 100 · a, exactly: a percentage is compared as a product, so that no verdict rests on a float. -#}
{% macro hundredfold(a) -%}
    cast(100 as decimal(19, 0)) * {{ a }}
{%- endmacro %}
