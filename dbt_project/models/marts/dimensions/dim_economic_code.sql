-- The codes of the list with the years of each of their names, and codes that only documents print.
{{ code_dimension('economic', 'economic_codes', code='economic_code', inherited='gfsm_code') }}
