{#-
    The level of a functional code (3, 5, 7 digits: class 1, section 2, item 3) or an economic code
    (3, 5 digits: class 1, section 2); 0 for the 合计 row, NULL for a row that is not a code.
-#}
{% macro code_level(row_key) -%}
    case
        when {{ row_key }} = 'total' then 0
        when regexp_full_match({{ row_key }}, '[0-9]{3}') then 1
        when regexp_full_match({{ row_key }}, '[0-9]{5}') then 2
        when regexp_full_match({{ row_key }}, '[0-9]{7}') then 3
    end
{%- endmacro %}

{#- The code one level up: 2080505 -> 20805 -> 208; NULL above a class. -#}
{% macro parent_code(row_key) -%}
    case
        when regexp_full_match({{ row_key }}, '[0-9]{5}|[0-9]{7}') then left({{ row_key }}, length({{ row_key }}) - 2)
    end
{%- endmacro %}
