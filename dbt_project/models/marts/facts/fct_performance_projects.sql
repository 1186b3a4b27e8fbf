-- Money of projects in performance sheets (绩效目标表、绩效自评表) and lists of projects (项目明细), one row per line.
select
    s.document_id || '-m' || lpad(s.line_number::varchar, 4, '0') as performance_line_id,
    d.disclosure_id,
    s.document_id,
    d.department_id,
    d.region_code,
    d.fiscal_year,
    d.document_kind,
    s.line_number,
    s.sheet_number,
    s.sheet_kind,
    s.sheet_scope,
    s.project_name,
    s.money_line,
    s.line_label,
    s.initial_yuan,
    s.adjusted_yuan,
    s.final_yuan,
    s.unit,
    s.precision_yuan,
    case
        when s.rate_is_percent or s.rate_as_printed is null then s.rate_as_printed
        when
            abs(s.rate_as_printed - 100 * s.final_yuan / nullif(coalesce(s.adjusted_yuan, s.initial_yuan), 0))
            <= abs(100 * s.rate_as_printed - 100 * s.final_yuan / nullif(coalesce(s.adjusted_yuan, s.initial_yuan), 0))
            then s.rate_as_printed
        when s.final_yuan is not null and coalesce(s.adjusted_yuan, s.initial_yuan) > 0 then 100 * s.rate_as_printed
    end::decimal(18, 6) as execution_rate,
    s.rate_printed,
    s.weight_points,
    s.score_points,
    s.page,
    s.cell_id as label_cell_id,
    s.initial_cell_id,
    s.adjusted_cell_id,
    s.final_cell_id,
    s.rate_cell_id,
    s.weight_cell_id,
    s.score_cell_id
from {{ ref('stg_performance_projects') }} as s
inner join {{ ref('int_current_documents') }} as d on s.document_id = d.document_id
