-- No mart besides dim_document and the list of files set aside holds anything of a document that was
-- superseded, withdrawn, set aside or is a blank form.
with places as (
    {% for mart in var('facts_of_amounts') %}
        select
            '{{ mart }}' as mart,
            document_id
        from {{ ref(mart) }}
        union all
    {% endfor %}
    {% for mart in [
        'fct_cells', 'fct_claims', 'fct_statements', 'fct_identity_results', 'fct_identity_operands', 'fct_repairs',
        'fct_stated_sums', 'fct_performance_projects', 'fct_performance_indicators', 'mart_findings',
        'mart_finding_symptoms', 'mart_not_understood', 'mart_department_year_figures',
    ] %}
        select
            '{{ mart }}' as mart,
            document_id
        from {{ ref(mart) }}
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
)

select
    p.mart,
    p.document_id,
    d.document_status
from places as p
inner join {{ ref('dim_document') }} as d on p.document_id = d.document_id
where d.document_status <> 'current'
