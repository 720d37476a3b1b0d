-- What lists of the ledger and of settlement read a page from, in the page's own order.

-- DropIndex
DROP INDEX "posting_organisation_id_from_account_idx";

-- DropIndex
DROP INDEX "posting_organisation_id_to_account_idx";

-- DropIndex
DROP INDEX "statement_line_organisation_id_statement_id_idx";

-- AlterTable
ALTER TABLE "exception_item" ADD COLUMN     "weight" DECIMAL(38,4) NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "partner_statement" ADD COLUMN     "late_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "line_count" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "account_balance_by_bytes" ON "account_balance"("organisation_id", "account" COLLATE "C", "asset" COLLATE "C");

-- CreateIndex
CREATE INDEX "entry_organisation_id_book_date_sequence_idx" ON "entry"("organisation_id", "book_date", "sequence");

-- CreateIndex
CREATE INDEX "entry_organisation_id_kind_book_date_sequence_idx" ON "entry"("organisation_id", "kind", "book_date", "sequence");

-- CreateIndex
CREATE INDEX "exception_item_organisation_id_created_at_id_idx" ON "exception_item"("organisation_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "exception_item_organisation_id_weight_id_idx" ON "exception_item"("organisation_id", "weight", "id");

-- CreateIndex
CREATE INDEX "posting_organisation_id_from_account_book_date_entry_sequen_idx" ON "posting"("organisation_id", "from_account", "book_date", "entry_sequence");

-- CreateIndex
CREATE INDEX "posting_organisation_id_to_account_book_date_entry_sequence_idx" ON "posting"("organisation_id", "to_account", "book_date", "entry_sequence");

-- CreateIndex
CREATE INDEX "statement_line_organisation_id_statement_id_id_idx" ON "statement_line"("organisation_id", "statement_id", "id");

-- CreateIndex
CREATE INDEX "statement_line_organisation_id_occurred_at_id_idx" ON "statement_line"("organisation_id", "occurred_at", "id");

-- What is there gets what new rows are written with.
UPDATE "exception_item" SET "weight" = abs("amount") / power(10::numeric, split_part("asset", '/', 2)::int)
WHERE "amount" IS NOT NULL AND "asset" IS NOT NULL;

UPDATE "partner_statement" SET "line_count" = jsonb_array_length("lines"),
  "late_count" = (SELECT count(*) FROM jsonb_array_elements("lines") line WHERE line->>'late' = 'true');

-- How the books stood at the end of a day, by row of the chart of accounts: written with the balances, from the same queue.
CREATE TABLE "group_day" (
    "organisation_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "book_date" TEXT NOT NULL,
    "debits" DECIMAL(38,0) NOT NULL,
    "credits" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "group_day_pkey" PRIMARY KEY ("organisation_id","name","asset","book_date")
);
GRANT SELECT, INSERT, UPDATE, DELETE ON group_day TO syndic_tenant;
ALTER TABLE group_day ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON group_day TO syndic_tenant
  USING (organisation_id = (SELECT current_setting('syndic.organisation', true)))
  WITH CHECK (organisation_id = (SELECT current_setting('syndic.organisation', true)));

-- The row of the chart that an account belongs to: itself, or what stands before its last segment.
CREATE FUNCTION account_group(account text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN account IN ('income:contract', 'income:usage', 'income:resale', 'expense:wholesale',
    'expense:partner_share', 'liability:tax', 'bookings:total') THEN account
  ELSE left(account, length(account) - position(':' IN reverse(account))) END;

INSERT INTO group_day (organisation_id, name, asset, book_date, debits, credits)
SELECT organisation_id, account_group(account), asset, book_date, sum(debit), sum(credit) FROM (
  SELECT organisation_id, entry_id, to_account AS account, asset, book_date, amount AS debit, 0 AS credit FROM posting
  UNION ALL SELECT organisation_id, entry_id, from_account, asset, book_date, 0, amount FROM posting) legs
WHERE NOT EXISTS (SELECT 1 FROM unrolled_entry u
  WHERE u.organisation_id = legs.organisation_id AND u.entry_id = legs.entry_id)
GROUP BY 1, 2, 3, 4;
