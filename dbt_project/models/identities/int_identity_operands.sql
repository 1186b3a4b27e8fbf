-- What each term of each identity asked amounts to, for every key it ranges over: one row per question
-- (disclosure x identity x occurrence, int_identity_asked) x key x term. A question at a key has an `answer_number`.
-- `state`: 'printed' (at least one figure), 'blank' (the place is printed and empty, or the statement says that there
-- is nothing: zero without width), 'missing' (row, column or statement not there) or 'unread' (a sum over rows or
-- columns one of which was not understood).
with asked as (
    select * from {{ ref('int_identity_asked') }}
),

identities as (
    select
        identity_id,
        ranges_over
    from {{ source('identities', 'identities') }}
),

places as (
    select
        asked_number,
        gives_keys,
        key_row,
        statement_key,
        row_name,
        column_id,
        is_by_column,
        weight,
        has_column
    from {{ ref('int_identity_places') }}
),

amounts as (
    select
        statement_key,
        row_name,
        column_id,
        amount_yuan,
        precision_yuan,
        page,
        cell_id
    from {{ ref('int_identity_amounts') }}
),

-- A place is of one column or of all: apart, each is looked for by all that is known of it.
figures as (
    select
        places.asked_number,
        places.gives_keys,
        places.key_row,
        case when places.is_by_column then places.column_id else '' end as key_column,
        places.weight * amounts.amount_yuan as amount_yuan,
        abs(places.weight) * amounts.precision_yuan as width_yuan,
        amounts.page,
        amounts.cell_id
    from places
    inner join amounts
        on
            places.statement_key = amounts.statement_key
            and places.row_name = amounts.row_name
            and places.column_id = amounts.column_id
    union all
    select
        places.asked_number,
        places.gives_keys,
        places.key_row,
        case when places.is_by_column then amounts.column_id else '' end as key_column,
        places.weight * amounts.amount_yuan as amount_yuan,
        abs(places.weight) * amounts.precision_yuan as width_yuan,
        amounts.page,
        amounts.cell_id
    from places
    inner join amounts on places.statement_key = amounts.statement_key and places.row_name = amounts.row_name
    where places.column_id is null
),

sums as (
    select
        asked_number,
        key_row,
        key_column,
        sum(amount_yuan) as amount_yuan,
        sum(width_yuan) as width_yuan,
        sum(cast(width_yuan * width_yuan as decimal(38, 8))) as squared_width,
        count(*) as figures,
        min(page) as page,
        bool_or(gives_keys) as gives_keys,
        list(cell_id order by cell_id) as cell_ids
    from figures
    group by asked_number, key_row, key_column
),

keys as (
    select distinct
        asked.question_number,
        sums.key_row,
        sums.key_column
    from sums
    inner join asked on sums.asked_number = asked.asked_number
    where sums.gives_keys
    union
    select distinct
        asked.question_number,
        '' as key_row,
        '' as key_column
    from asked
    inner join identities on asked.identity_id = identities.identity_id
    where identities.ranges_over = 'once'
),

answers as (
    select
        question_number,
        key_row,
        key_column,
        row_number() over () as answer_number
    from keys
),

row_places as (
    select
        asked_number,
        key_row,
        bool_or(has_column) as has_place
    from places
    group by asked_number, key_row
),

term_traits as (
    select
        identity_id,
        term_number,
        bool_or(row_rule in ('children', 'classes')) or count(distinct row_key) > 1 as is_sum_of_rows,
        count(distinct column_id) > 1 as is_sum_of_columns,
        bool_or(absent_is_nothing) as absent_is_nothing,
        list(distinct column_id) filter (where column_id is not null) as column_ids
    from {{ source('identities', 'identity_terms') }}
    group by identity_id, term_number
),

-- What of a term's statement is the same at every key.
terms as (
    select
        asked.question_number,
        asked.asked_number,
        asked.term_number,
        asked.weight,
        asked.is_stated_empty,
        asked.printed_columns,
        asked.has_unread_rows or asked.has_unread_columns as is_unread_in_part,
        case
            when asked.statement_key is null then 'missing'
            when
                (term_traits.is_sum_of_rows and asked.has_unread_rows)
                or (term_traits.is_sum_of_columns and asked.has_unread_columns)
                then 'unread'
        end as state,
        term_traits.absent_is_nothing and not asked.has_unread_rows as may_be_absent,
        list_has_any(asked.printed_columns, term_traits.column_ids) as has_columns
    from asked
    inner join term_traits
        on asked.identity_id = term_traits.identity_id and asked.term_number = term_traits.term_number
),

operands as (
    select
        terms.question_number,
        answers.answer_number,
        terms.asked_number,
        terms.term_number,
        terms.weight,
        answers.key_row,
        answers.key_column,
        coalesce(sums.amount_yuan, 0) as amount_yuan,
        coalesce(sums.width_yuan, 0) as width_yuan,
        coalesce(sums.squared_width, 0) as squared_width,
        coalesce(sums.figures, 0) as figures,
        sums.page,
        coalesce(sums.cell_ids, []) as cell_ids,
        coalesce(terms.state, case when sums.figures > 0 then 'printed' end) as state
    from answers
    inner join terms on answers.question_number = terms.question_number
    left join sums
        on
            terms.asked_number = sums.asked_number
            and answers.key_row = sums.key_row
            and answers.key_column = sums.key_column
)

select *
from operands
where state is not null
union all by name
select
    operands.* replace (
        case
            when terms.is_stated_empty then 'blank'
            -- A place that seems empty may be where an amount stands that was not understood.
            when row_places.has_place and terms.is_unread_in_part then 'unread'
            when
                row_places.has_place
                and (operands.key_column = '' or list_contains(terms.printed_columns, operands.key_column))
                then 'blank'
            when
                terms.may_be_absent
                and (terms.has_columns or list_contains(terms.printed_columns, operands.key_column))
                then 'blank'
            else 'missing'
        end as state
    )
from operands
inner join terms on operands.asked_number = terms.asked_number
left join row_places
    on operands.asked_number = row_places.asked_number and operands.key_row = row_places.key_row
where operands.state is null
