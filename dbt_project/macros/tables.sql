{#-
A table of a build: into a new file, where nothing of its name is in use, so that it is made under its own name.
dbt-duckdb makes it under another, asks what is there, renames and drops, each by a query: a third of what a table
costs dbt. So it is into the DuckLake's catalogue of builds, which no reader has open.
-#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set language = model['language'] -%}
    {%- set relation = this.incorporate(type='table') -%}
    {%- if is_carried_over() -%}
        {% call statement('main') -%}
            {{- rows_of_changed_regions(relation) }}
        {%- endcall %}
    {%- else -%}
        {#- There where a person builds twice into one file, and in a file that was carried over. -#}
        {{ drop_relation_if_exists(load_cached_relation(this)) }}
        {% call statement('main', language=language) -%}
            {{- create_table_as(False, relation, compiled_code, language) }}
        {%- endcall %}
        {% do persist_docs(relation, model) %}
    {%- endif -%}
    {{ adapter.commit() }}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{#-
Whether the model's table comes with the file that is built on, but for the rows of regions that changed. Those are
made already, in the file attached as `changed` (pipelines/warehouse/carrying.py).
-#}
{% macro is_carried_over() -%}
    {{ return(env_var('JUESUAN_CHANGED', '') != '' and config.get('meta', {}).get('made_of') == 'region') }}
{%- endmacro %}

{#-
The rows of regions that changed, out of the file of changes, in the place of those that the table has. Steps that no
file keeps stay empty: what is made of them is carried over, too, and their tests were asked of the changes.
-#}
{% macro rows_of_changed_regions(relation) -%}
    {%- if relation.database != target.database -%}
        create or replace table {{ relation }} as select * from ({{ compiled_code }}) where false
    {%- else -%}
        {%- set names = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
        delete from {{ relation }} where {{ is_of_changed_regions(names, relation) }};
        insert into {{ relation }} by name select * from changed.{{ relation.schema }}.{{ relation.identifier }};
    {%- endif -%}
{%- endmacro %}

{#- Whether a row is of a region that changed, by the first of these columns that the table has. -#}
{% macro is_of_changed_regions(names, relation) -%}
    {%- if 'region_code' in names -%}
        coalesce(region_code, '') in (select region_code from changed.changes.regions)
    {%- elif 'document_id' in names -%}
        document_id in (select document_id from changed.changes.documents)
    {%- else -%}
        {%- set keys = ['disclosure_id', 'department_id', 'current_department_id'] | select('in', names) | list -%}
        {%- if not keys -%}
            {%- do exceptions.raise_compiler_error(relation ~ ' has no column that tells the region of a row') -%}
        {%- endif -%}
        {#- Each of these begins with the code of the region. -#}
        split_part({{ keys[0] }}, '-', 1) in (select region_code from changed.changes.regions)
    {%- endif -%}
{%- endmacro %}

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
