select
    c.fiscal_year,
    c.document_kind,
    t.topic,
    c.document_id,
    c.page,
    min(c.claim_id) as claim_id,
    min(c.claim_number) as claim_number,
    c.sentence
from fct_claims as c
inner join (
    values
    (1, 'small_business', '中小企业|小微企业|小型和微型企业'),
    (2, 'procurement', '政府采购'),
    (3, 'vehicles', '公务用车保有|车辆\D{0,8}\d+\s*辆|购置\D{0,12}\d+\s*辆'),
    (4, 'assets', '国有资产|单价\d+万元.{0,8}以上')
) as t (place, topic, pattern) on regexp_matches(c.sentence, t.pattern)
where c.department_id = $department_id
group by c.fiscal_year, c.document_kind, c.document_id, c.page, c.sentence, t.place, t.topic
-- A sentence stands under the first topic it is about.
qualify row_number() over (partition by c.document_id, c.page, c.sentence order by t.place) = 1
order by t.place, c.fiscal_year desc, c.document_kind, c.document_id, c.page, claim_number
