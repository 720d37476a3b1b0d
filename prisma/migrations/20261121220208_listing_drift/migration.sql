-- AlterTable
ALTER TABLE "listing" ADD COLUMN     "differences" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "held" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "read_at" TIMESTAMPTZ(3),
ADD COLUMN     "read_problem" TEXT,
ADD COLUMN     "seen_by" JSONB,
ADD COLUMN     "theirs" JSONB,
ADD COLUMN     "visibility" TEXT,
ADD COLUMN     "wanted" JSONB;

-- Listings that are live are read back from now on.
INSERT INTO "work" ("organisation_id", "id", "kind", "key", "payload", "due_at", "deadline_at", "attempts", "generation", "created_at")
SELECT "organisation_id", 'work_' || md5("organisation_id" || "id"), 'listings.read', "id", '{}'::jsonb, "updated_at",
  "updated_at" + interval '1 day', 0, 0, "updated_at"
FROM "listing" WHERE "state" = 'live';
