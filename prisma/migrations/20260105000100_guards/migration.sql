-- The books are append-only: the database itself refuses to change or remove an entry or a posting. A mistake is
-- corrected by another entry. Prisma's schema cannot say this, so it stands in a migration of its own.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $refuse$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused. Book a correcting entry.', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END
$refuse$;

CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
