{#- An amount as a person reads it: -1,234,567.89. Through whole numbers, never through a float. -#}
{% macro amount_in_words(amount) -%}
    (
        case when {{ amount }} < 0 then '-' else '' end
        || format('{:,}', (floor(abs({{ amount }})))::bigint)
        || '.' || lpad(((abs({{ amount }}) - floor(abs({{ amount }}))) * 100)::integer::varchar, 2, '0')
    )
{%- endmacro %}

{#-
    An identity's message with its figures in: the words stand in expectations/, the names in braces
    are replaced here. Figures that are not there leave a dash; where the reported amount is a blank,
    which counts as nothing, `blank` says so.
-#}
{% macro filled_message(message, key, blank) -%}
    replace(replace(replace(replace(replace(replace(
        {{ message }},
        '{key}', {{ key }}),
        '{reported}', coalesce(
            {{ amount_in_words('r.reported_yuan') }} || case when r.cell_id is null then '{{ blank }}' else '' end, '—'
        )),
        '{expected}', coalesce({{ amount_in_words('r.expected_yuan') }}, '—')),
        '{difference}', coalesce({{ amount_in_words('r.difference_yuan') }}, '—')),
        '{tolerance}', coalesce({{ amount_in_words('r.tolerance_yuan') }}, '—')),
        '{page}', coalesce(r.page::varchar, '—'))
{%- endmacro %}

{#- A number without the zeros that its type adds: 105.77, 100. -#}
{% macro number_in_words(number) -%}
    regexp_replace(({{ number }})::decimal(28, 6)::varchar, '[.]?0+$', '')
{%- endmacro %}

{#- How a claim is called: its document and its number there. -#}
{% macro claim_id(alias) -%}
    {{ alias }}.document_id || '-n' || lpad({{ alias }}.claim_number::varchar, 4, '0')
{%- endmacro %}
