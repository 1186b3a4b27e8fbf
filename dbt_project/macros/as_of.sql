{#- The day as of which publications are due, as the settings give it; null where they do not. -#}
{% macro given_as_of() -%}
    {#- The linter renders macros without dbt's functions. -#}
    try_cast('{{ env_var("JUESUAN_AS_OF", "") if env_var is defined else "" }}' as date)
{%- endmacro %}
