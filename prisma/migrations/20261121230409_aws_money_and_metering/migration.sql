-- AlterTable
ALTER TABLE "statement" ADD COLUMN     "written_for" TEXT;

-- AlterTable
ALTER TABLE "statement_line" ADD COLUMN     "reference" TEXT;

-- AlterTable
ALTER TABLE "usage_record" ADD COLUMN     "named_by" TEXT;

-- CreateTable
CREATE TABLE "statement_total" (
    "organisation_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "cloud_agreement_id" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "invoiced" BIGINT NOT NULL,
    "collected" BIGINT,
    "disbursed" BIGINT NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,
    "statement_id" TEXT NOT NULL,

    CONSTRAINT "statement_total_pkey" PRIMARY KEY ("organisation_id","connection_id","format","cloud_agreement_id","reference","asset")
);

GRANT SELECT, INSERT, UPDATE, DELETE ON statement_total TO syndic_tenant;
ALTER TABLE statement_total ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON statement_total TO syndic_tenant
  USING (organisation_id = (SELECT current_setting('syndic.organisation', true)))
  WITH CHECK (organisation_id = (SELECT current_setting('syndic.organisation', true)));
