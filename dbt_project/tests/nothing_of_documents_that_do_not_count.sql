-- No mart besides dim_document and the list of files set aside holds anything of a document that was
-- superseded, withdrawn, set aside or is a blank form.
{%- set marts = facts_of_amounts() + ['fct_cells', 'fct_claims', 'fct_identity_results', 'mart_findings', 'mart_not_understood', 'mart_department_year_figures'] %}
{%- for mart in marts %}
select
    '{{ mart }}' as mart,
    m.document_id,
    d.document_status
from {{ ref(mart) }} as m
inner join {{ ref('dim_document') }} as d on m.document_id = d.document_id
where d.document_status != 'current'
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
