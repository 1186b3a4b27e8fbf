-- The verdict on every answer (macro `verdict`): a figure printed with precision p stands for the interval of width p
-- around it; a blank for nothing, without width. All by number, for there are millions; int_identity_results has the
-- names.
with operands as (
    select * from {{ ref('int_identity_operands') }}
),

asked as (
    select * from {{ ref('int_identity_asked') }}
),

reported as (
    select *
    from operands
    where term_number = 0
),

expected as (
    select
        answer_number,
        sum(amount_yuan) as amount_yuan,
        sum(width_yuan) as width_yuan,
        sum(squared_width) as squared_width,
        sum(figures) as figures,
        bool_and(state in ('printed', 'blank')) as is_evaluable,
        bool_or(amount_yuan <> 0) as says_something,
        min(page) as page
    from operands
    where term_number > 0
    group by answer_number
),

undecided as (
    select
        operands.answer_number,
        list_sort(list(distinct asked.statement_id || ': ' || operands.state)) as because
    from operands
    inner join asked on operands.asked_number = asked.asked_number
    where operands.state not in ('printed', 'blank')
    group by operands.answer_number
),

sides as (
    select
        reported.answer_number,
        reported.question_number,
        reported.key_row,
        reported.key_column,
        expected.amount_yuan as expected_yuan,
        reported.amount_yuan as reported_yuan,
        (reported.width_yuan + coalesce(expected.width_yuan, 0)) / 2 as tolerance_yuan,
        reported.squared_width + coalesce(expected.squared_width, 0) as squared_width,
        coalesce(expected.figures, 0) as n_operands,
        reported.state in ('printed', 'blank') and coalesce(expected.is_evaluable, true) as is_evaluable,
        reported.amount_yuan <> 0 or coalesce(expected.says_something, false) as says_something,
        reported.page as reported_page,
        expected.page as expected_page,
        list_min(reported.amount_numbers) as amount_number,
        undecided.because as not_evaluable_because
    from reported
    left join expected on reported.answer_number = expected.answer_number
    left join undecided on reported.answer_number = undecided.answer_number
),

differences as (
    select
        sides.*,
        identities.relation,
        cast(sides.reported_yuan - sides.expected_yuan as decimal(18, 2)) as difference_yuan
    from sides
    inner join {{ ref('int_identity_questions') }} as questions on sides.question_number = questions.question_number
    inner join {{ source('identities', 'identities') }} as identities
        on questions.identity_id = identities.identity_id
    -- Nothing is asked of a key under which every figure printed is zero and another is not there.
    where identities.ranges_over = 'once' or sides.is_evaluable or sides.says_something
)

select
    answer_number,
    question_number,
    key_row,
    key_column,
    case when is_evaluable then cast(expected_yuan as decimal(18, 2)) end as expected_yuan,
    case when is_evaluable then cast(reported_yuan as decimal(18, 2)) end as reported_yuan,
    case when is_evaluable then difference_yuan end as difference_yuan,
    case when is_evaluable then cast(tolerance_yuan as decimal(18, 4)) end as tolerance_yuan,
    {{ verdict("relation = 'le' and difference_yuan < 0") }} as verdict,
    cast(n_operands as integer) as n_operands,
    reported_page,
    expected_page,
    -- Of several reported figures the first, by the order of cells.
    amount_number,
    not_evaluable_because
from differences
