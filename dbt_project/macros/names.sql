{#-
    How a name is compared: without white space, and with full-width brackets and punctuation made
    half-width, so that 上海市普陀区商务委员会（本级） is one department however it was typed.
-#}
{% macro normalised_name(column) -%}
    regexp_replace(translate(nfc_normalize({{ column }}), '（）〔〕［］，：－', '()[][],:-'), '\s+', '', 'g')
{%- endmacro %}

{#- A department's key: the region's code and the first 8 hex digits of the SHA-256 of its normalised name. -#}
{% macro department_key(region_code, normalised) -%}
    {{ region_code }} || '-' || left(sha256({{ normalised }}), 8)
{%- endmacro %}

{#-
    A code's name as statements and texts have in common: normalised, without the number a list gives it
    and without 支出 at its end (一、社会保障和就业支出, 社会保障和就业).
-#}
{% macro plain_code_name(column) -%}
    regexp_replace(
        regexp_replace({{ normalised_name(column) }}, '^([一二三四五六七八九十]+、|其中:|\([0-9]+\)|[0-9]+[.、])+', ''),
        '(.)支出$',
        '\1'
    )
{%- endmacro %}
