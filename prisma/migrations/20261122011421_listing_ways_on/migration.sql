-- AlterTable
ALTER TABLE "listing" ADD COLUMN     "former_product_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "released" TEXT[] DEFAULT ARRAY[]::TEXT[];
