-- What each term of each identity asked amounts to, for every key it ranges over: one row per question
-- (int_identity_questions) x key x term. A question at a key is an answer, with its `answer_number`; its key is a row
-- (int_identity_names) and a column (int_identity_columns) by number, 0 where it is not about one.
-- `state`: 'printed' (at least one figure), 'blank' (the place is printed and empty, or the statement says that there
-- is nothing: zero without width), 'missing' (row, column or statement not there) or 'unread' (a sum over rows or
-- columns one of which was not understood). `amount_numbers` are the figures added up (int_identity_amounts), in no
-- order.
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
        printed_row,
        column_number,
        is_by_column,
        weight,
        has_column
    from {{ ref('int_identity_places') }}
),

amounts as (
    select
        printed_row,
        column_number,
        amount_yuan,
        precision_yuan,
        page,
        amount_number
    from {{ ref('int_identity_amounts') }}
),

-- A place is of one column or of all: apart, each is looked for by all that is known of it.
figures as (
    select
        places.asked_number,
        places.gives_keys,
        places.key_row,
        case when places.is_by_column then places.column_number else 0 end as key_column,
        places.weight * amounts.amount_yuan as amount_yuan,
        abs(places.weight) * amounts.precision_yuan as width_yuan,
        amounts.page,
        amounts.amount_number
    from places
    inner join amounts
        on places.printed_row = amounts.printed_row and places.column_number = amounts.column_number
    union all
    select
        places.asked_number,
        places.gives_keys,
        places.key_row,
        case when places.is_by_column then amounts.column_number else 0 end as key_column,
        places.weight * amounts.amount_yuan as amount_yuan,
        abs(places.weight) * amounts.precision_yuan as width_yuan,
        amounts.page,
        amounts.amount_number
    from places
    inner join amounts on places.printed_row = amounts.printed_row
    where places.column_number is null
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
        list(amount_number) as amount_numbers
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
        0 as key_row,
        0 as key_column
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
        asked.printed_statement,
        asked.is_stated_empty,
        asked.has_unread_rows or asked.has_unread_columns as is_unread_in_part,
        case
            when asked.printed_statement is null then 'missing'
            when
                (term_traits.is_sum_of_rows and asked.has_unread_rows)
                or (term_traits.is_sum_of_columns and asked.has_unread_columns)
                then 'unread'
        end as state,
        term_traits.absent_is_nothing and not asked.has_unread_rows as may_be_absent,
        term_traits.column_ids
    from asked
    inner join term_traits
        on asked.identity_id = term_traits.identity_id and asked.term_number = term_traits.term_number
)

select
    answers.question_number,
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
    coalesce(sums.amount_numbers, []) as amount_numbers,
    case
        when terms.state is not null then terms.state
        when sums.figures > 0 then 'printed'
        when terms.is_stated_empty then 'blank'
        -- A place that seems empty may be where an amount stands that was not understood.
        when row_places.has_place and terms.is_unread_in_part then 'unread'
        when
            row_places.has_place
            and (answers.key_column = 0 or list_contains(statements.printed_columns, key_columns.column_id))
            then 'blank'
        when
            terms.may_be_absent
            and (
                list_has_any(statements.printed_columns, terms.column_ids)
                or list_contains(statements.printed_columns, key_columns.column_id)
            )
            then 'blank'
        else 'missing'
    end as state
from answers
inner join terms on answers.question_number = terms.question_number
inner join {{ ref('int_identity_columns') }} as key_columns on answers.key_column = key_columns.column_number
left join sums
    on
        terms.asked_number = sums.asked_number
        and answers.key_row = sums.key_row
        and answers.key_column = sums.key_column
left join row_places on terms.asked_number = row_places.asked_number and answers.key_row = row_places.key_row
left join {{ ref('int_identity_statements') }} as statements
    on terms.printed_statement = statements.printed_statement
