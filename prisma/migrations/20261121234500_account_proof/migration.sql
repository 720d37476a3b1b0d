-- Where a test says who the credentials belong to, it alone is the proof of the account: what else they may do is another
-- question, and a seller who allows less is still that seller. Elsewhere every test has to have passed, as before.
CREATE OR REPLACE FUNCTION is_proven(tested_at timestamptz, test_result jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN tested_at IS NOT NULL AND jsonb_array_length(test_result) > 0
  AND CASE WHEN jsonb_path_exists(test_result, '$[*] ? (@.identity == true)')
    THEN NOT jsonb_path_exists(test_result, '$[*] ? (@.identity == true && @.ok == false)')
    ELSE NOT jsonb_path_exists(test_result, '$[*] ? (@.ok == false)') END;
