-- AlterTable
ALTER TABLE "offer" ADD COLUMN     "offer_set_id" TEXT;

-- CreateTable
CREATE TABLE "offer_set" (
    "organisation_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "buyer_notes" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "expires_on" TEXT NOT NULL,
    "cloud_offer_set_id" TEXT,
    "problems" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "offer_set_pkey" PRIMARY KEY ("organisation_id","id")
);

-- CreateIndex
CREATE INDEX "offer_organisation_id_offer_set_id_idx" ON "offer"("organisation_id", "offer_set_id");

GRANT SELECT, INSERT, UPDATE, DELETE ON offer_set TO syndic_tenant;
ALTER TABLE offer_set ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON offer_set TO syndic_tenant
  USING (organisation_id = (SELECT current_setting('syndic.organisation', true)))
  WITH CHECK (organisation_id = (SELECT current_setting('syndic.organisation', true)));
