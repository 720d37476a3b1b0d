-- AlterTable
ALTER TABLE "usage_event" ADD COLUMN     "tags" TEXT;

-- AlterTable
ALTER TABLE "usage_hour" ADD COLUMN     "tagged" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "usage_meter" ADD COLUMN     "tagged" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "usage_record" ADD COLUMN     "allocations" JSONB;

-- CreateTable
CREATE TABLE "usage_share" (
    "organisation_id" TEXT NOT NULL,
    "agreement_id" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "tags" TEXT NOT NULL,
    "measured" DECIMAL(38,12) NOT NULL,
    "used" DECIMAL(38,12) NOT NULL,

    CONSTRAINT "usage_share_pkey" PRIMARY KEY ("organisation_id","agreement_id","dimension","hour","tags")
);

-- CreateTable
CREATE TABLE "usage_bucket" (
    "organisation_id" TEXT NOT NULL,
    "agreement_id" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,
    "tags" TEXT NOT NULL,
    "carry" DECIMAL(38,12) NOT NULL,
    "drawn" DECIMAL(38,12) NOT NULL,
    "lost" DECIMAL(38,12) NOT NULL,
    "untold" DECIMAL(38,12) NOT NULL,

    CONSTRAINT "usage_bucket_pkey" PRIMARY KEY ("organisation_id","agreement_id","dimension","tags")
);

GRANT SELECT, INSERT, UPDATE, DELETE ON usage_share, usage_bucket TO syndic_tenant;
ALTER TABLE usage_share ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON usage_share TO syndic_tenant
  USING (organisation_id = (SELECT current_setting('syndic.organisation', true)))
  WITH CHECK (organisation_id = (SELECT current_setting('syndic.organisation', true)));
ALTER TABLE usage_bucket ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON usage_bucket TO syndic_tenant
  USING (organisation_id = (SELECT current_setting('syndic.organisation', true)))
  WITH CHECK (organisation_id = (SELECT current_setting('syndic.organisation', true)));
