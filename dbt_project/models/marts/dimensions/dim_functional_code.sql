-- The codes of the list with the years of each of their names, and codes that only documents print.
{{ code_dimension('functional', 'functional_codes', code='functional_code', inherited='cofog_group') }}
