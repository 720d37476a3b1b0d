-- AlterTable
ALTER TABLE "statement_line" ADD COLUMN     "paid_asset" TEXT,
ADD COLUMN     "paid_minor" BIGINT,
ADD COLUMN     "plan" TEXT;

-- AlterTable
ALTER TABLE "usage_reading" DROP CONSTRAINT "usage_reading_pkey",
ADD COLUMN     "part" TEXT NOT NULL DEFAULT '',
ADD CONSTRAINT "usage_reading_pkey" PRIMARY KEY ("organisation_id", "cloud_agreement_id", "dimension", "on_date", "part");
