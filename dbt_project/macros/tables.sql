{#-
A table of a build: into a new file, where nothing of its name is in use, so that it is made under its own name.
dbt-duckdb makes it under another, asks what is there, renames and drops, each by a query: a third of what a table
costs dbt. So it is into the DuckLake's catalogue of builds, which no reader has open.
-#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set language = model['language'] -%}
    {%- set relation = this.incorporate(type='table') -%}
    {#- There where a person builds twice into one file. -#}
    {{ drop_relation_if_exists(load_cached_relation(this)) }}
    {% call statement('main', language=language) -%}
        {{- create_table_as(False, relation, compiled_code, language) }}
    {%- endcall %}
    {% do persist_docs(relation, model) %}
    {{ adapter.commit() }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{#-
Comments of a table and its columns in one query. dbt asks for the columns first, twice, to leave out those that are
described and not there; here that is an error, for a dictionary must not tell of columns that do not exist.
-#}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- set comments = [] -%}
    {%- if for_relation and config.persist_relation_docs() and model.description -%}
        {%- do comments.append(alter_relation_comment(relation, model.description)) -%}
    {%- endif -%}
    {%- if for_columns and config.persist_column_docs() -%}
        {%- for column in model.columns.values() -%}
            {%- do comments.append(
                'comment on column ' ~ relation ~ '.' ~ column.name ~ ' is ' ~ duckdb_escape_comment(column.description) ~ ';'
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if comments -%}
        {%- call statement('comments', auto_begin=False) -%}{{ comments | join('\n') }}{%- endcall -%}
    {%- endif -%}
{%- endmacro %}
