-- The second wall between tenants. A transaction takes on one of two roles that own nothing and are no superusers:
-- syndic_tenant sees the rows of one organisation, syndic_installation what no single tenant owns. Prisma's schema
-- cannot say this, so it stands in a migration of its own. A new table with an organisation_id needs its policy here
-- or in its own migration; a test looks for one that has none.
DO $roles$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['syndic_tenant', 'syndic_installation'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', wanted);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      -- Roles belong to the whole server: another database of it has made them.
      NULL;
    END;
    EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), wanted);
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', current_schema(), wanted);
  END LOOP;
END
$roles$;

-- One policy for every table of tenants.
DO $tables$
DECLARE owned text;
BEGIN
  FOR owned IN
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_name = 'organisation_id' ORDER BY table_name
  LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO syndic_tenant', owned);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO syndic_tenant
         USING (organisation_id = (SELECT current_setting(''syndic.organisation'', true)))
         WITH CHECK (organisation_id = (SELECT current_setting(''syndic.organisation'', true)))', owned);
  END LOOP;
END
$tables$;

-- History is added to and nothing else.
REVOKE UPDATE, DELETE ON audit_record, entry, posting FROM syndic_tenant;
CREATE TRIGGER audit_record_append_only BEFORE DELETE OR TRUNCATE ON audit_record
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An organisation sees itself and the people who sit in it.
GRANT SELECT, UPDATE ON organisation TO syndic_tenant;
ALTER TABLE organisation ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organisation TO syndic_tenant
  USING (id = (SELECT current_setting('syndic.organisation', true)));
GRANT SELECT ON person TO syndic_tenant;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON person FOR SELECT TO syndic_tenant
  USING (EXISTS (SELECT 1 FROM member WHERE member.person_id = person.id
    AND member.organisation_id = (SELECT current_setting('syndic.organisation', true))));

-- An account number proves nothing until the credentials for it were tried and worked.
CREATE FUNCTION is_proven(tested_at timestamptz, test_result jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN tested_at IS NOT NULL AND jsonb_array_length(test_result) > 0
  AND NOT jsonb_path_exists(test_result, '$[*] ? (@.ok == false)');

-- A reseller sees what was opened to it, also before it had connected the account.
CREATE POLICY reseller ON resale_authorization FOR SELECT TO syndic_tenant USING (
  reseller_organisation_id = (SELECT current_setting('syndic.organisation', true))
  OR (reseller_organisation_id IS NULL AND EXISTS (
    SELECT 1 FROM connection
    WHERE connection.organisation_id = (SELECT current_setting('syndic.organisation', true))
      AND connection.cloud = resale_authorization.cloud
      AND connection.account_id = resale_authorization.reseller_account_id
      AND is_proven(connection.tested_at, connection.test_result))));
CREATE POLICY reseller ON partner_statement FOR SELECT TO syndic_tenant
  USING (reseller_organisation_id = (SELECT current_setting('syndic.organisation', true)));

-- Which organisation has proven that a seller account is its own. It tells the id and nothing else.
CREATE FUNCTION organisation_of_account(wanted_cloud text, wanted_account text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
RETURN (SELECT organisation_id FROM connection
  WHERE cloud = wanted_cloud AND account_id = wanted_account AND is_proven(tested_at, test_result)
    AND organisation_id <> current_setting('syndic.organisation', true)
  ORDER BY created_at, id LIMIT 1);

-- What no single tenant owns: claiming work, finding whose a connection or a key is, people and their sign-ins.
GRANT SELECT, INSERT, UPDATE, DELETE ON work, installation, organisation, person, identity, sign_in_token, session,
  sign_in_failure, member TO syndic_installation;
GRANT SELECT ON connection, api_key, invitation, audit_record TO syndic_installation;
GRANT UPDATE (last_used_at) ON api_key TO syndic_installation;
GRANT UPDATE (accepted_at, accepted_by) ON invitation TO syndic_installation;
GRANT UPDATE (before, after, salt) ON audit_record TO syndic_installation;
DO $installation$
DECLARE shared text;
BEGIN
  FOREACH shared IN ARRAY ARRAY['work', 'organisation', 'person', 'member', 'connection', 'api_key', 'invitation',
    'audit_record']
  LOOP
    EXECUTE format('CREATE POLICY installation ON %I TO syndic_installation USING (true) WITH CHECK (true)', shared);
  END LOOP;
END
$installation$;
