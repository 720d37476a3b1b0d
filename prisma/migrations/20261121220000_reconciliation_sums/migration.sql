-- What the reconciliation adds up for each agreement, without reading the lines themselves: they carry the cloud's own row.
-- Its condition is that of lineSums; a line that waits for its agreement is not in it.
CREATE INDEX "statement_line_sums" ON "statement_line"("organisation_id", "agreement_id", "asset", "paid_asset")
  INCLUDE ("stage", "minor", "paid_minor", "disbursement_key")
  WHERE "current" AND NOT "deleted" AND "agreement_id" IS NOT NULL AND "state" IN ('explained', 'exception')
    AND "stage" <> 'unknown' AND "kind" NOT IN ('bank', 'disbursement', 'disbursement_failure');

-- What the bank shows: few among many.
CREATE INDEX "statement_line_bank" ON "statement_line"("organisation_id", "disbursement_key") WHERE "kind" = 'bank' AND "current";
