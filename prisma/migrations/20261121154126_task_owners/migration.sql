-- AlterTable
ALTER TABLE "operation" ADD COLUMN     "owner" TEXT;

-- CreateIndex
CREATE INDEX "usage_hour_organisation_id_hour_idx" ON "usage_hour"("organisation_id", "hour");
