-- Every printed amount of a document that counts is exactly one row over all facts: none lost (no
-- table in the catalogue, or a table there is not), none twice, none from elsewhere.
with facts as (
    {% for fact in var('facts_of_amounts') %}
        select
            '{{ fact }}' as fact_table,
            cell_id,
            amount_yuan
        from {{ ref(fact) }}
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
)

select
    coalesce(i.cell_id, f.cell_id) as cell_id,
    count(i.cell_id) as in_line_items,
    count(f.cell_id) as in_facts,
    list(f.fact_table) as fact_tables
from {{ ref('int_line_items') }} as i
full join facts as f on i.cell_id = f.cell_id and i.amount_yuan = f.amount_yuan
group by coalesce(i.cell_id, f.cell_id)
having count(i.cell_id) <> 1 or count(f.cell_id) <> 1
