-- DropIndex
DROP INDEX "partner_agreement_organisation_id_reseller_organisation_id_key";

-- CreateIndex
CREATE INDEX "partner_agreement_organisation_id_reseller_organisation_id_idx" ON "partner_agreement"("organisation_id", "reseller_organisation_id");
