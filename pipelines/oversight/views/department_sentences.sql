select
    fiscal_year,
    document_kind,
    topic,
    document_id,
    page,
    min(claim_id) as claim_id,
    min(claim_number) as claim_number,
    sentence
from (
    select
        *,
        -- A sentence stands under the first topic it is about.
        case
            when regexp_matches(sentence, '中小企业|小微企业|小型和微型企业') then 'small_business'
            when regexp_matches(sentence, '政府采购') then 'procurement'
            when regexp_matches(sentence, '公务用车保有|车辆\D{0,8}\d+\s*辆|购置\D{0,12}\d+\s*辆') then 'vehicles'
            when regexp_matches(sentence, '国有资产|单价\d+万元.{0,8}以上') then 'assets'
        end as topic
    from fct_claims
    where department_id = $department_id
)
where topic is not null
group by fiscal_year, document_kind, topic, document_id, page, sentence
order by topic, fiscal_year desc, document_kind, document_id, page, claim_number, claim_id
