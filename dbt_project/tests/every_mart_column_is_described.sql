-- Every table and column that analysts see has a comment in the file itself. The models are named so
-- that dbt runs this after them.
{% for fact in var('facts_of_amounts') %}
-- depends_on: {{ ref(fact) }}
{% endfor %}
{% for mart in [
    'dim_department', 'dim_region', 'dim_disclosure', 'dim_document', 'dim_statement', 'dim_functional_code',
    'dim_economic_code', 'fct_cells', 'fct_claims', 'fct_statements', 'fct_identity_results',
    'fct_identity_operands', 'fct_repairs', 'fct_stated_sums', 'fct_performance_projects',
    'fct_performance_indicators',
    'mart_department_year', 'mart_department_year_figures', 'mart_findings', 'mart_not_understood',
    'mart_documents_set_aside', 'mart_finding_symptoms', 'mart_review',
] %}
-- depends_on: {{ ref(mart) }}
{% endfor %}
select
    table_name,
    column_name
from duckdb_columns()
where
    database_name = current_database()
    and schema_name = 'main'
    and not internal
    and coalesce(trim(comment), '') = ''
union all
select
    table_name,
    null as column_name
from duckdb_tables()
where
    database_name = current_database()
    and schema_name = 'main'
    and not internal
    and coalesce(trim(comment), '') = ''
