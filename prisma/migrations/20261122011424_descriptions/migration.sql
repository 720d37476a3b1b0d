-- CreateTable
CREATE TABLE "description" (
    "organisation_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "about" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "deleted" BOOLEAN NOT NULL,
    "told" JSONB NOT NULL,
    "followed" TEXT,

    CONSTRAINT "description_pkey" PRIMARY KEY ("organisation_id","connection_id","kind","key","valid_from")
);

-- CreateIndex
CREATE INDEX "description_organisation_id_kind_about_idx" ON "description"("organisation_id", "kind", "about");

-- CreateIndex
CREATE INDEX "description_organisation_id_kind_key_idx" ON "description"("organisation_id", "kind", "key");

-- Ids of today, by which those of earlier days are found.
CREATE INDEX description_alias ON description (organisation_id, (told->>'id')) WHERE kind = 'alias';

GRANT SELECT, INSERT, UPDATE, DELETE ON description TO syndic_tenant;
ALTER TABLE description ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON description TO syndic_tenant
  USING (organisation_id = (SELECT current_setting('syndic.organisation', true)))
  WITH CHECK (organisation_id = (SELECT current_setting('syndic.organisation', true)));
