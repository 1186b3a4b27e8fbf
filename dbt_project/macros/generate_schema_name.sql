{#- A model's schema is the one its folder names, without a prefix: analysts find the marts in `main`. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
