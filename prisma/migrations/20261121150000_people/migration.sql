-- Neither how people sign in nor what they are found by is the business of the organisations they sit in.
REVOKE SELECT ON person FROM syndic_tenant;
GRANT SELECT (id, sealed_key, sealed_profile, created_at, erased_at) ON person TO syndic_tenant;

-- To forget a person: the address their invitation went to, and their name in answers that are kept to be repeated.
GRANT UPDATE (sealed_email) ON invitation TO syndic_installation;
GRANT SELECT, UPDATE (answer) ON idempotency_key TO syndic_installation;
CREATE POLICY installation ON idempotency_key TO syndic_installation USING (true) WITH CHECK (true);
