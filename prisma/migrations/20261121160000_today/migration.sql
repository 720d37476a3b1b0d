-- AlterTable
ALTER TABLE "member" ADD COLUMN     "guide_dismissed_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "month_flow" (
    "organisation_id" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "flow" TEXT NOT NULL,
    "cloud" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "amount" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "month_flow_pkey" PRIMARY KEY ("organisation_id","month","flow","cloud","asset")
);

-- CreateIndex
CREATE INDEX "exception_item_organisation_id_state_amount_idx" ON "exception_item"("organisation_id", "state", "amount");

-- CreateIndex
CREATE INDEX "offer_organisation_id_authorization_id_idx" ON "offer"("organisation_id", "authorization_id");

-- CreateIndex
CREATE INDEX "offer_organisation_id_state_expires_on_idx" ON "offer"("organisation_id", "state", "expires_on");

-- CreateIndex
CREATE INDEX "offer_organisation_id_state_updated_at_idx" ON "offer"("organisation_id", "state", "updated_at");

-- CreateIndex
CREATE INDEX "resale_authorization_reseller_account_id_idx" ON "resale_authorization"("reseller_account_id");

-- CreateIndex
CREATE INDEX "resale_authorization_organisation_id_state_updated_at_idx" ON "resale_authorization"("organisation_id", "state", "updated_at");

-- CreateIndex
CREATE INDEX "usage_record_organisation_id_state_deadline_at_idx" ON "usage_record"("organisation_id", "state", "deadline_at");

-- What Prisma's schema cannot say.
GRANT SELECT, INSERT, UPDATE, DELETE ON month_flow TO syndic_tenant;
ALTER TABLE month_flow ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON month_flow TO syndic_tenant
  USING (organisation_id = (SELECT current_setting('syndic.organisation', true)))
  WITH CHECK (organisation_id = (SELECT current_setting('syndic.organisation', true)));

-- Which of the four flows a posting belongs to, for which agreement, and with which sign; no row for any other posting.
-- An entry that corrects another one is told by the reference of what it reverses.
CREATE FUNCTION money_flow(reference text, from_account text, to_account text, amount bigint)
RETURNS TABLE (flow text, agreement_id text, moved numeric) LANGUAGE sql IMMUTABLE AS $flow$
  SELECT f.flow, split_part(f.account, ':', 3), f.sign * amount
  FROM (SELECT
    CASE
      WHEN from_account = 'bookings:total' AND to_account LIKE 'bookings:open:%' THEN 'booked'
      WHEN from_account LIKE 'clearing:%' AND to_account LIKE 'receivable:invoiced:%' THEN 'invoiced'
      WHEN from_account LIKE 'receivable:invoiced:%' AND to_account LIKE 'receivable:collected:%' THEN 'collected'
      WHEN from_account LIKE 'receivable:collected:%' AND to_account LIKE 'asset:transit:%' THEN 'disbursed'
    END, CASE WHEN to_account LIKE 'asset:transit:%' THEN from_account ELSE to_account END, 1
    UNION ALL SELECT
    CASE
      WHEN to_account = 'bookings:total' AND from_account LIKE 'bookings:open:%' THEN 'booked'
      WHEN to_account LIKE 'clearing:%' AND from_account LIKE 'receivable:invoiced:%' THEN 'invoiced'
      WHEN to_account LIKE 'receivable:invoiced:%' AND from_account LIKE 'receivable:collected:%' THEN 'collected'
      WHEN to_account LIKE 'receivable:collected:%' AND from_account LIKE 'asset:transit:%' THEN 'disbursed'
    END, CASE WHEN from_account LIKE 'asset:transit:%' THEN to_account ELSE from_account END, -1
  ) AS f (flow, account, sign)
  -- An instalment that falls due takes what was booked out of the open bookings again: that is no booking.
  WHERE f.flow IS NOT NULL AND (f.flow <> 'booked' OR reference LIKE 'offer_accepted:%')
$flow$;

-- What was rolled up before there were months.
INSERT INTO month_flow (organisation_id, month, flow, cloud, asset, amount)
SELECT p.organisation_id, left(p.book_date, 7), f.flow, a.cloud, p.asset, sum(f.moved)
FROM posting p
JOIN entry e ON e.organisation_id = p.organisation_id AND e.id = p.entry_id
CROSS JOIN LATERAL money_flow(coalesce(e.reverses, e.reference), p.from_account, p.to_account, p.amount) f
JOIN agreement a ON a.organisation_id = p.organisation_id AND a.id = f.agreement_id
WHERE NOT EXISTS (SELECT 1 FROM unrolled_entry u WHERE u.organisation_id = p.organisation_id AND u.entry_id = p.entry_id)
GROUP BY 1, 2, 3, 4, 5;
