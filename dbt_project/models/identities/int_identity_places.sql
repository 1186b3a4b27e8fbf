-- Every place (row x column) that a term of an identity asked may read, whether or not a figure stands in
-- it: one row per term asked x key row x place. `gives_keys`: a figure there is a key the identity ranges over. Rows
-- and columns go by number; a `column_number` that is null stands for all columns.
with asked as (
    select * from {{ ref('int_identity_asked') }}
),

identities as (
    select
        identity_id,
        relation,
        ranges_over,
        row_filter
    from {{ source('identities', 'identities') }}
),

members as (
    select
        asked.asked_number,
        asked.printed_statement,
        terms.row_rule,
        terms.row_key,
        terms.column_id,
        columns_named.column_number,
        terms.weight,
        identities.row_filter,
        identities.ranges_over in ('rows', 'rows_and_columns') as is_by_row,
        identities.ranges_over in ('columns', 'rows_and_columns') as is_by_column,
        -- Containment is asked of what the part prints; an equation of what either side prints.
        identities.relation = 'eq' or asked.term_number = 0 as gives_keys
    from asked
    inner join {{ source('identities', 'identity_terms') }} as terms
        on asked.identity_id = terms.identity_id and asked.term_number = terms.term_number
    inner join identities
        on asked.identity_id = identities.identity_id
    left join {{ ref('int_identity_columns') }} as columns_named
        on terms.column_id = columns_named.column_id
),

row_rules as (
    select distinct
        asked_number,
        printed_statement,
        row_rule,
        row_key,
        row_filter
    from members
),

-- Which printed rows each row rule selects, and the key row under which each counts.
selected_rows as (
    select
        row_rules.asked_number,
        row_rules.row_rule,
        row_rules.row_key,
        rows_printed.printed_row,
        0 as key_row
    from row_rules
    inner join {{ ref('int_identity_rows') }} as rows_printed
        on
            row_rules.printed_statement = rows_printed.printed_statement
            and row_rules.row_key = rows_printed.row_name
    where row_rules.row_rule = 'named'
    union all
    select
        row_rules.asked_number,
        row_rules.row_rule,
        row_rules.row_key,
        rows_printed.printed_row,
        case row_rules.row_rule
            when 'key' then rows_printed.name_number
            when 'children' then rows_printed.parent_number
            else 0
        end as key_row
    from row_rules
    inner join {{ ref('int_identity_rows') }} as rows_printed
        on row_rules.printed_statement = rows_printed.printed_statement
    where
        -- The lines of a summary are the functional classes (2…); others beside them are of another side.
        (
            row_rules.row_rule = 'classes'
            and rows_printed.row_class = 'class'
            and rows_printed.row_name like '2%'
        )
        or (
            row_rules.row_rule = 'key'
            and case row_rules.row_filter
                when 'all' then true
                when 'classes' then rows_printed.row_class = 'class'
                when 'parents' then rows_printed.row_class in ('total', 'class', 'parent', 'heading')
                else rows_printed.row_class in ('class', 'parent', 'code')
            end
        )
        or (
            row_rules.row_rule = 'children'
            and rows_printed.parent_name is not null
            and (row_rules.row_filter <> 'classes' or rows_printed.parent_name <> 'total')
        )
),

places as (
    select
        members.asked_number,
        members.weight,
        members.gives_keys,
        members.column_number,
        members.is_by_column,
        selected_rows.key_row,
        selected_rows.printed_row,
        members.column_id is null or list_contains(statements.printed_columns, members.column_id) as has_column
    from members
    inner join selected_rows
        on
            members.asked_number = selected_rows.asked_number
            and members.row_rule = selected_rows.row_rule
            and members.row_key is not distinct from selected_rows.row_key
    inner join {{ ref('int_identity_statements') }} as statements
        on members.printed_statement = statements.printed_statement
)

select * from places
