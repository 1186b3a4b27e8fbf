-- The decisions of reviewers that readings applied. A table of its own, so that a build that carries documents
-- over need not open those of each in the lake again.
select r.*
from {{ ref('stg_reviews') }} as r
