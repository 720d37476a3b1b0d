-- AlterTable
ALTER TABLE "deal" ADD COLUMN     "buyer_contact" JSONB;
