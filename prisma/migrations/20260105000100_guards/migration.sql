-- The books are append-only: the database itself refuses to change or remove an entry or a posting. A mistake is
-- corrected by another entry. Prisma's schema cannot say this, so it stands here, in a migration that sorts last.
-- It does nothing where the tables are not there yet, which is so while a first migration is being written.
DO $guards$
DECLARE
  guarded text;
BEGIN
  IF to_regclass('entry') IS NULL OR to_regclass('posting') IS NULL THEN
    RETURN;
  END IF;
  CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $refuse$
  BEGIN
    RAISE EXCEPTION '% is append-only: % is refused. Book a correcting entry.', TG_TABLE_NAME, TG_OP
      USING ERRCODE = 'restrict_violation';
  END
  $refuse$;
  FOREACH guarded IN ARRAY ARRAY['entry', 'posting'] LOOP
    EXECUTE format(
      'CREATE OR REPLACE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', guarded || '_append_only', guarded);
  END LOOP;
END
$guards$;
