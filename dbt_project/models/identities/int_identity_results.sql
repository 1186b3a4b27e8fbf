-- The verdict on every identity (macro `verdict`): a figure printed with precision p stands for the interval of
-- width p around it; a blank for nothing, without width. One row per disclosure x identity x key, which has the
-- `answer_number` of its operands.
with operands as (
    select * from {{ ref('int_identity_operands') }}
),

asked as (
    select * from {{ ref('int_identity_asked') }}
),

-- A question is put at the place of its first statement that is there, the reported amount's before others.
questions as (
    select
        question_number,
        any_value(identity_id) as identity_id,
        any_value(disclosure_id) as disclosure_id,
        any_value(region_code) as region_code,
        any_value(fiscal_year) as fiscal_year,
        any_value(document_kind) as document_kind,
        any_value(occurrence) as occurrence,
        any_value(statement_id) filter (where term_number = 0) as statement_id,
        coalesce(any_value(document_id) filter (where term_number = 0), min(document_id)) as document_id,
        any_value(first_page) filter (where term_number = 0) as first_page
    from asked
    group by question_number
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
        min(page) as page,
        list_sort(flatten(list(cell_ids))) as cell_ids
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
        reported.cell_ids[1] as cell_id,
        expected.cell_ids as operand_cell_ids,
        undecided.because as not_evaluable_because
    from reported
    left join expected on reported.answer_number = expected.answer_number
    left join undecided on reported.answer_number = undecided.answer_number
),

differences as (
    select
        sides.*,
        questions.identity_id,
        questions.disclosure_id,
        questions.region_code,
        questions.fiscal_year,
        questions.document_kind,
        questions.occurrence,
        questions.statement_id,
        questions.document_id,
        questions.first_page,
        identities.relation,
        identities.ranges_over,
        cast(sides.reported_yuan - sides.expected_yuan as decimal(18, 2)) as difference_yuan
    from sides
    inner join questions on sides.question_number = questions.question_number
    inner join {{ source('identities', 'identities') }} as identities
        on questions.identity_id = identities.identity_id
    -- Nothing is asked of a key under which every figure printed is zero and another is not there.
    where identities.ranges_over = 'once' or sides.is_evaluable or sides.says_something
)

select
    answer_number,
    disclosure_id,
    identity_id,
    document_id,
    region_code,
    fiscal_year,
    document_kind,
    {{ identity_key() }} as key,
    case when is_evaluable then cast(expected_yuan as decimal(18, 2)) end as expected_yuan,
    case when is_evaluable then cast(reported_yuan as decimal(18, 2)) end as reported_yuan,
    case when is_evaluable then difference_yuan end as difference_yuan,
    case when is_evaluable then cast(tolerance_yuan as decimal(18, 4)) end as tolerance_yuan,
    {{ verdict("relation = 'le' and difference_yuan < 0") }} as verdict,
    cast(n_operands as integer) as n_operands,
    statement_id,
    coalesce(reported_page, first_page, expected_page) as page,
    cell_id,
    operand_cell_ids,
    not_evaluable_because
from differences
