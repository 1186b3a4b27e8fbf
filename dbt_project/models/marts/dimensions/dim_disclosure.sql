select * from {{ ref('int_disclosures') }}
