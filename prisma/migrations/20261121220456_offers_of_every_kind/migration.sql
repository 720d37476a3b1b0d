-- AlterTable
ALTER TABLE "agreement" ADD COLUMN     "replaces_agreement_id" TEXT;

-- AlterTable
ALTER TABLE "deal" ADD COLUMN     "replaces_agreement_id" TEXT;

-- AlterTable
ALTER TABLE "offer" ADD COLUMN     "options" JSONB,
ADD COLUMN     "replaces_agreement_id" TEXT;

-- AlterTable
ALTER TABLE "resale_authorization" ADD COLUMN     "options" JSONB,
ALTER COLUMN "expires_on" DROP NOT NULL;
