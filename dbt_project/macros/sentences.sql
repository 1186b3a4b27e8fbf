{#-
    What yuan are multiplied by to be told in a printed unit (元, 万元, …): exact, never a float, and of a type
    wide enough that DuckDB does not keep the product within 18 digits.
-#}
{% macro unit_factor(unit) -%}
    case {{ unit }}
        when '百元' then 0.01
        when '千元' then 0.001
        when '万元' then 0.0001
        when '百万元' then 0.000001
        when '亿元' then 0.00000001
        else 1
    end::decimal(19, 8)
{%- endmacro %}

{#- The digits of a decimal after its point, without the zeros that its type adds. -#}
{% macro decimals_of(number) -%}
    rtrim(split_part(({{ number }})::varchar, '.', 2), '0')
{%- endmacro %}

{#-
    An amount in yuan as a page prints it: in the page's unit, with as many decimals as its `precision` (what
    its last printed digit is worth, in yuan) and no fewer than it needs, thousands apart: 9,107.10. A
    precision that is not known counts as 0.01 of the unit.
-#}
{% macro amount_in_unit(amount, unit, precision) -%}
    (
        case when {{ amount }} < 0 then '-' else '' end
        || format('{:,}', floor(abs({{ amount }}) * {{ unit_factor(unit) }})::bigint)
        || rtrim(
            '.' || rpad(
                {{ decimals_of('abs(' ~ amount ~ ') * ' ~ unit_factor(unit)) }},
                greatest(
                    length({{ decimals_of('abs(' ~ amount ~ ') * ' ~ unit_factor(unit)) }}),
                    coalesce(length({{ decimals_of(precision ~ ' * ' ~ unit_factor(unit)) }}), 2)
                )::integer,
                '0'
            ),
            '.'
        )
    )
{%- endmacro %}

{#- The name of a printed unit after an amount: 元 is "yuan" in English; the others stay as the page prints them. -#}
{% macro unit_in_english(unit) -%}
    case {{ unit }} when '元' then ' yuan' else ' ' || {{ unit }} end
{%- endmacro %}

{#- What is printed, quoted in a sentence: its own double quotation marks become single ones. -#}
{% macro quoted(text) -%}
    '“' || translate({{ text }}, '“”', '‘’') || '”'
{%- endmacro %}

{#- Where a figure stands in a statement: “21602 商业流通事务”行“本年收入合计”栏; what is NULL is left out. -#}
{% macro place_in_words(row, column) -%}
    coalesce({{ quoted(row) }} || '行', '') || coalesce({{ quoted(column) }} || '栏', '')
{%- endmacro %}

{% macro place_in_english(row, column) -%}
    coalesce(', row ' || {{ row }}, '') || coalesce(', column ' || {{ column }}, '')
{%- endmacro %}

{#- A number without the zeros that its type adds: 105.77, 100. -#}
{% macro number_in_words(number) -%}
    regexp_replace(({{ number }})::decimal(28, 6)::varchar, '[.]?0+$', '')
{%- endmacro %}

{#- How a claim is called: its document and its number there. -#}
{% macro claim_id(alias) -%}
    {{ alias }}.document_id || '-n' || lpad({{ alias }}.claim_number::varchar, 4, '0')
{%- endmacro %}

{#- A message of expectations/ with its names in braces replaced: a name and the SQL text for it each. -#}
{% macro filled_message(message, fillings) -%}
    {{ 'replace(' * (fillings | length) }}{{ message }}
    {%- for name, text in fillings.items() -%}
        , '{' || '{{ name }}' || '}', {{ text }})
    {%- endfor %}
{%- endmacro %}
