{#- The label of each row of each statement of each document, as its first line prints it. -#}
{% macro row_names() -%}
    select
        document_id,
        statement_id,
        row_key,
        arg_min(row_label, statement_number * 100000 + row_number) as row_label
    from {{ ref('int_line_items') }}
    group by document_id, statement_id, row_key
{%- endmacro %}

{#-
    The row that a result is about. The key of a result is a row, a column or both (row|column@year), as
    its identity ranges over them; where it has no row, it is `otherwise`: that of the reported cell.
-#}
{% macro row_of_key(key, ranges_over, otherwise) -%}
    case
        when {{ ranges_over }} in ('rows', 'rows_and_columns') then regexp_extract({{ key }}, '^([^|@]*)', 1)
        else coalesce({{ otherwise }}, '')
    end
{%- endmacro %}

{#- The column that a result is about, likewise. -#}
{% macro column_of_key(key, ranges_over, otherwise) -%}
    case {{ ranges_over }}
        when 'columns' then regexp_extract({{ key }}, '^([^@]*)', 1)
        when 'rows_and_columns' then regexp_extract({{ key }}, '[|]([^@]*)', 1)
        else {{ otherwise }}
    end
{%- endmacro %}
