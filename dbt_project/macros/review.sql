{#- A text as one field of a CSV file. -#}
{% macro csv_field(text) -%}
    case
        when regexp_matches({{ text }}, '[,"\r\n]') then '"' || replace({{ text }}, '"', '""') || '"'
        else coalesce({{ text }}, '')
    end
{%- endmacro %}

{#- The number that a text may print, in its unit; null where it is none. -#}
{% macro number_in(text) -%}
    try_cast(regexp_replace({{ text }}, '[\s,，]', '', 'g') as decimal(18, 4))
{%- endmacro %}
