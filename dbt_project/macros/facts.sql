{#- The columns every fact about a printed amount begins and ends with: whose, where, how much. -#}
{% macro fact_keys(alias) -%}
    {{ alias }}.disclosure_id,
    {{ alias }}.document_id,
    {{ alias }}.department_id,
    {{ alias }}.region_code,
    {{ alias }}.fiscal_year,
    {{ alias }}.document_kind,
    {{ alias }}.statement_id,
    {{ alias }}.statement_number,
    {{ alias }}.row_number
{%- endmacro %}

{% macro fact_amount(alias) -%}
    {{ alias }}.amount_yuan,
    {{ alias }}.amount_printed,
    {{ alias }}.unit,
    {{ alias }}.precision_yuan,
    {{ alias }}.reading_quality,
    {{ alias }}.amount_as_read,
    {{ alias }}.page,
    {{ alias }}.cell_id
{%- endmacro %}

{#- The line items whose place in the facts, by the catalogue, is the model that asks. -#}
{% macro line_items_of_this_fact() -%}
    (select * from {{ ref('int_line_items') }} where fact_table = '{{ this.identifier }}')
{%- endmacro %}
