{#-
    The verdict on printed figures by the intervals of XBRL Calculations 1.1, on columns is_evaluable,
    difference_yuan, tolerance_yuan and squared_width: 'exact': the printed figures satisfy it; 'rounding': the
    intervals of both sides meet; 'improbable': they meet, but further out than three standard deviations of
    rounding errors (3 * p/2 * sqrt((n+1)/3) for n addends of equal precision), compared as squares so that
    money stays decimal; 'violated': they do not meet; 'not_evaluable': an operand is not there or was not read.
    `holds` is SQL for what else satisfies it.
-#}
{% macro verdict(holds='false') -%}
    case
        when not is_evaluable then 'not_evaluable'
        when difference_yuan = 0 or ({{ holds }}) then 'exact'
        when abs(difference_yuan) > tolerance_yuan then 'violated'
        -- difference > 3 * sqrt(squared_width / 12), that is 4 * difference^2 > 3 * squared_width
        when
            cast(4 as decimal(1, 0)) * difference_yuan * difference_yuan
            > cast(3 as decimal(1, 0)) * cast(squared_width as decimal(37, 8))
            then 'improbable'
        else 'rounding'
    end
{%- endmacro %}

{#-
    How an answer of an identity is called within its disclosure: its row and column, which are columns of the query
    or '', and the number of a statement that is printed again (column occurrence).
-#}
{% macro identity_key(row, column) -%}
    {{ row }} || case when {{ row }} <> '' and {{ column }} <> '' then '|' else '' end || {{ column }}
    || case when occurrence > 1 then '@' || occurrence else '' end
{%- endmacro %}

{#- How a result is called among all (`result_id`), on columns of int_identity_results under the alias `results`. -#}
{% macro result_id(results) -%}
    {{ results }}.disclosure_id || '/' || {{ results }}.identity_id || '/' || {{ results }}.key
{%- endmacro %}
